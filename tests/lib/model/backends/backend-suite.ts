import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../../../src/lib/model/backends/backend.ts';
import { ialsHyperparameters } from '../../../../src/lib/model/ials/hyperparameters.ts';
import { IalsFit } from '../../../../src/lib/model/ials/fit.ts';
import { gramReference } from '../../../../src/lib/model/kernels/gram/gram.reference.ts';
import { invertReference } from '../../../../src/lib/model/kernels/invert/invert.reference.ts';
import { observedLossReference } from '../../../../src/lib/model/kernels/observed-loss/observed-loss.reference.ts';
import { rowSolveReference } from '../../../../src/lib/model/kernels/row-solve/row-solve.reference.ts';
import { sparseGramReference } from '../../../../src/lib/model/kernels/sparse-gram/sparse-gram.reference.ts';
import { scoreReference, topKReference } from '../../../../src/lib/model/kernels/top-k/top-k.reference.ts';
import { weightedNormReference } from '../../../../src/lib/model/kernels/weighted-norm/weighted-norm.reference.ts';
import { transpose } from '../../../../src/lib/model/matrix/csr.ts';
import { randomFactors, randomSparse, relativeError, sparseOf } from '../support/random-matrices.ts';

/** Agreement with the plain references. */
const TOLERANCE = 1e-4;

/** What every backend must do; `open` is called once. Reported as skipped where the machine lacks the device. */
export function describeBackend(name: string, available: boolean, open: () => Promise<Backend>): void {
  describe.skipIf(!available)(name, () => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await open();
    });
    afterAll(() => backend.dispose());

    it.each([
      [3, 5],
      [17, 1],
      [64, 200],
      [0, 4],
    ])('reads back a %i × %i matrix as it was uploaded', async (rows, columns) => {
      const values = randomFactors(rows, columns, 1);
      const matrix = backend.upload(rows, columns, values);
      expect(await backend.read(matrix)).toEqual(values);
      matrix.release();
    });

    it('refuses to hand out values that are not finite', async () => {
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
        const matrix = backend.upload(1, 2, Float32Array.of(1, bad));
        await expect(backend.read(matrix)).rejects.toMatchObject({ code: 'training-diverged' });
        matrix.release();
      }
    });

    it.each([
      [1, 1],
      [5, 3],
      [1000, 33],
      [257, 64],
      [40, 300],
      [3, 512],
    ])('computes the Gram matrix of %i × %i factors', async (rows, k) => {
      const values = randomFactors(rows, k, 2);
      const factors = backend.upload(rows, k, values);
      const gram = await backend.gram(factors);
      expect(relativeError(await backend.read(gram), gramReference(values, rows, k))).toBeLessThan(TOLERANCE);
      factors.release();
      gram.release();
    });

    it.each([1, 5, 64, 130])('computes XᵀX + ridge·I of a sparse matrix of %i columns', async (columns) => {
      const matrix = randomSparse([0, columns, Math.ceil(columns / 3), 1], columns, 21);
      const held = [backend.uploadSparse(matrix), backend.uploadSparse(transpose(matrix))] as const;
      const gram = await backend.sparseGram(...held, 0.5);
      expect(relativeError(await backend.read(gram), sparseGramReference(matrix, 0.5))).toBeLessThan(
        TOLERANCE,
      );
      for (const matrix of [...held, gram]) matrix.release();
    });

    it.each([1, 3, 32, 33, 64, 130, 257])('inverts a matrix of order %i', async (order) => {
      const values = Float32Array.from(gramReference(randomFactors(order, order, 22), order, order));
      for (let row = 0; row < order; row++) values[row * (order + 1)]! += 0.2;
      const matrix = backend.upload(order, order, values);
      await backend.invert(matrix);
      expect(relativeError(await backend.read(matrix), invertReference(values, order))).toBeLessThan(
        TOLERANCE,
      );
      matrix.release();
    });

    it('names a matrix that has no inverse', async () => {
      const singular = backend.upload(2, 2, Float32Array.of(1, 1, 1, 1));
      await expect(backend.invert(singular)).rejects.toMatchObject({ code: 'matrix-not-positive-definite' });
      singular.release();
    });

    const solve = async (lengths: readonly number[], columns: number, k: number) => {
      const observed = randomSparse(lengths, columns, 3);
      const fixed = randomFactors(columns, k, 4);
      const ridge = Float32Array.from(lengths, (length) => 0.05 * (1 + length));
      const held = {
        observed: backend.uploadSparse(observed),
        fixed: backend.upload(columns, k, fixed),
        ridge: backend.upload(lengths.length, 1, ridge),
        // rows that have no entry must be overwritten too
        solved: backend.upload(lengths.length, k, new Float32Array(lengths.length * k).fill(7)),
      };
      const gram = await backend.gram(held.fixed);
      await backend.solveRows({ ...held, gram, unobservedWeight: 0.1 });
      const solved = await backend.read(held.solved);
      const input = { observed, fixed, gram: await backend.read(gram), unobservedWeight: 0.1, ridge, k };
      for (const matrix of [...Object.values(held), gram]) matrix.release();
      return { solved, row: (row: number) => rowSolveReference(input, row) };
    };

    it.each([1, 2, 3, 4, 5, 16, 31, 64, 65, 128, 129, 300])('solves rows of %i factors', async (k) => {
      const lengths = [0, 1, 7, 60, 0, 33];
      const { solved, row } = await solve(lengths, 90, k);
      lengths.forEach((length, index) => {
        const actual = solved.subarray(index * k, (index + 1) * k);
        if (length === 0) expect(actual.every((value) => value === 0)).toBe(true);
        expect(relativeError(actual, row(index))).toBeLessThan(TOLERANCE);
      });
    });

    it('solves a row of 50,000 entries', async () => {
      const { solved, row } = await solve([2, 50_000, 3], 50_000, 16);
      for (const index of [0, 1, 2]) {
        expect(relativeError(solved.subarray(index * 16, (index + 1) * 16), row(index))).toBeLessThan(
          TOLERANCE,
        );
      }
    });

    it('solves more than 65,535 rows', async () => {
      const checked = [0, 1, 30_000, 65_534, 65_535, 65_536, 65_999];
      const lengths = Array.from({ length: 66_000 }, (_, row) => (checked.includes(row) ? 1 + (row % 3) : 0));
      const { solved, row } = await solve(lengths, 20, 2);
      for (const index of checked) {
        expect(relativeError(solved.subarray(index * 2, (index + 1) * 2), row(index))).toBeLessThan(
          TOLERANCE,
        );
      }
      const others = solved.filter((_, position) => !checked.includes(position >> 1));
      expect(others.every((value) => value === 0)).toBe(true);
    });

    it('names a system without a unique solution', async () => {
      const held = {
        observed: backend.uploadSparse(sparseOf([[1, 0]])),
        fixed: backend.upload(2, 2, Float32Array.of(0, 0, 0, 0)),
        ridge: backend.upload(1, 1, Float32Array.of(-1)),
        solved: backend.upload(1, 2, new Float32Array(2)),
      };
      const gram = await backend.gram(held.fixed);
      await expect(backend.solveRows({ ...held, gram, unobservedWeight: 1 })).rejects.toMatchObject({
        code: 'matrix-not-positive-definite',
      });
      for (const matrix of [...Object.values(held), gram]) matrix.release();
    });

    it.each([
      [1, 10, 40],
      [33, 50, 40],
      [300, 5, 8],
      [4, 66_000, 3],
    ])('sums the loss over observed pairs (%i factors, %i rows)', async (k, rows, columns) => {
      const observed = randomSparse(
        Array.from({ length: rows }, (_, row) => row % Math.min(columns, 5)),
        columns,
        5,
      );
      const [left, right] = [randomFactors(rows, k, 6), randomFactors(columns, k, 7)];
      const held = [
        backend.uploadSparse(observed),
        backend.upload(rows, k, left),
        backend.upload(columns, k, right),
      ] as const;
      let expected = 0;
      for (let row = 0; row < rows; row++) expected += observedLossReference(observed, left, right, k, row);
      expect(relativeError([await backend.observedLoss(...held)], [expected])).toBeLessThan(TOLERANCE);
      for (const matrix of held) matrix.release();
    });

    it.each([
      [6, 3],
      [300, 10],
      [2, 66_000],
    ])('sums weighted norms (%i factors, %i rows)', async (k, rows) => {
      const values = randomFactors(rows, k, 8);
      const weights = Float32Array.from({ length: rows }, (_, row) => 0.5 + (row % 7));
      const [matrix, column] = [backend.upload(rows, k, values), backend.upload(rows, 1, weights)];
      let expected = 0;
      for (let row = 0; row < rows; row++) expected += weightedNormReference(values, weights, k, row);
      expect(relativeError([await backend.weightedNorm(matrix, column)], [expected])).toBeLessThan(TOLERANCE);
      matrix.release();
      column.release();
    });

    it.each([
      [1, 7, 5, 3],
      [40, 90, 33, 10],
      [3, 1_000, 300, 50],
      [66_000, 4, 2, 1],
    ])('ranks for %i users among %i items (%i factors, top %i)', async (users, items, factors, k) => {
      const [x, y] = [randomFactors(users, factors, 9), randomFactors(items, factors, 10)];
      const seen = randomSparse(
        Array.from({ length: users }, (_, user) => user % 3),
        items,
        11,
      );
      const held = [backend.upload(users, factors, x), backend.upload(items, factors, y)] as const;
      const held2 = backend.uploadSparse(seen);
      const top = await backend.topK({ users: held[0], itemFactors: held[1], seen: held2, k });
      for (const matrix of [...held, held2]) matrix.release();
      for (const user of [0, 1, 2, 3, 65_535, 65_536, users - 1].filter((index) => index < users)) {
        const scores = scoreReference(x.subarray(user * factors, (user + 1) * factors), y, factors);
        const seenItems = new Set(seen.indices.subarray(seen.indptr[user], seen.indptr[user + 1]));
        const expected = topKReference(scores, seenItems, k);
        const actual = [...top.items.subarray(user * k, (user + 1) * k)];
        const values = top.scores.subarray(user * k, (user + 1) * k);
        expect(actual.slice(0, expected.length).toSorted()).toEqual(expected.toSorted());
        expect(
          relativeError(
            values.slice(0, expected.length),
            expected.map((item) => scores[item]!),
          ),
        ).toBeLessThan(TOLERANCE);
        expect(actual.slice(expected.length).every((item) => item === -1)).toBe(true);
      }
    });

    it('gives equal scores to the lower item, and -1 where candidates run out', async () => {
      const users = backend.upload(1, 1, Float32Array.of(1));
      const itemFactors = backend.upload(6, 1, Float32Array.of(2, 5, 2, 5, -1e30, 2));
      const seen = backend.uploadSparse(sparseOf([[0, 1, 0, 0, 0, 0]]));
      const top = await backend.topK({ users, itemFactors, seen, k: 7 });
      expect([...top.items]).toEqual([3, 0, 2, 5, 4, -1, -1]);
      for (const matrix of [users, itemFactors, seen]) matrix.release();
    });

    it('refuses shapes that do not fit together', async () => {
      const [two, three] = [
        backend.upload(2, 2, new Float32Array(4)),
        backend.upload(3, 3, new Float32Array(9)),
      ];
      await expect(backend.topK({ users: two, itemFactors: three, seen: null, k: 1 })).rejects.toMatchObject({
        code: 'input-invalid',
      });
      await expect(backend.topK({ users: two, itemFactors: two, seen: null, k: 0 })).rejects.toMatchObject({
        code: 'input-invalid',
      });
      await expect(backend.weightedNorm(two, three)).rejects.toMatchObject({ code: 'input-invalid' });
      expect(() => backend.upload(2, 3, new Float32Array(5))).toThrow();
      two.release();
      three.release();
    });

    it('refuses a matrix after its release', async () => {
      const matrix = backend.upload(1, 1, Float32Array.of(1));
      matrix.release();
      await expect(backend.read(matrix)).rejects.toMatchObject({ code: 'internal' });
    });

    it('stops when cancelled', async () => {
      const factors = backend.upload(2000, 64, randomFactors(2000, 64, 12));
      const controller = new AbortController();
      controller.abort();
      await expect(backend.gram(factors, controller.signal)).rejects.toMatchObject({ code: 'cancelled' });
      factors.release();
    });

    it('solves the checkerboard of benfred/implicit', async () => {
      // users of even number like even items, others odd ones; one pair is hidden and must come back first
      const size = 50;
      const board = Array.from({ length: size }, (_, user) =>
        Array.from({ length: size }, (__, item) => Number(user % 2 === item % 2 && user !== item)),
      );
      const strengths = sparseOf(board);
      const hyperparameters = ialsHyperparameters(strengths, { factors: 3, alpha: 20, regularization: 0.01 });
      const fit = IalsFit.start(backend, strengths, hyperparameters, 5);
      for (let iteration = 0; iteration < 10; iteration++) await fit.iterate();
      const users = await fit.foldIn(strengths);
      const seen = backend.uploadSparse(strengths);
      const top = await backend.topK({ users, itemFactors: fit.itemFactors, seen, k: 1 });
      expect([...top.items]).toEqual(Array.from({ length: size }, (_, user) => user));
      expect(top.scores.every((score) => score > 0.5 && score < 1.2)).toBe(true);
      users.release();
      seen.release();
      fit.dispose();
    });

    it('holds nothing after everything is released', () => {
      expect(backend.deviceBytes).toBeGreaterThanOrEqual(0);
      backend.dispose();
      expect(backend.deviceBytes).toBe(0);
    });
  });
}
