/** G = YᵀY for row-major n × k `factors`: G_ij = Σ_r Y_ri Y_rj. */
export function gramReference(factors: Float32Array, n: number, k: number): Float64Array {
  const gram = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      let sum = 0;
      for (let row = 0; row < n; row++) sum += (factors[row * k + i] ?? 0) * (factors[row * k + j] ?? 0);
      gram[i * k + j] = sum;
    }
  }
  return gram;
}
