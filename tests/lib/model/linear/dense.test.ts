import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cholesky } from '../../../../src/lib/model/linear/cholesky.ts';
import { addToDiagonal, dotAt, gramOf, rowOf, weightedGram } from '../../../../src/lib/model/linear/dense.ts';
import { normalMatrix } from '../../../../src/lib/model/matrix/random.ts';

describe('gramOf', () => {
  it('is the lower triangle of YᵀY', () => {
    expect([...gramOf(Float32Array.of(1, 2, 3, 4, 5, 6), 3, 2)]).toEqual([35, 0, 44, 56]);
  });
});

describe('Cholesky', () => {
  it('solves random systems for several right sides: relative residual below 1e-9', () => {
    const shape = fc.record({ order: fc.integer({ min: 1, max: 40 }), seed: fc.integer() });
    fc.assert(
      fc.property(shape, ({ order, seed }) => {
        const rows = order + 5;
        const matrix = gramOf(normalMatrix(rows, order, 1, seed), rows, order);
        addToDiagonal(matrix, order, 0.1);
        const before = Float64Array.from(matrix);
        const cholesky = new Cholesky(matrix, order);
        expect(matrix).toEqual(before);
        for (const salt of [1, 2]) {
          const right = Float64Array.from(normalMatrix(1, order, 1, seed + salt));
          const x = cholesky.solve(right);
          for (let row = 0; row < order; row++) {
            let sum = 0;
            for (let column = 0; column < order; column++) {
              sum += (matrix[Math.max(row, column) * order + Math.min(row, column)] ?? 0) * (x[column] ?? 0);
            }
            const scale = Math.sqrt(dotAt(x, x, 0)) + 1;
            expect(Math.abs(sum - (right[row] ?? 0)) / scale).toBeLessThan(1e-9);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('refuses a matrix that is not positive definite', () => {
    expect(() => new Cholesky(Float64Array.of(1, 0, 2, 1), 2)).toThrow(
      expect.objectContaining({ code: 'matrix-not-positive-definite' }),
    );
  });
});

describe('rowOf', () => {
  it('copies: changing the row leaves the matrix', () => {
    const matrix = Float32Array.of(1, 2, 3, 4);
    rowOf(matrix, 1, 2).fill(0);
    expect([...matrix]).toEqual([1, 2, 3, 4]);
  });
});

describe('weightedGram', () => {
  it('is Yᵀ diag(w) Y for any number of rows: relative error below 1e-12', () => {
    for (const rows of [0, 1, 3, 4, 5, 11]) {
      const matrix = normalMatrix(rows, 3, 1, rows);
      const weights = Float64Array.from({ length: rows }, (_, row) => row + 0.5);
      const gram = weightedGram(matrix, 3, weights);
      for (let row = 0; row < 3; row++) {
        for (let column = 0; column <= row; column++) {
          let sum = 0;
          for (let i = 0; i < rows; i++) {
            sum += (weights[i] ?? 0) * (matrix[i * 3 + row] ?? 0) * (matrix[i * 3 + column] ?? 0);
          }
          expect(Math.abs((gram[row * 3 + column] ?? NaN) - sum)).toBeLessThan(1e-12 * (1 + Math.abs(sum)));
        }
      }
    }
  });
});
