import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SampledIals } from '../../../../../src/lib/model/gradient/sampled/sampled-ials.ts';
import type { GpuContext } from '../../../../../src/lib/model/gpu/context.ts';
import { Random } from '../../../../../src/lib/model/matrix/random.ts';
import { hasGpu, openTestGpu } from '../../support/gpu.ts';
import { sparseOf } from '../../support/random-matrices.ts';

const FACTORS = 4;
const ALPHA0 = 0.1;
const LAMBDA = 0.01;
const random = new Random(1);
/** Users and items of two kinds. */
const dense = Array.from({ length: 60 }, (_, user) =>
  Array.from({ length: 40 }, (__, item) => (user % 2 === item % 2 && random.uniform() < 0.4 ? 1 : 0)),
);
const strengths = sparseOf(dense);

const options = {
  factors: FACTORS,
  alpha: 1,
  unobservedWeight: ALPHA0,
  regularization: LAMBDA,
  initialScale: 0.1,
  learningRate: 0.02,
  batchSize: 256,
  drawn: 3,
  seed: 1,
};

/** iALS's objective with ν = 1, by its definition. */
function objective(users: Float32Array, items: Float32Array): number {
  let sum = 0;
  dense.forEach((row, user) =>
    row.forEach((observed, item) => {
      let x = 0;
      let norms = 0;
      for (let f = 0; f < FACTORS; f++) {
        const [u, i] = [users[user * FACTORS + f]!, items[item * FACTORS + f]!];
        x += u * i;
        norms += u * u + i * i;
      }
      if (observed === 1) sum += (1 - x) ** 2 + LAMBDA * norms;
      sum += ALPHA0 * (x * x + LAMBDA * norms);
    }),
  );
  return sum;
}

describe.skipIf(!hasGpu)('SampledIals', () => {
  let gpu: GpuContext;
  beforeEach(async () => {
    gpu = await openTestGpu();
  });
  afterEach(() => gpu.destroy());

  it.each(['ops', 'sparse'] as const)(
    'lowers the objective of iALS and finds both tastes, by %s',
    async (path) => {
      const run = await SampledIals.open(gpu, strengths, path, options);
      const before = await run.factors();
      for (let epoch = 0; epoch < 15; epoch++) await run.iterate();
      const { userFactors, itemFactors } = await run.factors();
      run.dispose();
      expect(objective(userFactors, itemFactors)).toBeLessThan(
        0.8 * objective(before.userFactors, before.itemFactors),
      );
      let right = 0;
      dense.forEach((row, user) => {
        const scores = row.map((_, item) => {
          let x = 0;
          for (let f = 0; f < FACTORS; f++)
            x += userFactors[user * FACTORS + f]! * itemFactors[item * FACTORS + f]!;
          return x;
        });
        if (scores.indexOf(Math.max(...scores)) % 2 === user % 2) right++;
      });
      expect(right).toBeGreaterThan(55);
    },
  );
});
