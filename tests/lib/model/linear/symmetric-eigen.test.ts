import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalMatrix } from '../../../../src/lib/model/matrix/random.ts';
import {
  symmetricEigenSteps,
  type SymmetricEigen,
} from '../../../../src/lib/model/linear/symmetric-eigen.ts';

function eigen(matrix: ArrayLike<number>, n: number): SymmetricEigen {
  const steps = symmetricEigenSteps(matrix, n);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** ‖S − Q Λ Qᵀ‖ and ‖Qᵀ Q − I‖, the largest entry of each. */
function residuals(
  matrix: ArrayLike<number>,
  n: number,
): { readonly product: number; readonly unit: number } {
  const { values, vectors } = eigen(matrix, n);
  let product = 0;
  let unit = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let back = 0;
      let dot = 0;
      for (let p = 0; p < n; p++) {
        back += vectors[p * n + i]! * values[p]! * vectors[p * n + j]!;
        dot += vectors[i * n + p]! * vectors[j * n + p]!;
      }
      product = Math.max(product, Math.abs(back - matrix[i * n + j]!));
      unit = Math.max(unit, Math.abs(dot - (i === j ? 1 : 0)));
    }
  }
  return { product, unit };
}

function gram(rows: number, n: number, seed: number): Float64Array {
  const y = normalMatrix(rows, n, 1, seed);
  const product = new Float64Array(n * n);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) product[i * n + j]! += y[row * n + i]! * y[row * n + j]!;
    }
  }
  return product;
}

describe('symmetricEigenSteps', () => {
  it.each([1, 2, 3, 8, 33, 64, 128])('takes a Gram matrix of order %i apart', (n) => {
    const matrix = gram(2 * n, n, n);
    const { product, unit } = residuals(matrix, n);
    expect(product).toBeLessThan(1e-12 * n * n);
    expect(unit).toBeLessThan(1e-13 * n);
  });

  it('finds known eigenvalues: the second difference', () => {
    // T = tridiag(−1, 2, −1) has 2 − 2 cos(jπ / (n + 1))
    const n = 20;
    const matrix = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      matrix[i * n + i] = 2;
      if (i > 0) matrix[i * n + i - 1] = matrix[(i - 1) * n + i] = -1;
    }
    const expected = Array.from({ length: n }, (_, j) => 2 - 2 * Math.cos(((j + 1) * Math.PI) / (n + 1)));
    const actual = [...eigen(matrix, n).values].sort((first, second) => first - second);
    actual.forEach((value, index) => expect(value).toBeCloseTo(expected[index]!, 12));
  });

  it.each([
    ['zero', 0],
    ['of rank 1', 1],
    ['of rank 5', 5],
  ])('takes a matrix apart that is %s', (_, rank) => {
    const n = 24;
    const { product, unit } = residuals(gram(rank, n, 3), n);
    expect(product).toBeLessThan(1e-11);
    expect(unit).toBeLessThan(1e-12);
  });

  it('takes any symmetric matrix apart', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }).chain((n) =>
          fc.tuple(
            fc.constant(n),
            fc.array(fc.oneof(fc.constant(0), fc.double({ min: -1e3, max: 1e3, noNaN: true })), {
              minLength: n * n,
              maxLength: n * n,
            }),
          ),
        ),
        ([n, entries]) => {
          const matrix = entries.map((_, at) => entries[Math.min(at, (at % n) * n + Math.floor(at / n))]!);
          const { product, unit } = residuals(matrix, n);
          return product < 1e-9 && unit < 1e-12;
        },
      ),
    );
  });

  it('is fast enough for 512 factors, in short steps', () => {
    const steps = symmetricEigenSteps(gram(520, 512, 4), 512);
    let pieces = 0;
    while (steps.next().done !== true) pieces++;
    expect(pieces).toBeGreaterThan(1_000);
  });

  it('refuses a matrix that is not finite', () => {
    expect(() => eigen([1, Number.NaN, Number.NaN, 1], 2)).toThrow(/finite/);
  });
});
