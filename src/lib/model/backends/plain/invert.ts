import { notPositiveDefinite } from '../shapes.ts';

/**
 * The inverse of a symmetric positive definite row-major n × n matrix, in 64 bits, by the sweep operator
 * (Goodnight 1979): sweeping pivot p with d = a_pp sets a_pp ← −1/d, a_ip ← a_ip/d and a_ij ← a_ij − a_ip a_jp/d;
 * all pivots swept, the matrix is −A⁻¹. Each step keeps it symmetric, so the lower triangle is enough. Yields after
 * each row of a step. Throws `matrix-not-positive-definite`.
 */
export function* invertSteps(values: Float32Array, n: number): Generator<void, Float64Array> {
  const a = Float64Array.from(values);
  const column = new Float64Array(n);
  for (let p = 0; p < n; p++) {
    const pivot = a[p * n + p] ?? 0;
    if (!(pivot > 0)) throw notPositiveDefinite({ row: p });
    for (let i = 0; i < n; i++) column[i] = (i < p ? a[p * n + i] : a[i * n + p]) ?? 0;
    for (let i = 0; i < n; i++) {
      if (i === p) continue;
      const scaled = (column[i] ?? 0) / pivot;
      const row = i * n;
      // The pivot's own row and column come below, from the values as they were.
      if (scaled !== 0) {
        for (let j = 0; j <= i; j++) a[row + j] = (a[row + j] ?? 0) - scaled * (column[j] ?? 0);
      }
      yield;
    }
    for (let i = 0; i < n; i++) {
      const value = i === p ? -1 / pivot : (column[i] ?? 0) / pivot;
      if (i < p) a[p * n + i] = value;
      else a[i * n + p] = value;
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const value = -(a[i * n + j] ?? 0);
      a[i * n + j] = value;
      a[j * n + i] = value;
    }
  }
  return a;
}
