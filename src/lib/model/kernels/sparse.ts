/** A sparse matrix in compressed sparse rows, as kernels and their references read it. */
export interface SparseRows {
  readonly rows: number;
  readonly columns: number;
  readonly indptr: Int32Array;
  readonly indices: Int32Array;
  readonly data: Float32Array;
}
