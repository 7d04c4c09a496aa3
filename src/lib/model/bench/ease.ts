import { Ease } from '../ease/fit.ts';
import { repeat, resultOf, timed } from './measure.ts';
import type { BenchRequest, BenchResult } from './types.ts';
import { easeWork, shapeOf } from './work.ts';

/** Usual for 0/1 interactions; the time does not depend on it. */
const REGULARIZATION = 300;
/** Between two looks at the memory. */
const LOOK_MS = 5;

/** A whole fit of EASE: Gram matrix of the items, its inverse, the weights read back. It has no factors. */
export async function benchEase(request: BenchRequest): Promise<BenchResult> {
  const { device, data, signal } = request;
  let deviceBytes = 0;
  // Looked at while it runs: afterwards everything is released.
  const look = (): void => void (deviceBytes = Math.max(deviceBytes, device.backend.deviceBytes));
  const looking = setInterval(look, LOOK_MS);
  let times: readonly number[];
  try {
    times = await repeat(request, () => {
      const options = { regularization: REGULARIZATION };
      const fitting = timed(() => Ease.fit(device.backend, data.strengths, options, signal));
      look();
      return fitting;
    });
  } finally {
    clearInterval(looking);
  }
  const shape = shapeOf(data.strengths);
  return resultOf(
    { ...request, factors: shape.items },
    {
      suite: 'ease',
      solver: 'gauss-jordan',
      ...shape,
      times,
      work: easeWork(data.strengths),
      usersPerRun: null,
      deviceBytes,
    },
  );
}
