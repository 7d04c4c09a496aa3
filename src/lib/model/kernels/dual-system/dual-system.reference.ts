import { gaussianElimination } from '../row-solve/row-solve.reference.ts';
import type { RowSystemReferenceInput } from '../row-system/row-system.reference.ts';

/** As for rowSystemReference, with `fixed` in the eigenbasis of its Gram matrix, whose diagonal is `eigenvalues`. */
export interface DualSystemReferenceInput extends Omit<RowSystemReferenceInput, 'gram'> {
  readonly eigenvalues: ArrayLike<number>;
}

/**
 * The system of one row in one unknown an entry, n rows of n, with D = α0 Λ + ridge I and w the weights |d|:
 *
 *     A_ab = √w_a √w_b Σ_c y_ac y_bc / D_c + [a = b],   b_a = √w_a p_a
 */
export function dualSystemReference(
  input: DualSystemReferenceInput,
  row: number,
): { readonly a: Float64Array[]; readonly b: Float64Array } {
  const { observed, fixed, k } = input;
  const begin = observed.indptr[row] ?? 0;
  const signed = [...observed.data.subarray(begin, observed.indptr[row + 1])];
  const factorsOf = (entry: number, c: number): number =>
    fixed[(observed.indices[begin + entry] ?? 0) * k + c] ?? 0;
  const a = signed.map((first, i) =>
    Float64Array.from(signed, (second, j) => {
      let sum = 0;
      for (let c = 0; c < k; c++) sum += (factorsOf(i, c) * factorsOf(j, c)) / diagonal(input, row, c);
      return Math.sqrt(Math.abs(first * second)) * sum + (i === j ? 1 : 0);
    }),
  );
  return { a, b: Float64Array.from(signed, (weight) => (weight > 0 ? Math.sqrt(weight) : 0)) };
}

/** The row's solution in the eigenbasis: x = D⁻¹ Yᵀ W^½ z with z that of the dual system. */
export function dualSolveReference(input: DualSystemReferenceInput, row: number): Float64Array {
  const { observed, fixed, k } = input;
  const { a, b } = dualSystemReference(input, row);
  const z = gaussianElimination(a, b);
  const begin = observed.indptr[row] ?? 0;
  const x = new Float64Array(k);
  for (let c = 0; c < k; c++) {
    let sum = 0;
    z.forEach((value, entry) => {
      const column = observed.indices[begin + entry] ?? 0;
      sum += (fixed[column * k + c] ?? 0) * Math.sqrt(Math.abs(observed.data[begin + entry] ?? 0)) * value;
    });
    x[c] = sum / diagonal(input, row, c);
  }
  return x;
}

function diagonal(
  { unobservedWeight, eigenvalues, ridge }: DualSystemReferenceInput,
  row: number,
  c: number,
): number {
  return unobservedWeight * (eigenvalues[c] ?? 0) + (ridge[row] ?? 0);
}
