import { logisticHyperparameters } from '../gradient/hyperparameters.ts';
import { LogisticRun } from '../train/logistic-run.ts';
import { repeat, resultOf, timed } from './measure.ts';
import type { BenchRequest, BenchResult } from './types.ts';
import { logisticEpochWork, shapeOf } from './work.ts';

const SEED = 1;

/**
 * An epoch of the logistic factorization as the app trains it: through tfjs on a GPU's device, else by the CPU
 * engine. Its work grows with users × items: for data of a shop's size.
 */
export async function benchGradient(request: BenchRequest): Promise<BenchResult> {
  const { device, data, factors, signal } = request;
  const hyperparameters = logisticHyperparameters(data.strengths, { factors });
  const run = await LogisticRun.open(device, data.strengths, hyperparameters, SEED, null);
  const never = new AbortController().signal;
  try {
    const times = await repeat(request, () => timed(() => run.iterate(signal ?? never)));
    const shape = shapeOf(data.strengths);
    return resultOf(request, {
      suite: 'gradient',
      solver: device.gpu === null ? 'adam' : 'adam-tfjs',
      ...shape,
      times,
      work: logisticEpochWork(shape, factors),
      usersPerRun: null,
      deviceBytes: run.deviceBytes,
    });
  } finally {
    run.dispose();
  }
}
