import type { SparseRows } from '../sparse.ts';

/** The parts of the row systems as plain arrays, row-major, `k` columns in `fixed` and `gram`. */
export interface RowSolveInput {
  readonly observed: SparseRows;
  readonly fixed: ArrayLike<number>;
  readonly gram: ArrayLike<number>;
  readonly unobservedWeight: number;
  readonly ridge: ArrayLike<number>;
  readonly k: number;
}

/**
 * One row of a half-iteration:
 *
 *     A = α0 G + Σ_i |d_i| y_i y_iᵀ + ridge I        (k × k)
 *     b = Σ_i |d_i| p_i y_i,  p_i = 1 where d_i > 0
 *     x = A⁻¹ b;  x = 0 for a row without entries
 */
export function rowSolveReference(input: RowSolveInput, row: number): Float64Array {
  const { observed, fixed, gram, unobservedWeight, ridge, k } = input;
  const begin = observed.indptr[row] ?? 0;
  const end = observed.indptr[row + 1] ?? 0;
  if (begin === end) return new Float64Array(k);

  const a = Array.from({ length: k }, (_, i) =>
    Float64Array.from(
      { length: k },
      (__, j) => unobservedWeight * (gram[i * k + j] ?? 0) + (i === j ? (ridge[row] ?? 0) : 0),
    ),
  );
  const b = new Float64Array(k);
  for (let entry = begin; entry < end; entry++) {
    const signed = observed.data[entry] ?? 0;
    const at = (observed.indices[entry] ?? 0) * k;
    for (let i = 0; i < k; i++) {
      const yi = fixed[at + i] ?? 0;
      if (signed > 0) b[i] = (b[i] ?? 0) + signed * yi;
      const rowI = a[i] ?? b;
      for (let j = 0; j < k; j++) rowI[j] = (rowI[j] ?? 0) + Math.abs(signed) * yi * (fixed[at + j] ?? 0);
    }
  }
  return gaussianElimination(a, b);
}

/** Solves A x = b with row exchanges: shares nothing with the Cholesky solvers it checks. */
function gaussianElimination(a: readonly Float64Array[], b: Float64Array): Float64Array {
  const n = b.length;
  const rows: Float64Array[] = a.map((row, i) => Float64Array.of(...row, b[i] ?? 0));
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Number.NaN;
  for (let p = 0; p < n; p++) {
    let best = p;
    for (let i = p + 1; i < n; i++) if (Math.abs(at(i, p)) > Math.abs(at(best, p))) best = i;
    [rows[p], rows[best]] = [rows[best] ?? b, rows[p] ?? b];
    for (let i = p + 1; i < n; i++) {
      const factor = at(i, p) / at(p, p);
      const rowI = rows[i] ?? b;
      for (let j = p; j <= n; j++) rowI[j] = at(i, j) - factor * at(p, j);
    }
  }
  const x = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    let sum = at(i, n);
    for (let j = i + 1; j < n; j++) sum -= at(i, j) * (x[j] ?? 0);
    x[i] = sum / at(i, i);
  }
  return x;
}
