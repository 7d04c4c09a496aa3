import { describe, expect, it } from 'vitest';
import { choleskySolve } from '../../../../src/lib/model/matrix/cholesky.ts';
import { confidence } from '../../../../src/lib/model/matrix/confidence.ts';
import { normalMatrix, Random } from '../../../../src/lib/model/matrix/random.ts';
import { relativeError, sparseOf } from '../support/random-matrices.ts';

describe('Random', () => {
  it('repeats itself for a seed and differs between seeds', () => {
    expect(normalMatrix(3, 4, 1, 9)).toEqual(normalMatrix(3, 4, 1, 9));
    expect(normalMatrix(3, 4, 1, 9)).not.toEqual(normalMatrix(3, 4, 1, 10));
  });

  it('gives normal values of the asked deviation', () => {
    const values = normalMatrix(200, 500, 0.3, 1);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    const within = values.filter((value) => Math.abs(value) < 0.3).length / values.length;
    // five standard errors of 100,000 draws
    expect(Math.abs(mean)).toBeLessThan(5 * (0.3 / Math.sqrt(values.length)));
    expect(Math.abs(Math.sqrt(variance) / 0.3 - 1)).toBeLessThan(5 / Math.sqrt(2 * values.length));
    expect(Math.abs(within - 0.6827)).toBeLessThan(0.008);
  });

  it('begins uniformly, whatever the seed', () => {
    const firsts = Array.from({ length: 2000 }, (_, seed) => new Random(seed).uniform());
    const mean = firsts.reduce((sum, value) => sum + value, 0) / firsts.length;
    // five standard errors of a uniform mean
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 / Math.sqrt(12 * firsts.length));
    expect(firsts.filter((value) => value < 0.1).length).toBeGreaterThan(100);
  });

  it('draws whole numbers below a bound, all of them', () => {
    const random = new Random(2);
    const drawn = new Set(Array.from({ length: 200 }, () => random.below(5)));
    expect([...drawn].sort()).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('choleskySolve', () => {
  it.each([1, 2, 7, 40])('solves a system of %i unknowns', (n) => {
    const random = new Random(n);
    const root = Float64Array.from({ length: n * n }, () => random.normal());
    const x = Float64Array.from({ length: n }, () => random.normal());
    // A = R Rᵀ + I is positive definite
    const a = new Float64Array(n * n);
    const b = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        for (let p = 0; p < n; p++) a[i * n + j]! += root[i * n + p]! * root[j * n + p]!;
        if (i === j) a[i * n + j]! += 1;
        b[i]! += a[i * n + j]! * x[j]!;
      }
    }
    expect(choleskySolve(a, b, n)).toBe(true);
    expect(relativeError(b, x)).toBeLessThan(1e-9);
  });

  it.each([
    [[0], [1]],
    [
      [1, 0, 2, 1],
      [1, 1],
    ],
    [[Number.NaN], [1]],
  ])('says that %j is not positive definite', (a, b) => {
    expect(choleskySolve(Float64Array.from(a), Float64Array.from(b), b.length)).toBe(false);
  });
});

describe('confidence', () => {
  it('grows with the logarithm, scales by alpha and keeps the sign', () => {
    const strengths = sparseOf([[Math.E - 1, 1 - Math.E ** 2]]);
    const [liked, disliked] = confidence(strengths, 0.5).data;
    expect(liked).toBeCloseTo(0.5, 6);
    expect(disliked).toBeCloseTo(-1, 6);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses an alpha of %s', (alpha) => {
    expect(() => confidence(sparseOf([[1]]), alpha)).toThrow(
      expect.objectContaining({ code: 'hyperparameter-invalid' }) as Error,
    );
  });
});
