import type { CsrMatrix } from '../matrix/csr.ts';
import { normalMatrix } from '../matrix/random.ts';
import { symmetricEigenSteps } from './symmetric-eigen.ts';

/** The largest singular values of a matrix A ≈ U diag(σ) Vᵀ, with their vectors on the column side. */
export interface TruncatedSvd {
  readonly rank: number;
  /** σ, falling; `rank` entries. */
  readonly values: Float64Array;
  /** V, row-major: columns of A × rank. A V = U diag(σ) are the rows of A in `rank` dimensions. */
  readonly right: Float64Array;
}

/** Directions beyond the rank, which take the error on themselves. */
const OVERSAMPLING = 10;
/** Rounds of the power iteration: each makes small singular values smaller still against large ones. */
const ROUNDS = 4;
/** Below this part of the greatest a singular value is rounding. */
const NEGLIGIBLE = 1e-7;

/**
 * Truncated SVD by randomised subspace iteration (Halko, Martinsson & Tropp 2011, algorithms 4.4 and 5.1), on the side
 * of the columns: Q = orth(AᵀA Q) a few times from a random Q, then the eigenvectors of the small matrix QᵀAᵀAQ. The
 * same seed gives the same result. Of a matrix of lower rank fewer dimensions come back. Yields between products.
 */
export function* truncatedSvdSteps(
  matrix: CsrMatrix,
  wanted: number,
  seed: number,
): Generator<void, TruncatedSvd> {
  const { columns, rows } = matrix;
  const width = Math.min(wanted + OVERSAMPLING, columns, rows);
  let basis = Float64Array.from(normalMatrix(columns, width, 1, seed));
  orthonormalize(basis, columns, width);
  for (let round = 0; round < ROUNDS; round++) {
    yield;
    const image = timesRows(matrix, basis, width);
    yield;
    basis = timesColumns(matrix, image, width);
    orthonormalize(basis, columns, width);
  }
  yield;
  const image = timesRows(matrix, basis, width);
  const { values, vectors } = yield* symmetricEigenSteps(gram(image, rows, width), width);
  const order = Array.from(values.keys()).sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0));
  const greatest = Math.sqrt(Math.max(0, values[order[0] ?? 0] ?? 0));
  const kept = order
    .slice(0, wanted)
    .filter((at) => Math.sqrt(Math.max(0, values[at] ?? 0)) > NEGLIGIBLE * greatest);
  const right = new Float64Array(columns * kept.length);
  for (let column = 0; column < columns; column++) {
    kept.forEach((at, dimension) => {
      let sum = 0;
      for (let m = 0; m < width; m++)
        sum += (basis[column * width + m] ?? 0) * (vectors[at * width + m] ?? 0);
      right[column * kept.length + dimension] = sum;
    });
  }
  return {
    rank: kept.length,
    values: Float64Array.from(kept, (at) => Math.sqrt(Math.max(0, values[at] ?? 0))),
    right,
  };
}

/** A X, rows × width, of a row-major X of columns × width. */
function timesRows({ rows, indptr, indices, data }: CsrMatrix, x: Float64Array, width: number): Float64Array {
  const out = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) {
    for (let at = indptr[row] ?? 0; at < (indptr[row + 1] ?? 0); at++) {
      const from = (indices[at] ?? 0) * width;
      const value = data[at] ?? 0;
      for (let m = 0; m < width; m++) {
        out[row * width + m] = (out[row * width + m] ?? 0) + value * (x[from + m] ?? 0);
      }
    }
  }
  return out;
}

/** Aᵀ Y, columns × width, of a row-major Y of rows × width. */
function timesColumns(
  { rows, columns, indptr, indices, data }: CsrMatrix,
  y: Float64Array,
  width: number,
): Float64Array<ArrayBuffer> {
  const out = new Float64Array(columns * width);
  for (let row = 0; row < rows; row++) {
    for (let at = indptr[row] ?? 0; at < (indptr[row + 1] ?? 0); at++) {
      const to = (indices[at] ?? 0) * width;
      const value = data[at] ?? 0;
      for (let m = 0; m < width; m++) {
        out[to + m] = (out[to + m] ?? 0) + value * (y[row * width + m] ?? 0);
      }
    }
  }
  return out;
}

function gram(y: Float64Array, rows: number, width: number): Float64Array {
  const out = new Float64Array(width * width);
  for (let row = 0; row < rows; row++) {
    for (let m = 0; m < width; m++) {
      const value = y[row * width + m] ?? 0;
      if (value === 0) continue;
      for (let n = 0; n < width; n++) {
        out[m * width + n] = (out[m * width + n] ?? 0) + value * (y[row * width + n] ?? 0);
      }
    }
  }
  return out;
}

/** Modified Gram–Schmidt over the columns, twice (Giraud et al. 2005); a column that vanishes becomes 0. */
function orthonormalize(x: Float64Array, rows: number, width: number): void {
  for (let column = 0; column < width; column++) {
    const before = normOf(x, rows, width, column);
    for (let pass = 0; pass < 2; pass++) {
      for (let other = 0; other < column; other++) {
        let sum = 0;
        for (let row = 0; row < rows; row++)
          sum += (x[row * width + column] ?? 0) * (x[row * width + other] ?? 0);
        for (let row = 0; row < rows; row++) {
          x[row * width + column] = (x[row * width + column] ?? 0) - sum * (x[row * width + other] ?? 0);
        }
      }
    }
    const norm = normOf(x, rows, width, column);
    const scale = norm > 1e-10 * before ? 1 / norm : 0;
    for (let row = 0; row < rows; row++) x[row * width + column] = (x[row * width + column] ?? 0) * scale;
  }
}

function normOf(x: Float64Array, rows: number, width: number, column: number): number {
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += (x[row * width + column] ?? 0) ** 2;
  return Math.sqrt(sum);
}
