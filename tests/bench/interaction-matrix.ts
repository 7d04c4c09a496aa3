import { rowMajorOrder, type CsrMatrix } from '../../src/lib/model/matrix/csr.ts';

/** Interactions as plain columns; positions are dense, no pair comes twice. */
export interface Triples {
  readonly rows: number;
  readonly columns: number;
  readonly row: readonly number[];
  readonly column: readonly number[];
  readonly strength: readonly number[];
}

/** The user–item matrix of these interactions. */
export function interactionMatrix({ rows, columns, row, column, strength }: Triples): CsrMatrix {
  const order = rowMajorOrder({ rows, columns, row: Int32Array.from(row), column: Int32Array.from(column) });
  const indptr = new Int32Array(rows + 1);
  for (const user of row) indptr[user + 1] = (indptr[user + 1] ?? 0) + 1;
  for (let user = 0; user < rows; user++) indptr[user + 1] = (indptr[user + 1] ?? 0) + (indptr[user] ?? 0);
  return {
    rows,
    columns,
    indptr,
    indices: Int32Array.from(order, (entry) => column[entry] ?? 0),
    data: Float32Array.from(order, (entry) => strength[entry] ?? 0),
  };
}
