import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cholesky } from '../../../../src/lib/model/linear/cholesky.ts';
import { addToDiagonal, dotAt, gramOf, rowOf } from '../../../../src/lib/model/linear/dense.ts';
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
