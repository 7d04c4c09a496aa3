import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../../../src/lib/model/gpu/context.ts';
import { Random } from '../../../../src/lib/model/matrix/random.ts';
import { hasGpu, openTestGpu } from './gpu.ts';

/** Agreement of a kernel with its reference: ‖difference‖ / ‖reference‖. */
export const KERNEL_TOLERANCE = 1e-4;

const ROUNDS = 8;
const MAX_FACTORS = 300;

/** A size drawn at random. */
export interface Draw {
  /** 1 to 300, every round another. */
  readonly factors: number;
  readonly random: Random;
  readonly seed: number;
}

/**
 * Runs `check` on random shapes (seeded, so that a failure repeats), the first and the last at the ends of
 * 1–300 factors; then looks for buffers that were left behind.
 */
export function describeKernel(
  name: string,
  check: (context: GpuContext, draw: Draw) => Promise<void>,
): void {
  describe.skipIf(!hasGpu)(name, () => {
    let context: GpuContext;
    beforeAll(async () => {
      context = await openTestGpu();
    });
    afterAll(() => context.destroy());

    const draws = Array.from({ length: ROUNDS }, (_, seed) => {
      const random = new Random(seed + 1);
      const ends = [1, MAX_FACTORS][[0, ROUNDS - 1].indexOf(seed)];
      return { factors: ends ?? 1 + random.below(MAX_FACTORS), random, seed };
    });
    it.each(draws)('agrees with its reference at $factors factors (seed $seed)', async (draw) => {
      await check(context, draw);
      expect(context.bytes).toBe(0);
    });
  });
}
