import { addOuterProducts, ROWS_AT_ONCE } from './accumulate.ts';

/** G = YᵀY of row-major n × k `factors` into k × k `gram`, summed in 64 bits. Yields between blocks of rows. */
export function* gramSteps(
  factors: Float32Array,
  n: number,
  k: number,
  gram: Float32Array,
): Generator<void, void> {
  const sum = new Float64Array(k * k);
  const block = new Float64Array(ROWS_AT_ONCE * k);
  const weights = new Float64Array(ROWS_AT_ONCE).fill(1);
  for (let row = 0; row < n; row += ROWS_AT_ONCE) {
    const rows = Math.min(ROWS_AT_ONCE, n - row);
    block.set(factors.subarray(row * k, (row + rows) * k));
    block.fill(0, rows * k);
    addOuterProducts(sum, block, weights, k);
    yield;
  }
  for (let i = 0; i < k; i++) {
    for (let j = 0; j <= i; j++) {
      const value = sum[i * k + j] ?? 0;
      gram[i * k + j] = value;
      gram[j * k + i] = value;
    }
  }
}
