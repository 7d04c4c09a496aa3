/** Small dense products on row-major data, summed in Float64. */

/** Numbers that can be read by position: both precisions of typed arrays. */
export type Numbers = Float32Array | Float64Array;

/** Σ_m first[m] · second[secondOffset + m] over the length of `first`. */
export function dotAt(first: Float64Array, second: Numbers, secondOffset: number): number {
  let sum = 0;
  for (let m = 0; m < first.length; m++) sum += (first[m] ?? 0) * (second[secondOffset + m] ?? 0);
  return sum;
}

/** Row `row` of a row-major matrix with `width` columns, in Float64. */
export function rowOf(matrix: Numbers, row: number, width: number): Float64Array {
  return Float64Array.from(matrix.subarray(row * width, (row + 1) * width));
}

/** Adds scale · v vᵀ to the lower triangle of a matrix (v.length × v.length). */
export function addOuter(matrix: Float64Array, v: Float64Array, scale: number): void {
  const order = v.length;
  for (let row = 0; row < order; row++) {
    const scaled = scale * (v[row] ?? 0);
    if (scaled === 0) continue;
    const start = row * order;
    for (let column = 0; column <= row; column++) {
      matrix[start + column] = (matrix[start + column] ?? 0) + scaled * (v[column] ?? 0);
    }
  }
}

/** Lower triangle of the Gram matrix YᵀY of a row-major matrix with `rows` × `width` entries. */
export function gramOf(matrix: Numbers, rows: number, width: number): Float64Array {
  const gram = new Float64Array(width * width);
  for (let row = 0; row < rows; row++) addOuter(gram, rowOf(matrix, row, width), 1);
  return gram;
}

/** Adds `value` to each entry of the diagonal. */
export function addToDiagonal(matrix: Float64Array, order: number, value: number): void {
  for (let row = 0; row < order; row++) matrix[row * (order + 1)] = (matrix[row * (order + 1)] ?? 0) + value;
}
