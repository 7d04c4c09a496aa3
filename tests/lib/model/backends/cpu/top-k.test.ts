/** The pruned ranking against the full one: the same items in the same order, also where scores are equal. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CpuBackend } from '../../../../../src/lib/model/backends/cpu.ts';
import { Random } from '../../../../../src/lib/model/matrix/random.ts';
import { randomSparse } from '../../support/random-matrices.ts';

let backend: CpuBackend;
beforeAll(async () => {
  backend = await CpuBackend.open({ threads: 2, shareFrom: 0 });
});
afterAll(() => backend.dispose());

/** Small whole numbers, which 32 bits multiply and add exactly, of falling size by row: many scores are equal. */
function wholeFactors(rows: number, factors: number, seed: number): Float32Array<ArrayBuffer> {
  const random = new Random(seed);
  return Float32Array.from({ length: rows * factors }, (_, at) => {
    const largest = Math.floor(at / factors) % 7;
    return random.below(2 * largest + 1) - largest;
  });
}

/** Whole numbers without a direction or a row that stands out: a head rules nothing out. */
function levelFactors(rows: number, factors: number, seed: number): Float32Array<ArrayBuffer> {
  const random = new Random(seed);
  return Float32Array.from({ length: rows * factors }, () => random.below(9) - 4);
}

describe('topK over many users', () => {
  it('finds exactly what sorting all scores finds', async () => {
    const sizes = fc.record({
      factors: fc.integer({ min: 1, max: 24 }),
      items: fc.integer({ min: 1, max: 2_500 }),
      k: fc.integer({ min: 1, max: 30 }),
      seed: fc.integer({ min: 1, max: 1_000_000 }),
      fill: fc.constantFrom(wholeFactors, levelFactors),
    });
    await fc.assert(
      fc.asyncProperty(sizes, async ({ factors, items, k, seed, fill }) => {
        // each thread's half is above two users a factor
        const users = 4 * factors + 10;
        const [x, y] = [fill(users, factors, seed), fill(items, factors, seed + 1)];
        const seen = randomSparse(
          Array.from({ length: users }, (_, user) => Math.min(items, user % 5)),
          items,
          seed,
        );
        const held = {
          users: backend.upload(users, factors, x),
          itemFactors: backend.upload(items, factors, y),
          seen: backend.uploadSparse(seen),
        };
        const top = await backend.topK({ ...held, k });
        for (const matrix of Object.values(held)) matrix.release();
        for (let user = 0; user < users; user++) {
          const hidden = new Set(seen.indices.subarray(seen.indptr[user], seen.indptr[user + 1]));
          const score = (item: number): number => {
            let sum = 0;
            for (let p = 0; p < factors; p++) sum += x[user * factors + p]! * y[item * factors + p]!;
            return sum;
          };
          const scores = Array.from({ length: items }, (_, item) => score(item));
          const expected = [...scores.keys()]
            .filter((item) => !hidden.has(item))
            .sort((first, second) => scores[second]! - scores[first]! || first - second)
            .slice(0, k);
          expect([...top.items.subarray(user * k, user * k + expected.length)]).toEqual(expected);
        }
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});
