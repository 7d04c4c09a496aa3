import { AppError } from '../../errors.ts';

/** QL steps that one eigenvalue may take; two or three are usual. */
const MAX_STEPS = 60;

/**
 * Eigenvalues and eigenvectors of a symmetric `matrix` (row-major n × n, both triangles): A = V Λ Vᵀ. `values`
 * ascend; `vectors` is row-major with eigenvector j, of length 1, in column j. O(n³).
 *
 * Householder reduction to tridiagonal form, then the implicit QL method (Wilkinson and Reinsch, "Handbook for
 * Automatic Computation, Linear Algebra", 1971, procedures tred2 and tql2). Throws `training-diverged` for a matrix
 * that is not finite.
 */
export function symmetricEigen(
  matrix: Float64Array,
  n: number,
): { values: Float64Array; vectors: Float64Array } {
  if (!matrix.every(Number.isFinite)) throw notFinite();
  const vectors = Float64Array.from(matrix);
  const values = new Float64Array(n);
  const beside = new Float64Array(n);
  if (n > 0) {
    tridiagonalize(vectors, values, beside, n);
    diagonalize(vectors, values, beside, n);
    sortAscending(vectors, values, n);
  }
  return { values, vectors: transposed(vectors, n) };
}

/**
 * A = V T Vᵀ with T tridiagonal: `d` its diagonal, `e` what is beside it, from 1 on. `v` holds A, then Vᵀ: rows are
 * what the QL steps turn, and rows lie together in memory.
 */
function tridiagonalize(v: Float64Array, d: Float64Array, e: Float64Array, n: number): void {
  const at = (row: number, column: number): number => v[row * n + column] ?? 0;
  for (let j = 0; j < n; j++) d[j] = at(n - 1, j);
  for (let i = n - 1; i > 0; i--) {
    let scale = 0;
    let h = 0;
    for (let k = 0; k < i; k++) scale += Math.abs(d[k] ?? 0);
    if (scale === 0) {
      e[i] = d[i - 1] ?? 0;
      for (let j = 0; j < i; j++) {
        d[j] = at(i - 1, j);
        v[i * n + j] = 0;
        v[j * n + i] = 0;
      }
    } else {
      // the Householder vector of row i, scaled against overflow
      for (let k = 0; k < i; k++) {
        d[k] = (d[k] ?? 0) / scale;
        h += (d[k] ?? 0) ** 2;
      }
      const f = d[i - 1] ?? 0;
      const g = f > 0 ? -Math.sqrt(h) : Math.sqrt(h);
      e[i] = scale * g;
      h -= f * g;
      d[i - 1] = f - g;
      e.fill(0, 0, i);
      reflect(v, d, e, i, n);
      // A ← A − u qᵀ − q uᵀ
      let uq = 0;
      for (let j = 0; j < i; j++) {
        e[j] = (e[j] ?? 0) / h;
        uq += (e[j] ?? 0) * (d[j] ?? 0);
      }
      for (let j = 0; j < i; j++) e[j] = (e[j] ?? 0) - (uq / (h + h)) * (d[j] ?? 0);
      for (let k = 0; k < i; k++) {
        const dk = d[k] ?? 0;
        const ek = e[k] ?? 0;
        for (let j = 0; j <= k; j++) v[k * n + j] = at(k, j) - (d[j] ?? 0) * ek - (e[j] ?? 0) * dk;
      }
      for (let j = 0; j < i; j++) {
        v[j * n + i] = d[j] ?? 0;
        d[j] = at(i - 1, j);
        v[i * n + j] = 0;
      }
    }
    d[i] = h;
  }
  accumulateReflections(v, d, n);
  for (let j = 0; j < n; j++) {
    d[j] = at(n - 1, j);
    v[(n - 1) * n + j] = j === n - 1 ? 1 : 0;
  }
  e[0] = 0;
  transposeInPlace(v, n);
}

/** e ← A u over the lower triangle of the leading i × i part, u in `d`. */
function reflect(v: Float64Array, d: Float64Array, e: Float64Array, i: number, n: number): void {
  for (let k = 0; k < i; k++) {
    const dk = d[k] ?? 0;
    let sum = (v[k * n + k] ?? 0) * dk;
    for (let j = 0; j < k; j++) {
      const value = v[k * n + j] ?? 0;
      sum += value * (d[j] ?? 0);
      e[j] = (e[j] ?? 0) + value * dk;
    }
    e[k] = (e[k] ?? 0) + sum;
  }
}

/** The product of the reflections, whose vectors stand in the columns above the diagonal. */
function accumulateReflections(v: Float64Array, d: Float64Array, n: number): void {
  const sums = new Float64Array(n);
  for (let i = 0; i < n - 1; i++) {
    v[(n - 1) * n + i] = v[i * n + i] ?? 0;
    v[i * n + i] = 1;
    const h = d[i + 1] ?? 0;
    if (h !== 0) {
      sums.fill(0, 0, i + 1);
      for (let k = 0; k <= i; k++) {
        const u = v[k * n + i + 1] ?? 0;
        for (let j = 0; j <= i; j++) sums[j] = (sums[j] ?? 0) + u * (v[k * n + j] ?? 0);
      }
      for (let k = 0; k <= i; k++) {
        const scaled = (v[k * n + i + 1] ?? 0) / h;
        for (let j = 0; j <= i; j++) v[k * n + j] = (v[k * n + j] ?? 0) - (sums[j] ?? 0) * scaled;
      }
    }
    for (let k = 0; k <= i; k++) v[k * n + i + 1] = 0;
  }
}

/** Implicit QL on the tridiagonal form; `v` holds Vᵀ, a row an eigenvector in the end. */
function diagonalize(v: Float64Array, d: Float64Array, e: Float64Array, n: number): void {
  e.copyWithin(0, 1);
  e[n - 1] = 0;
  let shift = 0;
  let largest = 0;
  for (let l = 0; l < n; l++) {
    largest = Math.max(largest, Math.abs(d[l] ?? 0) + Math.abs(e[l] ?? 0));
    const negligible = Number.EPSILON * largest;
    let m = l;
    while (m < n - 1 && Math.abs(e[m] ?? 0) > negligible) m++;
    for (let step = 0; m > l && Math.abs(e[l] ?? 0) > negligible; step++) {
      if (step === MAX_STEPS) throw notFinite();
      shift += shiftOrigin(d, e, l, n);
      sweep(v, d, e, l, m, n);
    }
    d[l] = (d[l] ?? 0) + shift;
    e[l] = 0;
  }
}

/** Moves the origin near an eigenvalue of the leading 2 × 2 part; returns by how much. */
function shiftOrigin(d: Float64Array, e: Float64Array, l: number, n: number): number {
  const g = d[l] ?? 0;
  const el = e[l] ?? 0;
  const p = ((d[l + 1] ?? 0) - g) / (2 * el);
  const r = p < 0 ? -Math.hypot(p, 1) : Math.hypot(p, 1);
  d[l] = el / (p + r);
  d[l + 1] = el * (p + r);
  const h = g - (d[l] ?? 0);
  for (let i = l + 2; i < n; i++) d[i] = (d[i] ?? 0) - h;
  return h;
}

/** One QL step by plane rotations from m up to l. */
function sweep(v: Float64Array, d: Float64Array, e: Float64Array, l: number, m: number, n: number): void {
  let p = d[m] ?? 0;
  let c = 1;
  let c2 = 1;
  let c3 = 1;
  let s = 0;
  let s2 = 0;
  const el1 = e[l + 1] ?? 0;
  const dl1 = d[l + 1] ?? 0;
  for (let i = m - 1; i >= l; i--) {
    c3 = c2;
    c2 = c;
    s2 = s;
    const ei = e[i] ?? 0;
    const g = c * ei;
    const h = c * p;
    const r = Math.hypot(p, ei);
    e[i + 1] = s * r;
    s = ei / r;
    c = p / r;
    p = c * (d[i] ?? 0) - s * g;
    d[i + 1] = h + s * (c * g + s * (d[i] ?? 0));
    for (let k = 0; k < n; k++) {
      const below = v[(i + 1) * n + k] ?? 0;
      const above = v[i * n + k] ?? 0;
      v[(i + 1) * n + k] = s * above + c * below;
      v[i * n + k] = c * above - s * below;
    }
  }
  p = (-s * s2 * c3 * el1 * (e[l] ?? 0)) / dl1;
  e[l] = s * p;
  d[l] = c * p;
}

function sortAscending(v: Float64Array, d: Float64Array, n: number): void {
  const order = Array.from(d.keys()).sort((first, second) => (d[first] ?? 0) - (d[second] ?? 0));
  const [values, rows] = [d.slice(), v.slice()];
  order.forEach((from, to) => {
    d[to] = values[from] ?? 0;
    v.set(rows.subarray(from * n, (from + 1) * n), to * n);
  });
}

function transposeInPlace(v: Float64Array, n: number): void {
  v.set(transposed(v, n));
}

function transposed(v: Float64Array, n: number): Float64Array {
  const result = new Float64Array(v.length);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) result[j * n + i] = v[i * n + j] ?? 0;
  return result;
}

function notFinite(): AppError {
  return new AppError('training-diverged', 'A matrix to decompose is not finite.', {
    remedy: 'Raise the regularization.',
  });
}
