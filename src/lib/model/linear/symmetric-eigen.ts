import { AppError } from '../../errors.ts';

/** S = Q diag(values) Qᵀ of a symmetric matrix. */
export interface SymmetricEigen {
  /** In no order. */
  readonly values: Float64Array;
  /** Qᵀ, row-major: row i is the unit eigenvector of `values[i]`. */
  readonly vectors: Float64Array;
}

/** Against a largest entry of 1: below the rounding of any sum it enters, and its square is far from underflow. */
const NEGLIGIBLE = 2 ** -100;

/** Sweeps for one eigenvalue; two are usual. */
const MAX_SWEEPS = 60;

/**
 * Eigenvalues and vectors of a symmetric n × n matrix, row-major, to an absolute error of about 2⁻⁵² ‖S‖. Householder
 * reflections make it tridiagonal, implicit QL makes that diagonal (Golub & Van Loan, Matrix Computations, 8.3; about
 * 9 n³ operations). Every inner loop runs along rows. Yields between pieces of O(n²). Throws `training-diverged` for
 * a matrix that is not finite.
 */
export function* symmetricEigenSteps(matrix: ArrayLike<number>, n: number): Generator<void, SymmetricEigen> {
  const a = Float64Array.from(matrix);
  if (!a.every(Number.isFinite)) {
    throw new AppError('training-diverged', 'A Gram matrix holds a value that is no finite number.', {
      remedy: 'Raise the regularization.',
    });
  }
  let largest = 0;
  for (const value of a) largest = Math.max(largest, Math.abs(value));
  // squares of entries must neither overflow nor vanish
  if (largest > 0) for (let at = 0; at < a.length; at++) a[at] = (a[at] ?? 0) / largest;
  const values = new Float64Array(n);
  const beside = new Float64Array(n);
  yield* tridiagonalize(a, n, values, beside);
  const vectors = new Float64Array(n * n);
  yield* accumulateReflections(a, n, vectors);
  yield* diagonalize(values, beside, vectors, n);
  return { values: values.map((value) => value * largest), vectors };
}

/**
 * S = H T H with T tridiagonal (`diagonal`; `beside[i]` stands between i and i + 1). Column s of `a` below the
 * diagonal is left holding the vector of reflection s, in row s from column s + 1 on, so that v vᵀ is the reflection's
 * rank-one part (v scaled by √β).
 */
function* tridiagonalize(
  a: Float64Array,
  n: number,
  diagonal: Float64Array,
  beside: Float64Array,
): Generator<void, void> {
  const v = new Float64Array(n);
  const w = new Float64Array(n);
  for (let s = 0; s < n; s++) {
    diagonal[s] = a[s * n + s] ?? 0;
    let norm = 0;
    for (let j = s + 1; j < n; j++) norm += (a[s * n + j] ?? 0) ** 2;
    norm = Math.sqrt(norm);
    const first = a[s * n + s + 1] ?? 0;
    if (s + 2 >= n || norm < NEGLIGIBLE) {
      if (s + 1 < n) beside[s] = first;
      for (let j = s + 1; j < n; j++) a[s * n + j] = 0;
      continue;
    }
    beside[s] = first > 0 ? -norm : norm;
    // H = I − v vᵀ takes row s to (0, …, beside, 0, …): v = (x − beside e₁) scaled to ‖v‖² = 2
    const scale = 1 / Math.sqrt(norm * (norm + Math.abs(first)));
    for (let j = s + 1; j < n; j++) v[j] = (a[s * n + j] ?? 0) * scale;
    v[s + 1] = (first - (beside[s] ?? 0)) * scale;
    for (let j = s + 1; j < n; j++) a[s * n + j] = v[j] ?? 0;
    // S ← H S H = S − v wᵀ − w vᵀ with w = S v − ½ (vᵀ S v) v
    let inner = 0;
    for (let i = s + 1; i < n; i++) {
      const row = i * n;
      let sum = 0;
      for (let j = s + 1; j < n; j++) sum += (a[row + j] ?? 0) * (v[j] ?? 0);
      w[i] = sum;
      inner += sum * (v[i] ?? 0);
    }
    for (let i = s + 1; i < n; i++) w[i] = (w[i] ?? 0) - 0.5 * inner * (v[i] ?? 0);
    for (let i = s + 1; i < n; i++) {
      const row = i * n;
      const vi = v[i] ?? 0;
      const wi = w[i] ?? 0;
      for (let j = s + 1; j < n; j++) a[row + j] = (a[row + j] ?? 0) - vi * (w[j] ?? 0) - wi * (v[j] ?? 0);
    }
    yield;
  }
}

/** `transposed` becomes Hᵀ, the product of the reflections kept in `a`, last one first. */
function* accumulateReflections(a: Float64Array, n: number, transposed: Float64Array): Generator<void, void> {
  for (let i = 0; i < n; i++) transposed[i * n + i] = 1;
  for (let s = n - 3; s >= 0; s--) {
    // rows of Hᵀ are columns of H, so a reflection from the left of H acts along each row
    for (let i = s + 1; i < n; i++) {
      const row = i * n;
      let sum = 0;
      for (let j = s + 1; j < n; j++) sum += (a[s * n + j] ?? 0) * (transposed[row + j] ?? 0);
      if (sum === 0) continue;
      for (let j = s + 1; j < n; j++)
        transposed[row + j] = (transposed[row + j] ?? 0) - sum * (a[s * n + j] ?? 0);
    }
    yield;
  }
}

/** Implicit QL with Wilkinson's shift: `d` becomes the eigenvalues, each rotation turns two rows of `vectors`. */
function* diagonalize(
  d: Float64Array,
  e: Float64Array,
  vectors: Float64Array,
  n: number,
): Generator<void, void> {
  let norm = 0;
  for (let i = 0; i < n; i++) norm = Math.max(norm, Math.abs(d[i] ?? 0) + Math.abs(e[i] ?? 0));
  const negligible = Number.EPSILON * norm;
  for (let low = 0; low < n; low++) {
    for (let sweep = 0; ; sweep++) {
      let high = low;
      while (high < n - 1 && Math.abs(e[high] ?? 0) > negligible) high++;
      if (high === low) break;
      if (sweep === MAX_SWEEPS)
        throw new AppError('internal', 'An eigenvalue was not found.', { values: { n } });
      sweepUp(d, e, vectors, n, low, high);
      yield;
    }
  }
}

/** One implicit QL sweep over the unreduced block [low, high]. */
function sweepUp(
  d: Float64Array,
  e: Float64Array,
  vectors: Float64Array,
  n: number,
  low: number,
  high: number,
): void {
  const below = e[low] ?? 0;
  const half = ((d[low + 1] ?? 0) - (d[low] ?? 0)) / (2 * below);
  const shift = half + (half < 0 ? -1 : 1) * Math.sqrt(half * half + 1);
  let g = (d[high] ?? 0) - (d[low] ?? 0) + below / shift;
  let sine = 1;
  let cosine = 1;
  let p = 0;
  for (let i = high - 1; i >= low; i--) {
    const f = sine * (e[i] ?? 0);
    const b = cosine * (e[i] ?? 0);
    const r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r === 0) {
      // the block falls apart here
      d[i + 1] = (d[i + 1] ?? 0) - p;
      e[high] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = (d[i + 1] ?? 0) - p;
    const t = ((d[i] ?? 0) - g) * sine + 2 * cosine * b;
    p = sine * t;
    d[i + 1] = g + p;
    g = cosine * t - b;
    rotate(vectors, i * n, n, sine, cosine);
  }
  d[low] = (d[low] ?? 0) - p;
  e[low] = g;
  e[high] = 0;
}

/** Turns the row at `row` and the one after it by an angle. */
function rotate(vectors: Float64Array, row: number, n: number, sine: number, cosine: number): void {
  for (let first = row, second = row + n; first < row + n; first++, second++) {
    const x = vectors[first] ?? 0;
    const y = vectors[second] ?? 0;
    vectors[second] = sine * x + cosine * y;
    vectors[first] = cosine * x - sine * y;
  }
}
