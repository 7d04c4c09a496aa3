/**
 * A⁻¹ of a symmetric positive definite row-major n × n matrix by Gauss–Jordan elimination: for each pivot p,
 * a_pp ← 1/a_pp, a_pj ← a_pj a_pp⁻¹, a_ip ← −a_ip a_pp⁻¹, a_ij ← a_ij − a_ip a_pj a_pp⁻¹.
 */
export function invertReference(matrix: Float32Array, n: number): Float64Array {
  const a = Float64Array.from(matrix);
  const at = (row: number, column: number): number => a[row * n + column] ?? 0;
  for (let p = 0; p < n; p++) {
    const inverse = 1 / at(p, p);
    for (let i = 0; i < n; i++) {
      if (i === p) continue;
      for (let j = 0; j < n; j++) {
        if (j !== p) a[i * n + j] = at(i, j) - at(i, p) * at(p, j) * inverse;
      }
    }
    for (let j = 0; j < n; j++) if (j !== p) a[p * n + j] = at(p, j) * inverse;
    for (let i = 0; i < n; i++) if (i !== p) a[i * n + p] = -at(i, p) * inverse;
    a[p * n + p] = inverse;
  }
  return a;
}
