import { choleskyFactor } from '../matrix/cholesky.ts';
import { normalMatrix } from '../matrix/random.ts';
import { symmetricEigenSteps } from './symmetric-eigen.ts';

/** A symmetric positive semi-definite n × n operator P, and products with tall matrices (row-major, n rows). */
export interface BlockOperator {
  /** P Y. */
  blur(y: Float32Array, columns: number): Generator<void, Float32Array<ArrayBuffer>>;
  /** YᵀY. */
  gram(y: Float32Array, columns: number): Generator<void, Float64Array>;
  /** Y M, M square. */
  times(y: Float32Array, columns: number, m: Float64Array): Generator<void, Float32Array<ArrayBuffer>>;
}

export interface LeadingEigenvectors {
  /** Falling; fewer than asked for where P has a lower rank. */
  readonly values: Float64Array;
  /** Row-major, n × values.length; columns of length 1. */
  readonly vectors: Float32Array<ArrayBuffer>;
}

/** Columns beyond the rank asked for, as a part of it: the last vectors converge at the rate of what follows them. */
const OVERSAMPLING = 1 / 8;
const MIN_OVERSAMPLING = 8;
/** Times that P is applied and the columns are made orthonormal. */
const ROUNDS = 7;
/** Added to the Gram matrix's diagonal, over its largest entry: 32 bits resolve no less (Fukaya et al. 2020). */
const SHIFT = 1e-6;
/** An eigenvalue below this part of the first is none: its square drowns in 32 bits. */
const NEGLIGIBLE = 1e-3;

/**
 * The eigenvectors of the `rank` largest eigenvalues, by subspace iteration from a seeded random start (Halko,
 * Martinsson & Tropp, "Finding Structure with Randomness", 2011, algorithm 4.4) with shifted Cholesky QR between. For
 * P = RᵀR they are the right singular vectors of R. Where eigenvalues lie close together, what is found is some mixture
 * of theirs. Yields between short steps.
 */
export function* leadingEigenvectorSteps(
  operator: BlockOperator,
  n: number,
  rank: number,
  seed: number,
): Generator<void, LeadingEigenvectors> {
  const columns = Math.min(n, rank + Math.max(MIN_OVERSAMPLING, Math.ceil(rank * OVERSAMPLING)));
  let y = normalMatrix(n, columns, 1, seed);
  for (let round = 0; round < ROUNDS; round++) {
    y = yield* operator.blur(y, columns);
    y = yield* operator.times(y, columns, inverseFactor(yield* operator.gram(y, columns), columns));
  }
  // with orthonormal Q: (PQ)ᵀ(PQ) = W Λ² Wᵀ, and the columns of P Q W Λ⁻¹ are orthonormal as well
  y = yield* operator.blur(y, columns);
  const { values, vectors } = yield* symmetricEigenSteps(yield* operator.gram(y, columns), columns);
  const order = [...values.keys()].sort((first, second) => (values[second] ?? 0) - (values[first] ?? 0));
  const squares = Float64Array.from(order, (at) => Math.max(0, values[at] ?? 0));
  const least = NEGLIGIBLE ** 2 * (squares[0] ?? 0);
  const found = squares.subarray(0, rank).filter((square) => square > least).length;
  const turn = new Float64Array(columns * columns);
  for (let to = 0; to < found; to++) {
    const from = (order[to] ?? 0) * columns;
    const scale = 1 / Math.sqrt(squares[to] ?? 1);
    for (let row = 0; row < columns; row++) turn[row * columns + to] = scale * (vectors[from + row] ?? 0);
  }
  const turned = yield* operator.times(y, columns, turn);
  const leading = new Float32Array(n * found);
  for (let row = 0; row < n; row++) {
    leading.set(turned.subarray(row * columns, row * columns + found), row * found);
  }
  return { values: squares.slice(0, found).map(Math.sqrt), vectors: leading };
}

/** L⁻ᵀ of the Cholesky factor of a Gram matrix: Y L⁻ᵀ has orthonormal columns. Zero where the matrix is. */
function inverseFactor(gram: Float64Array, n: number): Float64Array {
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, gram[i * (n + 1)] ?? 0);
  const inverse = new Float64Array(n * n);
  const lower = gram.slice();
  for (let i = 0; i < n; i++) lower[i * (n + 1)] = (lower[i * (n + 1)] ?? 0) + SHIFT * largest;
  if (!choleskyFactor(lower, n)) return inverse;
  // column j of L⁻¹ from L x = e_j, written as row j of L⁻ᵀ
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = i === j ? 1 : 0;
      for (let p = j; p < i; p++) sum -= (lower[i * n + p] ?? 0) * (inverse[j * n + p] ?? 0);
      inverse[j * n + i] = sum / (lower[i * (n + 1)] ?? 1);
    }
  }
  return inverse;
}
