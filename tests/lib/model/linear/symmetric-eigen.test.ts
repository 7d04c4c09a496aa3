import { describe, expect, it } from 'vitest';
import { symmetricEigen } from '../../../../src/lib/model/linear/symmetric-eigen.ts';
import { Random } from '../../../../src/lib/model/matrix/random.ts';

function randomSymmetric(n: number, seed: number): Float64Array {
  const random = new Random(seed);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = random.normal();
  }
  return matrix;
}

/** Largest |A V − V Λ| and |Vᵀ V − I|. */
function residuals(matrix: Float64Array, n: number): { readonly equation: number; readonly length: number } {
  const { values, vectors } = symmetricEigen(matrix, n);
  let equation = 0;
  let length = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let product = 0;
      let inner = 0;
      for (let k = 0; k < n; k++) {
        product += matrix[i * n + k]! * vectors[k * n + j]!;
        inner += vectors[k * n + i]! * vectors[k * n + j]!;
      }
      equation = Math.max(equation, Math.abs(product - vectors[i * n + j]! * values[j]!));
      length = Math.max(length, Math.abs(inner - (i === j ? 1 : 0)));
    }
  }
  return { equation, length };
}

describe('symmetricEigen', () => {
  it('finds known eigenvalues, ascending, and vectors as columns', () => {
    const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2);
    expect([...values]).toEqual([expect.closeTo(1, 14), expect.closeTo(3, 14)]);
    expect(vectors[0]! * vectors[2]!).toBeCloseTo(-0.5, 14);
    expect(vectors[1]! * vectors[3]!).toBeCloseTo(0.5, 14);
  });

  it.each([1, 2, 3, 7, 64, 150])('decomposes a random matrix of order %i', (n) => {
    const { equation, length } = residuals(randomSymmetric(n, n), n);
    expect(equation).toBeLessThan(1e-12 * n);
    expect(length).toBeLessThan(1e-13 * n);
  });

  it('takes repeated, zero and widely spread eigenvalues', () => {
    const n = 12;
    for (const diagonal of [0, 5]) {
      const matrix = new Float64Array(n * n);
      for (let i = 0; i < n; i++) matrix[i * n + i] = diagonal;
      expect([...symmetricEigen(matrix, n).values]).toEqual(Array<number>(n).fill(diagonal));
    }
    const spread = randomSymmetric(n, 3).map((value, at) => value * 10 ** -((at % n) + Math.floor(at / n)));
    const { equation, length } = residuals(spread, n);
    expect(equation).toBeLessThan(1e-14);
    expect(length).toBeLessThan(1e-13 * n);
  });

  it('decomposes nothing into nothing', () => {
    expect(symmetricEigen(new Float64Array(), 0).values).toHaveLength(0);
  });

  it('refuses what is not finite', () => {
    expect(() => symmetricEigen(Float64Array.of(Number.NaN), 1)).toThrow(
      expect.objectContaining({ code: 'training-diverged' }) as Error,
    );
  });
});
