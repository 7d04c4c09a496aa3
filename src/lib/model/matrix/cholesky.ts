/**
 * Solves A x = b for a symmetric positive definite A by A = L Lᵀ (Cholesky), in place: A's lower triangle becomes
 * L, b becomes x. `a` is row-major n × n, only its lower triangle is read. Returns false, leaving both half
 * done, where a pivot is not above 0.
 */
export function choleskySolve(a: Float64Array, b: Float64Array, n: number): boolean {
  if (!choleskyFactor(a, n)) return false;
  choleskySubstitute(a, b, n);
  return true;
}

/** The first half of choleskySolve: A's lower triangle becomes L. Returns false where a pivot is not above 0. */
export function choleskyFactor(a: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    const rowI = i * n;
    for (let j = 0; j < i; j++) {
      const rowJ = j * n;
      // L_ij = (A_ij − Σ_p L_ip L_jp) / L_jj
      let sum = a[rowI + j] ?? 0;
      for (let p = 0; p < j; p++) sum -= (a[rowI + p] ?? 0) * (a[rowJ + p] ?? 0);
      a[rowI + j] = sum / (a[rowJ + j] ?? 0);
    }
    // L_ii² = A_ii − Σ_p L_ip²
    let pivot = a[rowI + i] ?? 0;
    for (let p = 0; p < i; p++) pivot -= (a[rowI + p] ?? 0) ** 2;
    if (!(pivot > 0)) return false;
    a[rowI + i] = Math.sqrt(pivot);
  }
  return true;
}

/** The second half, as often as wanted for one L of choleskyFactor: solves L Lᵀ x = b, b becomes x. */
export function choleskySubstitute(l: Float64Array, b: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    let sum = b[i] ?? 0;
    for (let p = 0; p < i; p++) sum -= (l[i * n + p] ?? 0) * (b[p] ?? 0);
    b[i] = sum / (l[i * n + i] ?? 0);
  }
  for (let i = n - 1; i >= 0; i--) {
    const value = (b[i] ?? 0) / (l[i * n + i] ?? 0);
    b[i] = value;
    // column i of Lᵀ is row i of L: subtract it where it stands instead of striding down a column
    for (let p = 0; p < i; p++) b[p] = (b[p] ?? 0) - (l[i * n + p] ?? 0) * value;
  }
}
