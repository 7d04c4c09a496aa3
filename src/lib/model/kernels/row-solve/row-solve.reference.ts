import { rowSystemReference, type RowSystemReferenceInput } from '../row-system/row-system.reference.ts';

/** One row of a half-iteration: x = A⁻¹ b of rowSystemReference; x = 0 for a row without entries. */
export function rowSolveReference(input: RowSystemReferenceInput, row: number): Float64Array {
  const { indptr } = input.observed;
  if (indptr[row] === indptr[row + 1]) return new Float64Array(input.k);
  const { a, b } = rowSystemReference(input, row);
  return gaussianElimination(a, b);
}

/** Solves A x = b with row exchanges: shares nothing with the Cholesky solvers it checks. */
export function gaussianElimination(a: readonly Float64Array[], b: Float64Array): Float64Array {
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
