import { AppError } from '../../errors.ts';
import { serve, Transferred, type Endpoint } from '../../rpc/index.ts';
import { DevicePolicy, type Devices } from '../train/devices.ts';
import { train } from '../train/train.ts';
import type { TrainerService } from './trainer-protocol.ts';

/** Answers training requests on an endpoint, a worker's own scope or any message port, until told to stop. */
export function serveTrainer(endpoint: Endpoint, devices: Devices): () => void {
  const policy = new DevicePolicy(devices);
  let busy = false;
  return serve<TrainerService>(endpoint, {
    probe: () => devices.probe(),
    train: async (request, { signal, progress }) => {
      if (busy) {
        throw new AppError('input-invalid', 'A training run is on already.', {
          remedy: 'Wait for it or cancel it.',
        });
      }
      busy = true;
      try {
        const result = await train(request, { devices: policy, signal, onProgress: progress });
        return new Transferred(result, [result.snapshot.itemFactors.buffer]);
      } finally {
        busy = false;
      }
    },
  });
}
