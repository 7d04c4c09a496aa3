import type { SparseRows } from '../sparse.ts';

/** The parts of the row systems as plain arrays, row-major, `k` columns in `fixed` and `gram`. */
export interface RowSystemReferenceInput {
  readonly observed: SparseRows;
  readonly fixed: ArrayLike<number>;
  readonly gram: ArrayLike<number>;
  readonly unobservedWeight: number;
  readonly ridge: ArrayLike<number>;
  readonly k: number;
}

/**
 * The system of one row of a half-iteration:
 *
 *     A = α0 G + Σ_i |d_i| y_i y_iᵀ + ridge I        (k rows of k)
 *     b = Σ_i |d_i| p_i y_i,  p_i = 1 where d_i > 0
 */
export function rowSystemReference(
  input: RowSystemReferenceInput,
  row: number,
): { readonly a: Float64Array[]; readonly b: Float64Array } {
  const { observed, fixed, gram, unobservedWeight, ridge, k } = input;
  const a = Array.from({ length: k }, (_, i) =>
    Float64Array.from(
      { length: k },
      (__, j) => unobservedWeight * (gram[i * k + j] ?? 0) + (i === j ? (ridge[row] ?? 0) : 0),
    ),
  );
  const b = new Float64Array(k);
  for (let entry = observed.indptr[row] ?? 0; entry < (observed.indptr[row + 1] ?? 0); entry++) {
    const signed = observed.data[entry] ?? 0;
    const at = (observed.indices[entry] ?? 0) * k;
    for (let i = 0; i < k; i++) {
      const yi = fixed[at + i] ?? 0;
      if (signed > 0) b[i] = (b[i] ?? 0) + signed * yi;
      const rowI = a[i] ?? b;
      for (let j = 0; j < k; j++) rowI[j] = (rowI[j] ?? 0) + Math.abs(signed) * yi * (fixed[at + j] ?? 0);
    }
  }
  return { a, b };
}
