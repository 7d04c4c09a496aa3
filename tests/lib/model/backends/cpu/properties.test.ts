/** The CPU engine against the 64-bit reference, on matrices that are hard for it. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../../../../src/lib/model/backends/backend.ts';
import { CpuBackend } from '../../../../../src/lib/model/backends/cpu.ts';
import { PlainBackend } from '../../../../../src/lib/model/backends/plain.ts';
import { allPairsNorm } from '../../../../../src/lib/model/ials/objective.ts';
import { gramReference } from '../../../../../src/lib/model/kernels/gram/gram.reference.ts';
import { rowSolveReference } from '../../../../../src/lib/model/kernels/row-solve/row-solve.reference.ts';
import { transpose, type CsrMatrix } from '../../../../../src/lib/model/matrix/csr.ts';
import { randomFactors, randomSparse, relativeError } from '../../support/random-matrices.ts';

const TOLERANCE = 1e-4;

type Numbers = Float32Array | Float64Array;

const plain = new PlainBackend();
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
  readonly cgSteps?: number;
  /** What X was before; default: 7 everywhere. */
  readonly start?: Float32Array<ArrayBuffer>;
}

async function solve(backend: Backend, input: Case) {
  const { observed, fixed, k, ridge, unobservedWeight, cgSteps = 0 } = input;
  const start = input.start ?? new Float32Array(observed.rows * k).fill(7);
  const held = {
    observed: backend.uploadSparse(observed),
    fixed: backend.upload(observed.columns, k, fixed),
    ridge: backend.upload(observed.rows, 1, ridge),
    solved: backend.upload(observed.rows, k, start),
  };
  const gramMatrix = await backend.gram(held.fixed);
  try {
    const objective = await backend.solveRows({ ...held, gram: gramMatrix, unobservedWeight, cgSteps });
    return { objective, solved: await backend.read(held.solved), gram: await backend.read(gramMatrix) };
  } finally {
    for (const matrix of [...Object.values(held), gramMatrix]) matrix.release();
  }
}

/** What a row minimizes, by its definition: Σ |d| (p − xᵀy)² + xᵀ(α0 G + ridge I)x, in 64 bits. */
function objectiveOf(
  { observed, fixed, k, ridge, unobservedWeight }: Case,
  gram: Float32Array,
  row: number,
  x: Numbers,
) {
  const y = (column: number) => fixed.subarray(column * k, (column + 1) * k);
  const inner = (a: Numbers, b: Numbers) => Array.from(a).reduce((sum, value, at) => sum + value * b[at]!, 0);
  let objective = ridge[row]! * inner(x, x);
  for (let p = 0; p < k; p++)
    objective += unobservedWeight * x[p]! * inner(x, gram.subarray(p * k, (p + 1) * k));
  for (let at = observed.indptr[row]!; at < observed.indptr[row + 1]!; at++) {
    const d = observed.data[at]!;
    objective += Math.abs(d) * (Number(d > 0) - inner(x, y(observed.indices[at]!))) ** 2;
  }
  return objective;
}

/** The largest relative error of a row, over all engines of the CPU. */
async function worstError(input: Case): Promise<number> {
  let worst = 0;
  for (const backend of [plain, alone, together]) {
    const { solved, gram } = await solve(backend, input);
    for (let row = 0; row < input.observed.rows; row++) {
      const expected = rowSolveReference({ ...input, gram }, row);
      const actual = solved.subarray(row * input.k, (row + 1) * input.k);
      worst = Math.max(worst, relativeError(actual, expected));
    }
  }
  return worst;
}

/** Three steps from 0 bring no row's objective above where it was, nor below its minimum. */
async function expectDescent(input: Case): Promise<void> {
  const { observed, k } = input;
  const start = new Float32Array(observed.rows * k);
  for (const backend of [alone, together]) {
    const { solved, gram } = await solve(backend, { ...input, start, cgSteps: 3 });
    for (let row = 0; row < observed.rows; row++) {
      const x = solved.subarray(row * k, (row + 1) * k);
      const reached = objectiveOf(input, gram, row, x);
      const before = objectiveOf(input, gram, row, new Float32Array(k));
      const least = objectiveOf(input, gram, row, rowSolveReference({ ...input, gram }, row));
      expect(reached).toBeLessThanOrEqual(before);
      expect(reached).toBeGreaterThanOrEqual(least - 1e-5 * before);
    }
  }
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

describe('steps of conjugate gradients', () => {
  const lengths = [0, 1, 3, 9, 20, 40, 80, 200, 0, 130];
  const k = 24;
  const input: Case = {
    observed: randomSparse(lengths, 200, 31),
    fixed: randomFactors(200, k, 32),
    k,
    ridge: Float32Array.from(lengths, (length) => 0.02 * (1 + length)),
    unobservedWeight: 0.1,
    start: randomFactors(lengths.length, k, 33),
  };
  const rowsOf = (solved: Float32Array) => lengths.map((_, row) => solved.subarray(row * k, (row + 1) * k));

  it.each(['alone', 'together'])(
    'lower the objective of every row towards its minimum (%s)',
    async (which) => {
      const backend = which === 'alone' ? alone : together;
      let before = rowsOf(input.start!);
      for (const cgSteps of [1, 2, 4, 8]) {
        const { solved, gram, objective } = await solve(backend, { ...input, cgSteps });
        const after = rowsOf(solved);
        let total = 0;
        after.forEach((x, row) => {
          const reached = objectiveOf(input, gram, row, x);
          expect(reached).toBeLessThanOrEqual(objectiveOf(input, gram, row, before[row]!) * (1 + 1e-5));
          total += reached;
        });
        expect(Math.abs(objective! / total - 1)).toBeLessThan(1e-5);
        before = after;
      }
    },
  );

  it('come to the solution', async () => {
    expect(await worstError({ ...input, cgSteps: 2 * k })).toBeLessThan(TOLERANCE);
  });

  it('stay at the solution', async () => {
    const { solved } = await solve(alone, input);
    expect(await worstError({ ...input, start: solved, cgSteps: 1 })).toBeLessThan(TOLERANCE);
  });

  it.each([5, 64, 129])('are the same for %i factors on any number of threads', async (factors) => {
    const wide = { ...input, k: factors, fixed: randomFactors(200, factors, 34), cgSteps: 3 };
    const start = randomFactors(lengths.length, factors, 35);
    const [one, more] = [await solve(alone, { ...wide, start }), await solve(together, { ...wide, start })];
    expect(more.solved).toEqual(one.solved);
  });

  it('leave the same factors and Gram matrix on any number of threads where rows are shared', async () => {
    const many = Array.from({ length: 1_100 }, (_, row) => row % 13);
    const observed = randomSparse(many, 200, 41);
    const results = [];
    for (const backend of [alone, together]) {
      const held = {
        observed: backend.uploadSparse(observed),
        fixed: backend.upload(200, k, input.fixed),
        solved: backend.upload(many.length, k, randomFactors(many.length, k, 42)),
        ridge: backend.upload(many.length, 1, new Float32Array(many.length).fill(0.5)),
      };
      const gram = await backend.gram(held.fixed);
      const objective = await backend.solveRows({ ...held, gram, unobservedWeight: 0.1, cgSteps: 2 });
      const own = await backend.gram(held.solved);
      results.push({
        objective,
        gram: await backend.read(own),
        solved: await backend.read(held.solved),
      });
      for (const matrix of [...Object.values(held), gram, own]) matrix.release();
    }
    const [one, more] = results;
    expect(more!.solved).toEqual(one!.solved);
    expect(more!.gram).toEqual(one!.gram);
    // the Gram matrix that was summed on the way is that of the rows
    expect(relativeError(one!.gram, gramReference(one!.solved, many.length, k))).toBeLessThan(1e-5);
    expect(more!.objective! / one!.objective!).toBeCloseTo(1, 12);
  });

  it('lower the whole objective in a basis that is kept, which is the one that is reported', async () => {
    const [users, items] = [300, 200];
    const observed = randomSparse(
      Array.from({ length: users }, (_, row) => 3 + (row % 17)),
      items,
      51,
    );
    const x = {
      observed: alone.uploadSparse(observed),
      factors: alone.upload(users, k, new Float32Array(users * k)),
      ridge: alone.upload(users, 1, new Float32Array(users).fill(2)),
    };
    const y = {
      observed: alone.uploadSparse(transpose(observed)),
      factors: alone.upload(items, k, randomFactors(items, k, 52)),
      ridge: alone.upload(items, 1, new Float32Array(items).fill(2)),
    };
    let last = Infinity;
    for (let half = 0; half < 12; half++) {
      const [side, fixed] = half % 2 === 0 ? [x, y] : [y, x];
      const gram = await alone.gram(fixed.factors);
      const reached = await alone.solveRows({
        ...{ observed: side.observed, fixed: fixed.factors, gram, ridge: side.ridge, solved: side.factors },
        ...{ unobservedWeight: 0.05, cgSteps: 2 },
      });
      const total = reached! + (await alone.weightedNorm(fixed.factors, fixed.ridge));
      expect(total).toBeLessThanOrEqual(last * (1 + 1e-6));
      last = total;
      gram.release();
      if (half < 10) continue;
      const own = await alone.gram(side.factors);
      const other = await alone.gram(fixed.factors);
      const expected =
        (await alone.observedLoss(side.observed, side.factors, fixed.factors)) +
        0.05 * allPairsNorm(await alone.read(own), await alone.read(other)) +
        (await alone.weightedNorm(side.factors, side.ridge));
      expect(Math.abs(reached! / expected - 1)).toBeLessThan(1e-5);
      own.release();
      other.release();
    }
    for (const matrix of [...Object.values(x), ...Object.values(y)]) matrix.release();
  });

  it('start from factors that another half-iteration left', async () => {
    // X is solved against Y, then Y improved against X, then X again: each side stands in the other's basis
    const { observed, fixed, ridge } = input;
    const other = transpose(observed);
    const held = {
      x: alone.upload(lengths.length, k, input.start!),
      y: alone.upload(200, k, fixed),
      observed: alone.uploadSparse(observed),
      other: alone.uploadSparse(other),
      ridge: alone.upload(lengths.length, 1, ridge),
      otherRidge: alone.upload(200, 1, new Float32Array(200).fill(0.3)),
    };
    const improve = async (solvesX: boolean) => {
      const gram = await alone.gram(solvesX ? held.y : held.x);
      const system = solvesX
        ? { observed: held.observed, fixed: held.y, solved: held.x, ridge: held.ridge }
        : { observed: held.other, fixed: held.x, solved: held.y, ridge: held.otherRidge };
      await alone.solveRows({ ...system, gram, unobservedWeight: 0.1, cgSteps: 60 });
      gram.release();
    };
    await improve(true);
    await improve(false);
    const y = await alone.read(held.y);
    await improve(true);
    const x = await alone.read(held.x);
    expect(await alone.read(held.y)).toEqual(y);
    const gram = await alone.gram(held.y);
    const last = { ...input, fixed: y, gram: await alone.read(gram) };
    lengths.forEach((_, row) => {
      expect(relativeError(rowsOf(x)[row]!, rowSolveReference(last, row))).toBeLessThan(TOLERANCE);
    });
    for (const matrix of [...Object.values(held), gram]) matrix.release();
  });

  it('find the objective of exact solutions as a by-product', async () => {
    for (const backend of [alone, together]) {
      const { solved, gram, objective } = await solve(backend, input);
      const total = rowsOf(solved).reduce((sum, x, row) => sum + objectiveOf(input, gram, row, x), 0);
      expect(Math.abs(objective! / total - 1)).toBeLessThan(1e-5);
    }
  });

  it.each([-1, 0.5])('refuse a count of %d', async (cgSteps) => {
    await expect(solve(alone, { ...input, cgSteps })).rejects.toMatchObject({ code: 'input-invalid' });
  });
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

  it.each([
    ['one is dense', base([0, 100, 1, 0])],
    ['lengths stand around the number of factors', base([22, 23, 24, 25, 26, 15, 16, 17])],
    ['there are fewer rows than threads', base([3])],
    ['all are empty', base([0, 0, 0, 0])],
  ])('are solved where %s', async (_, input) => {
    expect(await worstError(input)).toBeLessThan(TOLERANCE);
    await expectDescent(input);
  });

  it('count entries of weight zero for nothing', async () => {
    const input = base([10, 60, 100]);
    const observed = withData(input.observed, (entry) => (entry % 2 === 0 ? 0 : 1));
    expect(await worstError({ ...input, observed })).toBeLessThan(TOLERANCE);
    await expectDescent({ ...input, observed });
    const nothing = withData(input.observed, () => 0);
    const { solved } = await solve(alone, { ...input, observed: nothing });
    expect(solved.every((value) => value === 0)).toBe(true);
  });

  it.each([1e3, 1e6])('are solved where an entry has a confidence of %i', async (confidence) => {
    const input = base([5, 12, 60, 100]);
    const observed = withData(input.observed, (entry) => (entry % 7 === 0 ? confidence : 1));
    expect(await worstError({ ...input, observed })).toBeLessThan(TOLERANCE);
    await expectDescent({ ...input, observed });
  });

  it('are solved where one direction of the factors is a million times the others', async () => {
    const input = base([5, 12, 60, 100]);
    const fixed = input.fixed.map((value, at) => (at % k === 0 ? 1_000 + value : value));
    const ridge = new Float32Array(4).fill(1e-3);
    expect(await worstError({ ...input, fixed, ridge })).toBeLessThan(TOLERANCE);
    await expectDescent({ ...input, fixed, ridge });
  });

  it('without regularization are solved where they have rank, and named where they have none', async () => {
    const input = { ...base([100, 60]), unobservedWeight: 0, ridge: new Float32Array(2) };
    expect(await worstError(input)).toBeLessThan(TOLERANCE);
    // two entries that are the same item's: integers, so that a pivot is exactly 0
    const observed = { ...randomSparse([2], 2, 1), data: Float32Array.of(1, 1) };
    const singular = { ...input, observed, ridge: new Float32Array(1) };
    const fixedOnes = new Float32Array(2 * k).fill(1);
    for (const backend of [plain, alone, together]) {
      for (const cgSteps of [0, 3]) {
        await expect(solve(backend, { ...singular, fixed: fixedOnes, cgSteps })).rejects.toMatchObject({
          code: 'matrix-not-positive-definite',
          values: { row: 0 },
          remedy: 'Raise the regularization.',
        });
      }
    }
  });

  it('are refused where a row names a column twice', () => {
    const twice = { rows: 1, columns: 3, indptr: Int32Array.of(0, 2), indices: Int32Array.of(1, 1) };
    for (const backend of [plain, alone, together]) {
      expect(() => backend.uploadSparse({ ...twice, data: Float32Array.of(1, 1) })).toThrow(
        expect.objectContaining({ code: 'input-invalid' }),
      );
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

  it('is improved by steps in pieces', async () => {
    const row = { ...input(), cgSteps: 12, start: new Float32Array(k) };
    const { solved, gram } = await solve(alone, row);
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
