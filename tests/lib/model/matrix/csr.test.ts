import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  rowMajorOrder,
  selectRows,
  transpose,
  validateCsr,
  type CsrMatrix,
} from '../../../../src/lib/model/matrix/csr.ts';
import { randomSparse, sparseOf } from '../support/random-matrices.ts';

const anyMatrix = fc
  .record({
    lengths: fc.array(fc.nat(6), { maxLength: 12 }),
    columns: fc.integer({ min: 6, max: 9 }),
    seed: fc.nat(1000),
  })
  .map(({ lengths, columns, seed }) => randomSparse(lengths, columns, seed));

function dense(matrix: CsrMatrix): number[][] {
  return Array.from({ length: matrix.rows }, (_, row) => {
    const values = new Array<number>(matrix.columns).fill(0);
    for (let entry = matrix.indptr[row]!; entry < matrix.indptr[row + 1]!; entry++) {
      values[matrix.indices[entry]!] = matrix.data[entry]!;
    }
    return values;
  });
}

describe('transpose', () => {
  it('exchanges rows and columns and keeps the order', () => {
    fc.assert(
      fc.property(anyMatrix, (matrix) => {
        const flipped = transpose(matrix);
        validateCsr(flipped);
        const [before, after] = [dense(matrix), dense(flipped)];
        before.forEach((values, row) => {
          values.forEach((value, column) => {
            expect(after[column]![row]).toBe(value);
          });
        });
      }),
    );
  });

  it('is its own inverse', () => {
    fc.assert(
      fc.property(anyMatrix, (matrix) => {
        expect(transpose(transpose(matrix))).toEqual(matrix);
      }),
    );
  });
});

describe('rowMajorOrder', () => {
  it('sorts by row, then column, then the order entries came in', () => {
    const order = rowMajorOrder({
      rows: 2,
      columns: 3,
      row: Int32Array.of(1, 0, 1, 0, 1),
      column: Int32Array.of(2, 1, 0, 1, 2),
    });
    expect([...order]).toEqual([1, 3, 2, 0, 4]);
  });

  it.each([
    [
      [0, 2],
      [0, 0],
    ],
    [
      [0, 0],
      [0, -1],
    ],
    [[0], [0, 1]],
  ])('refuses rows %j with columns %j', (row, column) => {
    expect(() =>
      rowMajorOrder({ rows: 2, columns: 2, row: Int32Array.from(row), column: Int32Array.from(column) }),
    ).toThrow(expect.objectContaining({ code: 'input-invalid' }) as Error);
  });
});

describe('selectRows', () => {
  it('takes rows in the given order', () => {
    const matrix = sparseOf([
      [1, 0, 2],
      [0, 0, 0],
      [0, 3, 0],
    ]);
    expect(dense(selectRows(matrix, [2, 0, 1, 2]))).toEqual([
      [0, 3, 0],
      [1, 0, 2],
      [0, 0, 0],
      [0, 3, 0],
    ]);
  });

  it('refuses a row out of range', () => {
    expect(() => selectRows(sparseOf([[1]]), [1])).toThrow(/does not have/);
  });
});

describe('validateCsr', () => {
  const sound = sparseOf([
    [1, 2],
    [0, 3],
  ]);

  it.each<[string, Partial<CsrMatrix>]>([
    ['a wrong indptr length', { indptr: Int32Array.of(0, 3) }],
    ['a first offset above 0', { indptr: Int32Array.of(1, 2, 3) }],
    ['falling offsets', { indptr: Int32Array.of(0, 4, 3) }],
    ['a column out of range', { indices: Int32Array.of(0, 2, 1) }],
    ['columns that do not ascend', { indices: Int32Array.of(1, 0, 1) }],
    ['a repeated column', { indices: Int32Array.of(1, 1, 1) }],
    ['a negative column', { indices: Int32Array.of(-1, 1, 1) }],
    ['NaN', { data: Float32Array.of(1, Number.NaN, 3) }],
    ['too little data', { data: Float32Array.of(1, 2) }],
    ['a fractional size', { columns: 1.5 }],
  ])('refuses %s', (_, change) => {
    validateCsr(sound);
    expect(() => validateCsr({ ...sound, ...change })).toThrow(
      expect.objectContaining({ code: 'input-invalid' }) as Error,
    );
  });
});
