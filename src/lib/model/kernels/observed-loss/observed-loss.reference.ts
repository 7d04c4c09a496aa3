import type { SparseRows } from '../sparse.ts';

/** Σ_i |d_i| (p_i − xᵀ y_i)² over the entries of one row, p_i = 1 where d_i > 0, else 0. */
export function observedLossReference(
  observed: SparseRows,
  left: Float32Array,
  right: Float32Array,
  k: number,
  row: number,
): number {
  let loss = 0;
  for (let entry = observed.indptr[row] ?? 0; entry < (observed.indptr[row + 1] ?? 0); entry++) {
    const signed = observed.data[entry] ?? 0;
    const column = observed.indices[entry] ?? 0;
    let score = 0;
    for (let p = 0; p < k; p++) score += (left[row * k + p] ?? 0) * (right[column * k + p] ?? 0);
    loss += Math.abs(signed) * ((signed > 0 ? 1 : 0) - score) ** 2;
  }
  return loss;
}
