/** Small dense products on row-major data, summed in Float64. */

/** Numbers that can be read by position: both precisions of typed arrays. */
export type Numbers = Float32Array | Float64Array;

/** Σ_m first[m] · second[secondOffset + m] over the length of `first`. */
export function dotAt(first: Float64Array, second: Numbers, secondOffset: number): number {
  let sum = 0;
  for (let m = 0; m < first.length; m++) sum += (first[m] ?? 0) * (second[secondOffset + m] ?? 0);
  return sum;
}

/**
 * Dot product of each row with a vector, into `into` (one entry a row). Four rows a turn: one sum alone waits for its
 * own last addition at every step, and each entry of the vector is loaded a quarter as often. A row's sum is added up
 * in the same order as by dotAt. For one kind of array alone: a loop that has met both loads each entry the slow way.
 */
export function rowDots(matrix: Float32Array, vector: Float64Array, into: Float64Array): void {
  const width = vector.length;
  const inFours = into.length - (into.length % 4);
  for (let row = 0; row < inFours; row += 4) {
    const a = row * width;
    const b = a + width;
    const c = b + width;
    const d = c + width;
    let sumA = 0;
    let sumB = 0;
    let sumC = 0;
    let sumD = 0;
    for (let m = 0; m < width; m++) {
      const value = vector[m] ?? 0;
      sumA += value * (matrix[a + m] ?? 0);
      sumB += value * (matrix[b + m] ?? 0);
      sumC += value * (matrix[c + m] ?? 0);
      sumD += value * (matrix[d + m] ?? 0);
    }
    into[row] = sumA;
    into[row + 1] = sumB;
    into[row + 2] = sumC;
    into[row + 3] = sumD;
  }
  for (let row = inFours; row < into.length; row++) into[row] = dotAt(vector, matrix, row * width);
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
export function gramOf(matrix: Float32Array, rows: number, width: number): Float64Array {
  return weightedGram(matrix, width, new Float64Array(rows).fill(1));
}

/**
 * Lower triangle of Yᵀ diag(weights) Y of a row-major matrix with `weights.length` rows. Four rows a turn: each
 * entry of the sum is then loaded and stored a quarter as often, which is what the loop spends its time on.
 */
export function weightedGram(matrix: Float32Array, width: number, weights: Float64Array): Float64Array {
  const gram = new Float64Array(width * width);
  const inFours = weights.length - (weights.length % 4);
  for (let first = 0; first < inFours; first += 4) {
    const a = first * width;
    const b = a + width;
    const c = b + width;
    const d = c + width;
    for (let row = 0; row < width; row++) {
      const wa = (weights[first] ?? 0) * (matrix[a + row] ?? 0);
      const wb = (weights[first + 1] ?? 0) * (matrix[b + row] ?? 0);
      const wc = (weights[first + 2] ?? 0) * (matrix[c + row] ?? 0);
      const wd = (weights[first + 3] ?? 0) * (matrix[d + row] ?? 0);
      const start = row * width;
      for (let column = 0; column <= row; column++) {
        gram[start + column] =
          (gram[start + column] ?? 0) +
          wa * (matrix[a + column] ?? 0) +
          wb * (matrix[b + column] ?? 0) +
          wc * (matrix[c + column] ?? 0) +
          wd * (matrix[d + column] ?? 0);
      }
    }
  }
  for (let row = inFours; row < weights.length; row++) {
    addOuter(gram, rowOf(matrix, row, width), weights[row] ?? 0);
  }
  return gram;
}

/** The given rows of a row-major matrix with `width` columns, one after the other. */
export function gatherRows(matrix: Float32Array, rows: ArrayLike<number>, width: number): Float32Array {
  const gathered = new Float32Array(rows.length * width);
  for (let at = 0; at < rows.length; at++) {
    const start = (rows[at] ?? 0) * width;
    gathered.set(matrix.subarray(start, start + width), at * width);
  }
  return gathered;
}

/** Adds matrixᵀ weights, the weighted sum of the rows, to `into` (one entry a column). */
export function addWeightedRows(matrix: Numbers, weights: Float64Array, into: Float64Array): void {
  const width = into.length;
  weights.forEach((weight, row) => {
    const start = row * width;
    for (let m = 0; m < width; m++) into[m] = (into[m] ?? 0) + weight * (matrix[start + m] ?? 0);
  });
}

/** Adds `value` to each entry of the diagonal. */
export function addToDiagonal(matrix: Float64Array, order: number, value: number): void {
  for (let row = 0; row < order; row++) matrix[row * (order + 1)] = (matrix[row * (order + 1)] ?? 0) + value;
}
