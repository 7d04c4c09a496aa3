import { DevicePolicy } from './devices.ts';
import { ownDevices } from './own-devices.ts';
import { train } from './train.ts';
import type { TrainingProgress, TrainingResult, TrainRequest } from './types.ts';

export interface TrainInProcessOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TrainingProgress) => void;
}

/**
 * Trains on the calling thread: for the command line and for tests. Throws as `train` does; in Node, where there is
 * no WebGPU, `auto` takes the CPU engine.
 */
export function trainInProcess(
  request: TrainRequest,
  options: TrainInProcessOptions = {},
): Promise<TrainingResult> {
  return train(request, { ...options, devices: new DevicePolicy(ownDevices) });
}
