/**
 * The objective of iALS (Hu, Koren, Volinsky, "Collaborative Filtering for Implicit Feedback Datasets", 2008, in
 * the form of Rendle, Krichene, Zhang, Koren, "Revisiting the Performance of iALS on Item Recommendation
 * Benchmarks", 2021):
 *
 *     L = Σ_(u,i) observed  w_ui (p_ui − x_uᵀy_i)²
 *       + α0 Σ_(u,i) all    (x_uᵀy_i)²
 *       + λ Σ_u (n_u + α0 |I|)^ν ‖x_u‖²  +  λ Σ_i (n_i + α0 |U|)^ν ‖y_i‖²
 *
 * with w the confidence, p the preference (0 or 1), n the number of observations of a row. Its minimum over one
 * side, the other fixed, is RowSystem's solution with ridge_u = λ (n_u + α0 |I|)^ν.
 */
import { rowLength, type CsrMatrix } from '../matrix/csr.ts';
import type { IalsHyperparameters } from './hyperparameters.ts';

/** λ (n_r + α0 · columns)^ν for each row of `observed`. */
export function ridges(
  observed: CsrMatrix,
  { regularization, unobservedWeight, frequencyScaling }: IalsHyperparameters,
): Float32Array<ArrayBuffer> {
  const ridge = new Float32Array(observed.rows);
  for (let row = 0; row < ridge.length; row++) {
    ridge[row] =
      regularization * (rowLength(observed, row) + unobservedWeight * observed.columns) ** frequencyScaling;
  }
  return ridge;
}

/**
 * Σ over all pairs of (x_uᵀy_i)² without visiting them: it is the inner product ⟨XᵀX, YᵀY⟩ of the two Gram
 * matrices.
 */
export function allPairsNorm(userGram: Float32Array, itemGram: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < userGram.length; index++) {
    sum += (userGram[index] ?? 0) * (itemGram[index] ?? 0);
  }
  return sum;
}
