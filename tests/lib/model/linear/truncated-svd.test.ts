import { describe, expect, it } from 'vitest';
import { truncatedSvdSteps, type TruncatedSvd } from '../../../../src/lib/model/linear/truncated-svd.ts';
import type { CsrMatrix } from '../../../../src/lib/model/matrix/csr.ts';
import { Random } from '../../../../src/lib/model/matrix/random.ts';
import { sparseOf } from '../support/random-matrices.ts';

function svd(matrix: CsrMatrix, rank: number, seed = 1): TruncatedSvd {
  const steps = truncatedSvdSteps(matrix, rank, seed);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

const columnOf = ({ right, rank }: TruncatedSvd, at: number): number[] =>
  Array.from({ length: right.length / rank }, (_, row) => right[row * rank + at]!);

describe('truncatedSvd', () => {
  it('is what one gets by hand', () => {
    // AᵀA = [[25, 20], [20, 25]]: eigenvalues 45 and 5, vectors (1, 1) and (1, −1)
    const found = svd(
      sparseOf([
        [3, 0],
        [4, 5],
      ]),
      2,
    );
    expect(found.values[0]).toBeCloseTo(Math.sqrt(45), 10);
    expect(found.values[1]).toBeCloseTo(Math.sqrt(5), 10);
    const [a = 0, b = 0] = columnOf(found, 0);
    expect(a).toBeCloseTo(b, 10);
    expect(Math.abs(a)).toBeCloseTo(Math.SQRT1_2, 10);
  });

  it('finds a planted spectrum under noise, with orthonormal vectors', () => {
    const random = new Random(3);
    const [rows, columns] = [80, 60];
    const left = Array.from({ length: rows }, () => [random.normal(), random.normal()]);
    const right = Array.from({ length: columns }, () => [random.normal(), random.normal()]);
    const dense = left.map(([a = 0, b = 0]) =>
      right.map(([c = 0, d = 0]) => 5 * a * c + 2 * b * d + 0.01 * random.normal()),
    );
    const matrix = sparseOf(dense);
    const found = svd(matrix, 2);
    // what two dimensions leave of the matrix is the noise
    let rest = 0;
    dense.forEach((row) => {
      const inside = [0, 1].map((at) =>
        columnOf(found, at).reduce((sum, v, column) => sum + v * row[column]!, 0),
      );
      row.forEach((value, column) => {
        const rebuilt = inside.reduce((sum, x, at) => sum + x * columnOf(found, at)[column]!, 0);
        rest += (value - rebuilt) ** 2;
      });
    });
    expect(Math.sqrt(rest / (rows * columns))).toBeLessThan(0.0105);
    const [first, second] = [columnOf(found, 0), columnOf(found, 1)];
    expect(first.reduce((sum, v) => sum + v * v, 0)).toBeCloseTo(1, 10);
    expect(first.reduce((sum, v, at) => sum + v * second[at]!, 0)).toBeCloseTo(0, 10);
    expect(svd(matrix, 2)).toEqual(found);
  });

  it('gives no more dimensions than there are', () => {
    const found = svd(
      sparseOf([
        [1, 2, 0],
        [2, 4, 0],
        [0, 0, 0],
      ]),
      3,
    );
    expect(found.rank).toBe(1);
    expect(found.values[0]).toBeCloseTo(5, 10);
    expect(
      svd(
        sparseOf([
          [0, 0],
          [0, 0],
        ]),
        2,
      ).rank,
    ).toBe(0);
  });
});
