/** The WebAssembly steps against the plain loops, from the same random state on the same random draws. */
import { describe, expect, it } from 'vitest';
import { CpuPairwiseEngine } from '../../../../src/lib/model/backends/cpu/pairwise.ts';
import { kernelModule } from '../../../../src/lib/model/backends/cpu/kernel-module.ts';
import { startKernels } from '../../../../src/lib/model/backends/cpu/kernels.ts';
import { openPairwiseEngine } from '../../../../src/lib/model/backends/open-pairwise.ts';
import type { PairwiseSide, PairwiseState } from '../../../../src/lib/model/backends/pairwise.ts';
import { PlainPairwiseEngine } from '../../../../src/lib/model/backends/plain/pairwise.ts';
import { Random } from '../../../../src/lib/model/matrix/random.ts';
import { randomFactors, randomSparse, relativeError } from '../support/random-matrices.ts';

function randomSide(rows: number, factors: number, seed: number): PairwiseSide {
  const values = randomFactors(rows, factors, seed);
  for (let row = 0; row < rows; row++) {
    const own = values.subarray(row * factors, (row + 1) * factors);
    const length = Math.hypot(...own);
    own.forEach((value, p) => (own[p] = value / length));
  }
  return {
    factors: values,
    firstMoment: randomFactors(rows, factors, seed + 1).map((value) => value / 10),
    secondMoment: randomFactors(rows, 1, seed + 2).map((value) => value * value),
    steps: Int32Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? 20_000 : row % 7)),
  };
}

const CASES = [
  { users: 9, items: 30, factors: 1, lengths: 5, batch: 4, pool: 7 },
  { users: 70, items: 200, factors: 13, lengths: 20, batch: 67, pool: 150 },
  { users: 130, items: 700, factors: 64, lengths: 40, batch: 130, pool: 700 },
  { users: 40, items: 1_200, factors: 32, lengths: 9, batch: 33, pool: 1_031 },
];

describe.each(CASES)('$users users, $items items, $factors factors', (size) => {
  const seed = Date.now() % 100_000;
  const random = new Random(seed);
  const positives = randomSparse(
    Array.from({ length: size.users }, () => random.below(size.lengths)), // 0 too: users without items
    size.items,
    seed,
  );
  const state: PairwiseState = {
    users: randomSide(size.users, size.factors, seed + 10),
    items: randomSide(size.items, size.factors, seed + 20),
  };
  const drawUsers = (): Int32Array =>
    Int32Array.from(
      random.shuffle(Array.from({ length: size.users }, (_, user) => user)).slice(0, size.batch),
    );

  async function engines() {
    const kernels = await startKernels(await kernelModule());
    return {
      wasm: new CpuPairwiseEngine(kernels, positives, size.factors, state),
      plain: new PlainPairwiseEngine(positives, size.factors, state),
    };
  }

  function expectSame(wasm: PairwiseState, plain: PairwiseState): void {
    for (const side of ['users', 'items'] as const) {
      for (const part of ['factors', 'firstMoment', 'secondMoment'] as const) {
        expect(
          relativeError(wasm[side][part], plain[side][part]),
          `${side} ${part}, seed ${seed}`,
        ).toBeLessThan(2e-4);
      }
      expect(wasm[side].steps).toEqual(plain[side].steps);
    }
  }

  /** A margin near .05 as far from all cosines as can be: 32 and 64 bits must not take a pair for different sides. */
  function marginBetween({ users, items }: PairwiseState): number {
    const cosines: number[] = [];
    for (let user = 0; user < size.users; user++) {
      for (let item = 0; item < size.items; item++) {
        let cosine = 0;
        for (let p = 0; p < size.factors; p++) {
          cosine += users.factors[user * size.factors + p]! * items.factors[item * size.factors + p]!;
        }
        if (Math.abs(cosine - 0.05) < 0.02) cosines.push(cosine);
      }
    }
    cosines.sort((first, second) => first - second);
    let [margin, gap] = [0.05, 0];
    for (let at = 1; at < cosines.length; at++) {
      const width = cosines[at]! - cosines[at - 1]!;
      if (width > gap) [margin, gap] = [cosines[at - 1]! + width / 2, width];
    }
    return margin;
  }

  it('takes the same steps of CCL', async () => {
    const { wasm, plain } = await engines();
    for (let step = 0; step < 3; step++) {
      const pool = random.shuffle(Array.from({ length: size.items }, (_, item) => item)).slice(0, size.pool);
      const request = {
        users: drawUsers(),
        pool: Int32Array.from(pool),
        margin: marginBetween(plain.read()),
        negativeWeight: 3,
        userRate: 0.02,
        itemRate: 0.01,
      };
      const [mine, theirs] = [wasm.cclStep(request), plain.cclStep(request)];
      expect(Math.abs(mine - theirs) / Math.max(1, Math.abs(theirs))).toBeLessThan(1e-4);
    }
    expectSame(wasm.read(), plain.read());
  });

  it.each([1, 3])('takes the same steps of BPR with %i candidates', async (candidates) => {
    const { wasm, plain } = await engines();
    for (let step = 0; step < 3; step++) {
      const users = drawUsers();
      const pairs = users.reduce(
        (sum, user) => sum + positives.indptr[user + 1]! - positives.indptr[user]!,
        0,
      );
      const request = {
        users,
        negatives: Int32Array.from({ length: pairs * candidates }, () => random.below(size.items)),
        candidates,
        regularization: 0.01,
        userRate: 0.02,
        itemRate: 0.01,
      };
      const [mine, theirs] = [wasm.bprStep(request), plain.bprStep(request)];
      expect(Math.abs(mine - theirs) / Math.max(1, Math.abs(theirs))).toBeLessThan(1e-4);
    }
    expectSame(wasm.read(), plain.read());
  });
});

it('is in WebAssembly where there is SIMD', async () => {
  const positives = randomSparse([2, 1], 5, 1);
  const state = { users: randomSide(2, 4, 1), items: randomSide(5, 4, 2) };
  expect(await openPairwiseEngine(positives, 4, state)).toBeInstanceOf(CpuPairwiseEngine);
});
