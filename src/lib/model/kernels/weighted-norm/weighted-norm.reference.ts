/** weight_r ‖row r‖² = weight_r Σ_p Y_rp² for row-major n × k `values`. */
export function weightedNormReference(
  values: Float32Array,
  weights: Float32Array,
  k: number,
  row: number,
): number {
  let norm = 0;
  for (let p = 0; p < k; p++) norm += (values[row * k + p] ?? 0) ** 2;
  return (weights[row] ?? 0) * norm;
}
