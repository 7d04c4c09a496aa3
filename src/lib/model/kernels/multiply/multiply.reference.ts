/** C = A B for row-major n × k `left` and k × k `small`: C_rj = Σ_c A_rc B_cj. */
export function multiplyReference(
  left: ArrayLike<number>,
  small: ArrayLike<number>,
  n: number,
  k: number,
): Float64Array {
  const product = new Float64Array(n * k);
  for (let row = 0; row < n; row++) {
    for (let j = 0; j < k; j++) {
      let sum = 0;
      for (let c = 0; c < k; c++) sum += (left[row * k + c] ?? 0) * (small[c * k + j] ?? 0);
      product[row * k + j] = sum;
    }
  }
  return product;
}
