import { IalsFit } from '../ials/fit.ts';
import { ialsHyperparameters } from '../ials/hyperparameters.ts';
import { repeat, resultOf, timed } from './measure.ts';
import type { BenchRequest, BenchResult } from './types.ts';
import { ialsIterationWork, shapeOf } from './work.ts';

const SEED = 1;

/** An iteration of implicit ALS as the app trains: both sides solved (or improved, see `cgSteps`), and the loss. */
export async function benchAls(request: BenchRequest): Promise<BenchResult> {
  const { device, data, factors, cgSteps, signal } = request;
  const hyperparameters = ialsHyperparameters(data.strengths, { factors, cgSteps });
  const fit = IalsFit.start(device.backend, data.strengths, hyperparameters, SEED);
  let deviceBytes = 0;
  try {
    const times = await repeat(request, async () => {
      const milliseconds = await timed(() => fit.iterate(signal));
      deviceBytes = Math.max(deviceBytes, device.backend.deviceBytes);
      return milliseconds;
    });
    const shape = shapeOf(data.strengths);
    return resultOf(request, {
      suite: 'als',
      // a GPU solves exactly, whatever it is asked for
      solver: cgSteps === 0 || device.gpu !== null ? 'exact' : 'cg',
      ...shape,
      times,
      work: ialsIterationWork(shape, factors),
      usersPerRun: null,
      deviceBytes,
    });
  } finally {
    fit.dispose();
  }
}
