/** The CPU engine against the 64-bit reference, on matrices that are hard for it. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CpuBackend } from '../../../../../src/lib/model/backends/cpu.ts';
import { rowSolveReference } from '../../../../../src/lib/model/kernels/row-solve/row-solve.reference.ts';
import type { CsrMatrix } from '../../../../../src/lib/model/matrix/csr.ts';
import { randomFactors, randomSparse, relativeError } from '../../support/random-matrices.ts';

const TOLERANCE = 1e-4;

let alone: CpuBackend;
let together: CpuBackend;
beforeAll(async () => {
  alone = await CpuBackend.open({ threads: 1 });
  together = await CpuBackend.open({ threads: 3, shareFrom: 0 });
});
afterAll(() => {
  alone.dispose();
  together.dispose();
});

interface Case {
  readonly observed: CsrMatrix;
  readonly fixed: Float32Array<ArrayBuffer>;
  readonly k: number;
  readonly ridge: Float32Array<ArrayBuffer>;
  readonly unobservedWeight: number;
}

async function solve(backend: CpuBackend, { observed, fixed, k, ridge, unobservedWeight }: Case) {
  const held = {
    observed: backend.uploadSparse(observed),
    fixed: backend.upload(observed.columns, k, fixed),
    ridge: backend.upload(observed.rows, 1, ridge),
    solved: backend.upload(observed.rows, k, new Float32Array(observed.rows * k).fill(7)),
  };
  const gramMatrix = await backend.gram(held.fixed);
  try {
    await backend.solveRows({ ...held, gram: gramMatrix, unobservedWeight });
    return { solved: await backend.read(held.solved), gram: await backend.read(gramMatrix) };
  } finally {
    for (const matrix of [...Object.values(held), gramMatrix]) matrix.release();
  }
}

/** The largest relative error of a row, over both engines. */
async function worstError(input: Case): Promise<number> {
  let worst = 0;
  for (const backend of [alone, together]) {
    const { solved, gram } = await solve(backend, input);
    for (let row = 0; row < input.observed.rows; row++) {
      const expected = rowSolveReference({ ...input, gram }, row);
      const actual = solved.subarray(row * input.k, (row + 1) * input.k);
      worst = Math.max(worst, relativeError(actual, expected));
    }
  }
  return worst;
}

const withData = (matrix: CsrMatrix, value: (entry: number) => number): CsrMatrix => ({
  ...matrix,
  data: Float32Array.from(matrix.data, (_, entry) => value(entry)),
});

describe('rows of any matrix', () => {
  const cases = fc.record({
    k: fc.integer({ min: 1, max: 40 }),
    columns: fc.integer({ min: 1, max: 60 }),
    shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 0, maxLength: 12 }),
    seed: fc.integer({ min: 1, max: 1_000_000 }),
    unobservedWeight: fc.constantFrom(0, 0.001, 0.1, 1),
    ridge: fc.constantFrom(0.001, 0.1, 10),
    scale: fc.constantFrom(0.01, 1, 100),
  });

  it('are solved as the reference does', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ k, columns, shares, seed, unobservedWeight, ridge, scale }) => {
        const lengths = shares.map((share) => Math.round(share * columns));
        const sparse = randomSparse(lengths, columns, seed);
        const observed = withData(sparse, (entry) => scale * sparse.data[entry]!);
        const input = {
          observed,
          fixed: randomFactors(columns, k, seed),
          k,
          ridge: new Float32Array(lengths.length).fill(ridge),
          unobservedWeight,
        };
        return (await worstError(input)) < TOLERANCE;
      }),
      { numRuns: 150 },
    );
  }, 120_000);
});

describe('hard rows', () => {
  const k = 24;
  const base = (lengths: readonly number[], columns = 100): Case => ({
    observed: randomSparse(lengths, columns, 5),
    fixed: randomFactors(columns, k, 6),
    k,
    ridge: new Float32Array(lengths.length).fill(0.1),
    unobservedWeight: 0.1,
  });

  it('are solved where all are empty', async () => {
    const { solved } = await solve(together, base([0, 0, 0, 0]));
    expect(solved.every((value) => value === 0)).toBe(true);
  });

  it.each([
    ['one is dense', base([0, 100, 1, 0])],
    ['lengths stand around the number of factors', base([22, 23, 24, 25, 26, 15, 16, 17])],
    ['there are fewer rows than threads', base([3])],
  ])('are solved where %s', async (_, input) => {
    expect(await worstError(input)).toBeLessThan(TOLERANCE);
  });

  it('count entries of weight zero for nothing', async () => {
    const input = base([10, 60, 100]);
    const observed = withData(input.observed, (entry) => (entry % 2 === 0 ? 0 : 1));
    expect(await worstError({ ...input, observed })).toBeLessThan(TOLERANCE);
    const nothing = withData(input.observed, () => 0);
    const { solved } = await solve(alone, { ...input, observed: nothing });
    expect(solved.every((value) => value === 0)).toBe(true);
  });

  it.each([1e3, 1e6])('are solved where an entry has a confidence of %i', async (confidence) => {
    const input = base([5, 12, 60, 100]);
    const observed = withData(input.observed, (entry) => (entry % 7 === 0 ? confidence : 1));
    expect(await worstError({ ...input, observed })).toBeLessThan(TOLERANCE);
  });

  it('are solved where one direction of the factors is a million times the others', async () => {
    const input = base([5, 12, 60, 100]);
    const fixed = input.fixed.map((value, at) => (at % k === 0 ? 1_000 + value : value));
    const ridge = new Float32Array(4).fill(1e-3);
    expect(await worstError({ ...input, fixed, ridge })).toBeLessThan(TOLERANCE);
  });

  it('without regularization are solved where they have rank, and named where they have none', async () => {
    const input = { ...base([100, 60]), unobservedWeight: 0, ridge: new Float32Array(2) };
    expect(await worstError(input)).toBeLessThan(TOLERANCE);
    // two entries that are the same item's: integers, so that a pivot is exactly 0
    const observed = { ...randomSparse([2], 2, 1), data: Float32Array.of(1, 1) };
    const singular = { ...input, observed, ridge: new Float32Array(1) };
    for (const backend of [alone, together]) {
      await expect(
        solve(backend, { ...singular, fixed: new Float32Array(2 * k).fill(1) }),
      ).rejects.toMatchObject({ code: 'matrix-not-positive-definite', values: { row: 0 } });
    }
  });
});

describe('a row of 1,000,000 entries', () => {
  const entries = 1_000_000;
  const k = 32;
  const input = (): Case => {
    const indptr = Int32Array.of(0, entries);
    const indices = Int32Array.from({ length: entries }, (_, index) => index);
    const observed = { rows: 1, columns: entries, indptr, indices, data: new Float32Array(entries).fill(1) };
    const fixed = randomFactors(entries, k, 9);
    return { observed, fixed, k, ridge: Float32Array.of(1), unobservedWeight: 0.1 };
  };

  it('lets messages in between short slices', async () => {
    const row = input();
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const { solved, gram } = await solve(alone, row);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(1);
    expect(relativeError(solved, rowSolveReference({ ...row, gram }, 0))).toBeLessThan(TOLERANCE);
  }, 120_000);

  it('stops in the middle when cancelled', async () => {
    const { observed, fixed, ridge, unobservedWeight } = input();
    const held = {
      observed: alone.uploadSparse(observed),
      fixed: alone.upload(entries, k, fixed),
      ridge: alone.upload(1, 1, ridge),
      solved: alone.upload(1, k, new Float32Array(k)),
    };
    const gram = await alone.gram(held.fixed);
    const before = alone.deviceBytes;
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 5);
    await expect(
      alone.solveRows({ ...held, gram, unobservedWeight }, controller.signal),
    ).rejects.toMatchObject({ code: 'cancelled' });
    expect(alone.deviceBytes).toBe(before);
    for (const matrix of [...Object.values(held), gram]) matrix.release();
  }, 120_000);
});
