import type { SparseRows } from '../sparse.ts';

/** XᵀX + ridge·I of a sparse matrix, row-major columns × columns: G_ij = Σ_u x_ui x_uj, and ridge on the diagonal. */
export function sparseGramReference(matrix: SparseRows, ridge: number): Float64Array {
  const { rows, columns, indptr, indices, data } = matrix;
  const gram = new Float64Array(columns * columns);
  for (let i = 0; i < columns; i++) gram[i * (columns + 1)] = ridge;
  for (let row = 0; row < rows; row++) {
    const end = indptr[row + 1] ?? 0;
    for (let a = indptr[row] ?? 0; a < end; a++) {
      for (let b = indptr[row] ?? 0; b < end; b++) {
        const at = (indices[a] ?? 0) * columns + (indices[b] ?? 0);
        gram[at] = (gram[at] ?? 0) + (data[a] ?? 0) * (data[b] ?? 0);
      }
    }
  }
  return gram;
}
