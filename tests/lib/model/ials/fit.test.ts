import { describe, expect, it } from 'vitest';
import { CpuBackend } from '../../../../src/lib/model/backends/cpu.ts';
import { IalsFit } from '../../../../src/lib/model/ials/fit.ts';
import { ialsHyperparameters } from '../../../../src/lib/model/ials/hyperparameters.ts';
import type { CsrMatrix } from '../../../../src/lib/model/matrix/csr.ts';
import { randomSparse, relativeError, sparseOf } from '../support/random-matrices.ts';

const strengths = randomSparse(
  Array.from({ length: 60 }, (_, user) => user % 9),
  40,
  21,
);
const hyperparameters = ialsHyperparameters(strengths, { factors: 6, frequencyScaling: 0.7 });

/** The objective of `ials/objective.ts`, every pair visited. */
function slowLoss(matrix: CsrMatrix, x: Float32Array, y: Float32Array): number {
  const { factors: k, alpha, unobservedWeight, regularization, frequencyScaling } = hyperparameters;
  const perColumn = new Array<number>(matrix.columns).fill(0);
  matrix.indices.forEach((column) => (perColumn[column]! += 1));
  const norm = (values: Float32Array, row: number) =>
    values.subarray(row * k, (row + 1) * k).reduce((sum, value) => sum + value * value, 0);
  let loss = 0;
  for (let u = 0; u < matrix.rows; u++) {
    const [begin, end] = [matrix.indptr[u]!, matrix.indptr[u + 1]!];
    const strengthOf = new Map(
      Array.from({ length: end - begin }, (_, i) => [matrix.indices[begin + i], matrix.data[begin + i]!]),
    );
    for (let i = 0; i < matrix.columns; i++) {
      let score = 0;
      for (let p = 0; p < k; p++) score += x[u * k + p]! * y[i * k + p]!;
      const strength = strengthOf.get(i) ?? 0;
      loss += alpha * Math.log1p(Math.abs(strength)) * ((strength > 0 ? 1 : 0) - score) ** 2;
      loss += unobservedWeight * score ** 2;
    }
    loss +=
      regularization * (end - begin + unobservedWeight * matrix.columns) ** frequencyScaling * norm(x, u);
  }
  for (let i = 0; i < matrix.columns; i++) {
    loss +=
      regularization * (perColumn[i]! + unobservedWeight * matrix.rows) ** frequencyScaling * norm(y, i);
  }
  return loss;
}

describe('IalsFit', () => {
  it.each([0, 1, 2])('reports the objective exactly, and never raises it (%i steps)', async (cgSteps) => {
    const chosen = { ...hyperparameters, cgSteps };
    const fit = IalsFit.start(await CpuBackend.open({ threads: 1 }), strengths, chosen, 1);
    let last = Number.POSITIVE_INFINITY;
    for (let iteration = 0; iteration < 12; iteration++) {
      const { loss } = await fit.iterate();
      const { userFactors, itemFactors } = await fit.factors();
      const expected = slowLoss(strengths, userFactors, itemFactors) / strengths.indices.length;
      expect(Math.abs(loss / expected - 1)).toBeLessThan(1e-5);
      expect(loss).toBeLessThanOrEqual(last * (1 + 1e-6));
      last = loss;
    }
    fit.dispose();
  });

  it('goes on from saved factors as if it had never stopped', async () => {
    const whole = IalsFit.start(await CpuBackend.open({ threads: 1 }), strengths, hyperparameters, 2);
    const first = IalsFit.start(await CpuBackend.open({ threads: 1 }), strengths, hyperparameters, 2);
    for (let iteration = 0; iteration < 4; iteration++) await whole.iterate();
    for (let iteration = 0; iteration < 2; iteration++) await first.iterate();
    const rest = IalsFit.resume(
      await CpuBackend.open({ threads: 1 }),
      strengths,
      hyperparameters,
      await first.factors(),
    );
    for (let iteration = 0; iteration < 2; iteration++) await rest.iterate();
    // nearly: what was read comes back from the basis that it was computed in
    const [expected, actual] = [await whole.factors(), await rest.factors()];
    expect(relativeError(actual.userFactors, expected.userFactors)).toBeLessThan(1e-5);
    expect(relativeError(actual.itemFactors, expected.itemFactors)).toBeLessThan(1e-5);
  });

  it.each([0, 1])(
    'folds a user in exactly, to where a half-iteration puts it (%i steps)',
    async (cgSteps) => {
      const chosen = { ...hyperparameters, cgSteps };
      const fit = IalsFit.start(await CpuBackend.open({ threads: 1 }), strengths, chosen, 3);
      await fit.iterate();
      const backend = await CpuBackend.open({ threads: 1 });
      const factors = await fit.factors();
      const folding = IalsFit.resume(backend, strengths, chosen, factors);
      const folded = await backend.read(await folding.foldIn(strengths));
      const next = IalsFit.resume(backend, strengths, hyperparameters, factors);
      await next.iterate();
      // iterate solved the users against the same items before moving these
      expect(relativeError(folded, (await next.factors()).userFactors)).toBeLessThan(1e-5);
    },
  );

  it('learns the two groups of a block matrix', async () => {
    const blocks = sparseOf(
      Array.from({ length: 12 }, (_, user) =>
        Array.from({ length: 12 }, (__, item) => Number(user % 2 === item % 2 && user !== item)),
      ),
    );
    const chosen = ialsHyperparameters(blocks, { factors: 2, alpha: 20 });
    const fit = IalsFit.start(await CpuBackend.open({ threads: 1 }), blocks, chosen, 4);
    for (let iteration = 0; iteration < 10; iteration++) await fit.iterate();
    const { userFactors: x, itemFactors: y } = await fit.factors();
    for (let user = 0; user < 12; user++) {
      for (let item = 0; item < 12; item++) {
        const score = x[user * 2]! * y[item * 2]! + x[user * 2 + 1]! * y[item * 2 + 1]!;
        expect(score > 0.5).toBe(user % 2 === item % 2);
      }
    }
  });

  it.each([
    ['nothing', sparseOf([[0, 0, 0]])],
    ['one rating', sparseOf([[0, 1, 0]])],
    ['only equal ratings', sparseOf(Array<number[]>(5).fill([1, 1, 1]))],
    ['only dislikes', sparseOf([[-1, -1, -1]])],
  ])('stays finite where the matrix holds %s', async (_, matrix) => {
    const fit = IalsFit.start(
      await CpuBackend.open({ threads: 1 }),
      matrix,
      ialsHyperparameters(matrix, { factors: 4 }),
      5,
    );
    for (let iteration = 0; iteration < 5; iteration++) {
      expect(Number.isFinite((await fit.iterate()).loss)).toBe(true);
    }
    await fit.factors(); // rejects where a factor is not finite
  });

  it('refuses factors of another shape', async () => {
    const backend = await CpuBackend.open({ threads: 1 });
    const factors = { userFactors: new Float32Array(5), itemFactors: new Float32Array(5) };
    expect(() => IalsFit.resume(backend, strengths, hyperparameters, factors)).toThrow(/shape/);
  });

  it('frees all it held, also after a fold-in that was cancelled', async () => {
    const backend = await CpuBackend.open({ threads: 1 });
    const fit = IalsFit.start(backend, strengths, hyperparameters, 6);
    await fit.iterate();
    const held = backend.deviceBytes;
    await expect(fit.foldIn(strengths, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    (await fit.foldIn(strengths)).release();
    for (let iteration = 0; iteration < 50; iteration++) await fit.iterate();
    expect(backend.deviceBytes).toBe(held);
    fit.dispose();
    expect(backend.deviceBytes).toBe(0);
  });

  it('gives other factors for another seed', async () => {
    const itemFactors = async (seed: number) => {
      const fit = IalsFit.start(await CpuBackend.open({ threads: 1 }), strengths, hyperparameters, seed);
      await fit.iterate();
      return (await fit.factors()).itemFactors;
    };
    expect(relativeError(await itemFactors(1), await itemFactors(2))).toBeGreaterThan(0.1);
  });
});
