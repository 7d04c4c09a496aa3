/** Rows taken at once: each element of A is then loaded and stored once for this many products. */
export const ROWS_AT_ONCE = 4;

/**
 * A += Σ_r weight_r y_r y_rᵀ over ROWS_AT_ONCE rows: the lower triangle of row-major n × n `a`. Row r starts at
 * `y[r · n]`; a row of weight 0 adds nothing.
 */
export function addOuterProducts(a: Float64Array, y: Float64Array, weights: Float64Array, n: number): void {
  const second = n;
  const third = 2 * n;
  const fourth = 3 * n;
  const weight0 = weights[0] ?? 0;
  const weight1 = weights[1] ?? 0;
  const weight2 = weights[2] ?? 0;
  const weight3 = weights[3] ?? 0;
  for (let i = 0; i < n; i++) {
    const y0 = weight0 * (y[i] ?? 0);
    const y1 = weight1 * (y[second + i] ?? 0);
    const y2 = weight2 * (y[third + i] ?? 0);
    const y3 = weight3 * (y[fourth + i] ?? 0);
    const row = i * n;
    for (let j = 0; j <= i; j++) {
      a[row + j] =
        (a[row + j] ?? 0) +
        y0 * (y[j] ?? 0) +
        y1 * (y[second + j] ?? 0) +
        y2 * (y[third + j] ?? 0) +
        y3 * (y[fourth + j] ?? 0);
    }
  }
}
