import type { CsrMatrix } from '../../matrix/csr.ts';

/**
 * XᵀX + ridge·I of a sparse matrix, summed in 64 bits; each row is handed to `write`, which must copy it. Yields after
 * each row.
 */
export function* sparseGramSteps(
  matrix: CsrMatrix,
  transposed: CsrMatrix,
  ridge: number,
  write: (row: number, values: Float64Array) => void,
): Generator<void, void> {
  const { columns, indptr, indices, data } = matrix;
  const sum = new Float64Array(columns);
  for (let row = 0; row < columns; row++) {
    sum.fill(0);
    sum[row] = ridge;
    const end = transposed.indptr[row + 1] ?? 0;
    for (let at = transposed.indptr[row] ?? 0; at < end; at++) {
      const user = transposed.indices[at] ?? 0;
      const weight = transposed.data[at] ?? 0;
      const last = indptr[user + 1] ?? 0;
      for (let other = indptr[user] ?? 0; other < last; other++) {
        const column = indices[other] ?? 0;
        sum[column] = (sum[column] ?? 0) + weight * (data[other] ?? 0);
      }
    }
    write(row, sum);
    yield;
  }
}
