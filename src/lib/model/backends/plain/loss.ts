import type { CsrMatrix } from '../../matrix/csr.ts';

/** xᵀy of row `i` of `x` and row `j` of `y`, k columns each, summed in 64 bits. */
export function dot(x: Float32Array, i: number, y: Float32Array, j: number, k: number): number {
  const xAt = i * k;
  const yAt = j * k;
  let sum = 0;
  for (let p = 0; p < k; p++) sum += (x[xAt + p] ?? 0) * (y[yAt + p] ?? 0);
  return sum;
}

/** Σ |d| (p − xᵀy)² over the entries d, added up in `total.value`. Yields after each row. */
export function* observedLossSteps(
  observed: CsrMatrix,
  left: Float32Array,
  right: Float32Array,
  k: number,
  total: { value: number },
): Generator<void, void> {
  for (let row = 0; row < observed.rows; row++) {
    const end = observed.indptr[row + 1] ?? 0;
    for (let entry = observed.indptr[row] ?? 0; entry < end; entry++) {
      const signed = observed.data[entry] ?? 0;
      const preference = signed > 0 ? 1 : 0;
      const error = preference - dot(left, row, right, observed.indices[entry] ?? 0, k);
      total.value += Math.abs(signed) * error * error;
    }
    yield;
  }
}

/** Σ_r weights_r ‖row r‖², k columns a row. */
export function weightedNorm(values: Float32Array, weights: Float32Array, k: number): number {
  let total = 0;
  for (let row = 0; row < weights.length; row++) {
    total += (weights[row] ?? 0) * dot(values, row, values, row, k);
  }
  return total;
}
