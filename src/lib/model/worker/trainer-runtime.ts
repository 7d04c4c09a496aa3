import { AppError } from '../../errors.ts';
import { serve, Transferred, type Endpoint } from '../../rpc/index.ts';
import { comparePaired } from '../evaluate/statistics.ts';
import { DevicePolicy, type Devices } from '../train/devices.ts';
import { train } from '../train/train.ts';
import type { TrainerService } from './trainer-protocol.ts';

/** Answers training requests on an endpoint, a worker's own scope or any message port, until told to stop. */
export function serveTrainer(endpoint: Endpoint, devices: Devices): () => void {
  const policy = new DevicePolicy(devices);
  let busy = false;
  /** Two at once would share the device and the memory, and time each other. */
  const alone = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (busy) {
      throw new AppError('input-invalid', 'A training run is on already.', {
        remedy: 'Wait for it or cancel it.',
      });
    }
    busy = true;
    try {
      return await work();
    } finally {
      busy = false;
    }
  };
  return serve<TrainerService>(endpoint, {
    probe: () => devices.probe(),
    train: (request, { signal, progress }) =>
      alone(async () => {
        const result = await train(request, { devices: policy, signal, onProgress: progress });
        return new Transferred(result, [result.snapshot.itemFactors.buffer]);
      }),
    bench: (order, { signal, progress }) =>
      alone(async () => {
        // Few visitors ever measure: its code comes when somebody does.
        const { benchOrder } = await import('../bench/order.ts');
        return benchOrder(order, { signal, onProgress: progress });
      }),
    experiment: (request, { signal, progress }) =>
      alone(async () => {
        const { answerExperiment } = await import('../experiment/run.ts');
        return answerExperiment(request, { devices: policy, signal, onProgress: progress });
      }),
    compare: ({ first, second, seed }) => comparePaired(first, second, seed),
  });
}
