import { F32, multiplyAdd, sumOf, sumsOfFour } from './arithmetic';

/**
 * Steps towards the solution of a row in a basis in which the Gram matrix G is nearly diagonal (`improve.ts`): with
 * A = α0G + ridge I + YᵀWY and r = YᵀWp − Ax where x stands, conjugate gradients (Saad, Iterative Methods for Sparse
 * Linear Systems, algorithm 9.1) on (D + YᵀWY) d = r from d = 0, preconditioned with D = α0 diag G + ridge I; then
 * x + d. r is exact: what D leaves out of A costs a step some of its length, and the solution nothing. No matrix is
 * formed: a product takes each entry's factors twice, while they are in the cache. Addresses in bytes; in the order in
 * which `row-steps.ts` writes them.
 */
@unmanaged
class ConjugateGradients {
  /** Entries of the CSR matrix. */
  indptr: usize;
  indices: usize;
  data: usize;
  /** Y, rows of `width` floats, 0 from k on. */
  fixed: usize;
  /** α0 diag G, `width` floats, 1 from k on. */
  spectrum: usize;
  ridge: usize;
  width: i32;
  /** Vectors of `width` floats. D and its inverse; r; the direction p; (D + YᵀWY) p; d; a sum over some entries. */
  diagonal: usize;
  inverse: usize;
  residual: usize;
  direction: usize;
  image: usize;
  change: usize;
  part: usize;
  /** `width` floats of zeros. */
  zeros: usize;
  /** Two 64-bit floats: rᵀD⁻¹r, and the row's objective without α0 xᵀGx. */
  scalars: usize;
  /** ENTRIES_PER_BLOCK addresses of y, and as many floats. */
  rows: usize;
  weights: usize;
}

/** Entries summed in 32 bits before they join the total: a plain sum of a million would be off by 5e-4. */
const ENTRIES_PER_SUM = 1024;
/** Entries whose rows stay in the first-level cache, or nearly: 16 KiB of 128 factors. A multiple of 4. */
const ENTRIES_PER_BLOCK = 32;
/** Bytes. */
const CACHE_LINE = 64;

/**
 * Takes up to `steps` steps for each of rows [first, end) from where x stands; x and `pulls` = α0 xᵀG have rows of
 * `width` floats. `objectives` takes what is reached, Σ |d| (p − xᵀy)² + ridge ‖x‖² of a row: NaN where 32 bits do not
 * suffice.
 */
export function improveRows(
  cg: ConjugateGradients,
  first: i32,
  end: i32,
  x: usize,
  pulls: usize,
  steps: i32,
  objectives: usize,
): void {
  const bytes = <usize>cg.width * F32;
  for (let row = first; row < end; row++) {
    const begin = load<i32>(cg.indptr + <usize>row * 4);
    const last = load<i32>(cg.indptr + <usize>row * 4, 4);
    if (begin === last) {
      memory.fill(x, 0, bytes);
      store<f64>(objectives, 0);
    } else {
      beginRow(cg, row, x, pulls);
      residualOf(cg, begin, last, x);
      beginSteps(cg);
      for (let step = 1; ; step++) {
        imageOf(cg, begin, last);
        if (!takeStep(cg) || step === steps) break;
        turnDirection(cg);
      }
      store<f64>(objectives, finishRow(cg, x, pulls));
    }
    x += bytes;
    pulls += bytes;
    objectives += 8;
  }
}

/** D of a row, and what the unobserved pairs and the ridge add to residual and objective at x. */
export function beginRow(cg: ConjugateGradients, row: i32, x: usize, pull: usize): void {
  const bytes = <usize>cg.width * F32;
  const ridge = f32x4.splat(load<f32>(cg.ridge + <usize>row * F32));
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  let sum = zero;
  for (let at: usize = 0; at < bytes; at += 16) {
    const d = f32x4.add(v128.load(cg.spectrum + at), ridge);
    const value = v128.load(x + at);
    const shrunk = f32x4.mul(ridge, value);
    v128.store(cg.diagonal + at, d);
    v128.store(cg.inverse + at, f32x4.div(one, d));
    v128.store(cg.residual + at, f32x4.neg(f32x4.add(v128.load(pull + at), shrunk)));
    v128.store(cg.change + at, zero);
    sum = multiplyAdd(shrunk, value, sum);
  }
  store<f64>(cg.scalars, <f64>sumOf(sum), 8);
}

/** Adds what entries [begin, end) add to residual and objective at x. */
export function residualOf(cg: ConjugateGradients, begin: i32, end: i32, x: usize): void {
  const objective = sumEntries(cg, begin, end, x, cg.residual, true);
  store<f64>(cg.scalars, load<f64>(cg.scalars, 8) + objective, 8);
}

/** The first direction, and D's part of its image. */
export function beginSteps(cg: ConjugateGradients): void {
  const bytes = <usize>cg.width * F32;
  let sum = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const r = v128.load(cg.residual + at);
    const z = f32x4.mul(v128.load(cg.inverse + at), r);
    v128.store(cg.direction + at, z);
    v128.store(cg.image + at, r);
    sum = multiplyAdd(r, z, sum);
  }
  store<f64>(cg.scalars, <f64>sumOf(sum));
}

/** Adds the part of entries [begin, end) to the image of the direction. */
export function imageOf(cg: ConjugateGradients, begin: i32, end: i32): void {
  sumEntries(cg, begin, end, cg.direction, cg.image, false);
}

/** One step along the direction, whose image is complete. False where there is no further one to take. */
export function takeStep(cg: ConjugateGradients): bool {
  const bytes = <usize>cg.width * F32;
  const rho = load<f64>(cg.scalars);
  if (rho === 0) return false;
  let sum = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    sum = multiplyAdd(v128.load(cg.direction + at), v128.load(cg.image + at), sum);
  }
  const curvature = <f64>sumOf(sum);
  const length = rho / curvature;
  if (!(curvature > 0) || !(length < Infinity)) {
    store<f64>(cg.scalars, NaN, 8);
    return false;
  }
  store<f64>(cg.scalars, load<f64>(cg.scalars, 8) - length * rho, 8);
  const alpha = f32x4.splat(<f32>length);
  for (let at: usize = 0; at < bytes; at += 16) {
    const direction = v128.load(cg.direction + at);
    v128.store(cg.change + at, multiplyAdd(alpha, direction, v128.load(cg.change + at)));
    const r = f32x4.sub(v128.load(cg.residual + at), f32x4.mul(alpha, v128.load(cg.image + at)));
    v128.store(cg.residual + at, r);
  }
  return true;
}

/** The next direction, conjugate to those before, and D's part of its image. */
export function turnDirection(cg: ConjugateGradients): void {
  const bytes = <usize>cg.width * F32;
  let sum = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const r = v128.load(cg.residual + at);
    sum = multiplyAdd(f32x4.mul(r, v128.load(cg.inverse + at)), r, sum);
  }
  const rho = <f64>sumOf(sum);
  const beta = f32x4.splat(<f32>(rho / load<f64>(cg.scalars)));
  for (let at: usize = 0; at < bytes; at += 16) {
    const z = f32x4.mul(v128.load(cg.residual + at), v128.load(cg.inverse + at));
    const p = multiplyAdd(beta, v128.load(cg.direction + at), z);
    v128.store(cg.direction + at, p);
    v128.store(cg.image + at, f32x4.mul(v128.load(cg.diagonal + at), p));
  }
  store<f64>(cg.scalars, rho);
}

/**
 * x ← x + d. Returns the objective without α0 xᵀGx: the steps lowered a model of it that has D in the place of
 * α0G + ridge I, so α0 (2xᵀGd + dᵀ diag(G) d) is taken off.
 */
export function finishRow(cg: ConjugateGradients, x: usize, pull: usize): f64 {
  const bytes = <usize>cg.width * F32;
  const two = f32x4.splat(2);
  let sum = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const d = v128.load(cg.change + at);
    const slope = multiplyAdd(two, v128.load(pull + at), f32x4.mul(v128.load(cg.spectrum + at), d));
    sum = multiplyAdd(slope, d, sum);
    v128.store(x + at, f32x4.add(v128.load(x + at), d));
  }
  return load<f64>(cg.scalars, 8) - <f64>sumOf(sum);
}

/**
 * target += Σ t y over entries [begin, end), where with s = yᵀv: t = d⁺ − |d| s for the residual, whose
 * Σ |d| (p − s)² is returned, and t = |d| s for an image. In blocks that stay in the first-level cache: all inner
 * products first, then the sum in strips of columns that stay in registers. A group of entries at a time would wait for
 * its inner products each time.
 */
// @ts-ignore: decorator
@inline
function sumEntries(cg: ConjugateGradients, begin: i32, end: i32, v: usize, target: usize, isResidual: bool): f64 {
  const bytes = <usize>cg.width * F32;
  const whole = end - begin <= ENTRIES_PER_SUM;
  let objective: f64 = 0;
  for (let first = begin; first < end; first += ENTRIES_PER_SUM) {
    const last = min(end, first + ENTRIES_PER_SUM);
    const sum = whole ? target : cg.part;
    if (!whole) for (let at: usize = 0; at < bytes; at += 16) v128.store(sum + at, f32x4.splat(0));
    for (let block = first; block < last; block += ENTRIES_PER_BLOCK) {
      const count = min(ENTRIES_PER_BLOCK, last - block);
      if (isResidual) fetchRows(cg, block, count);
      objective += <f64>weighEntries(cg, block, count, v, isResidual);
      addEntries(cg, count, sum);
    }
    if (!whole) {
      for (let at: usize = 0; at < bytes; at += 16) {
        v128.store(target + at, f32x4.add(v128.load(target + at), v128.load(sum + at)));
      }
    }
  }
  return objective;
}

/** Looks at every cache line of the rows of `count` entries, which then come in together. */
function fetchRows(cg: ConjugateGradients, block: i32, count: i32): void {
  const bytes = <usize>cg.width * F32;
  let indices = cg.indices + <usize>block * 4;
  let seen = 0;
  for (const last = indices + <usize>count * 4; indices < last; indices += 4) {
    let y = cg.fixed + <usize>load<i32>(indices) * bytes;
    for (const end = y + bytes; y < end; y += CACHE_LINE) seen |= load<i32>(y);
  }
  // kept, so that the compiler keeps the loads
  store<i32>(cg.rows, seen);
}

/** Writes t and the address of y of `count` entries; returns Σ |d| (p − s)² for the residual. */
// @ts-ignore: decorator
@inline
function weighEntries(cg: ConjugateGradients, block: i32, count: i32, v: usize, isResidual: bool): f32 {
  const bytes = <usize>cg.width * F32;
  const fixed = cg.fixed;
  const zeros = cg.zeros;
  const zero = f32x4.splat(0);
  const vEnd = v + bytes;
  let indices = cg.indices + <usize>block * 4;
  let data = cg.data + <usize>block * F32;
  let rows = cg.rows;
  let weights = cg.weights;
  let objective = zero;
  for (let left = count; left > 0; left -= 4) {
    let y0 = fixed + <usize>load<i32>(indices) * bytes;
    let y1 = zeros;
    let y2 = zeros;
    let y3 = zeros;
    let d: v128;
    if (left >= 4) {
      y1 = fixed + <usize>load<i32>(indices, 4) * bytes;
      y2 = fixed + <usize>load<i32>(indices, 8) * bytes;
      y3 = fixed + <usize>load<i32>(indices, 12) * bytes;
      d = v128.load(data);
    } else {
      d = f32x4.replace_lane(zero, 0, load<f32>(data));
      if (left > 1) {
        y1 = fixed + <usize>load<i32>(indices, 4) * bytes;
        d = f32x4.replace_lane(d, 1, load<f32>(data, 4));
      }
      if (left > 2) {
        y2 = fixed + <usize>load<i32>(indices, 8) * bytes;
        d = f32x4.replace_lane(d, 2, load<f32>(data, 8));
      }
    }
    store<usize>(rows, y0);
    store<usize>(rows, y1, 4);
    store<usize>(rows, y2, 8);
    store<usize>(rows, y3, 12);
    let a0 = zero;
    let a1 = zero;
    let a2 = zero;
    let a3 = zero;
    let b0 = zero;
    let b1 = zero;
    let b2 = zero;
    let b3 = zero;
    for (let at = v; at < vEnd; at += 32) {
      const first = v128.load(at);
      a0 = multiplyAdd(first, v128.load(y0), a0);
      a1 = multiplyAdd(first, v128.load(y1), a1);
      a2 = multiplyAdd(first, v128.load(y2), a2);
      a3 = multiplyAdd(first, v128.load(y3), a3);
      const second = v128.load(at, 16);
      b0 = multiplyAdd(second, v128.load(y0, 16), b0);
      b1 = multiplyAdd(second, v128.load(y1, 16), b1);
      b2 = multiplyAdd(second, v128.load(y2, 16), b2);
      b3 = multiplyAdd(second, v128.load(y3, 16), b3);
      y0 += 32;
      y1 += 32;
      y2 += 32;
      y3 += 32;
    }
    const s = sumsOfFour(f32x4.add(a0, b0), f32x4.add(a1, b1), f32x4.add(a2, b2), f32x4.add(a3, b3));
    if (isResidual) {
      // d⁺ − |d| s = |d| (p − s)
      const error = f32x4.sub(v128.and(f32x4.gt(d, zero), f32x4.splat(1)), s);
      const t = f32x4.mul(f32x4.abs(d), error);
      objective = multiplyAdd(t, error, objective);
      v128.store(weights, t);
    } else {
      v128.store(weights, f32x4.mul(f32x4.abs(d), s));
    }
    indices += 16;
    data += 16;
    rows += 16;
    weights += 16;
  }
  return sumOf(objective);
}

/** sum += Σ t y over the entries that `weighEntries` left. */
function addEntries(cg: ConjugateGradients, count: i32, sum: usize): void {
  const bytes = <usize>cg.width * F32;
  const rows = cg.rows;
  const weights = cg.weights;
  const end = rows + <usize>count * 4;
  let at: usize = 0;
  for (; at + 128 <= bytes; at += 128) {
    const to = sum + at;
    let s0 = v128.load(to);
    let s1 = v128.load(to, 16);
    let s2 = v128.load(to, 32);
    let s3 = v128.load(to, 48);
    let s4 = v128.load(to, 64);
    let s5 = v128.load(to, 80);
    let s6 = v128.load(to, 96);
    let s7 = v128.load(to, 112);
    let weight = weights;
    for (let row = rows; row < end; row += 4) {
      const t = v128.load32_splat(weight);
      const y = load<usize>(row) + at;
      s0 = multiplyAdd(t, v128.load(y), s0);
      s1 = multiplyAdd(t, v128.load(y, 16), s1);
      s2 = multiplyAdd(t, v128.load(y, 32), s2);
      s3 = multiplyAdd(t, v128.load(y, 48), s3);
      s4 = multiplyAdd(t, v128.load(y, 64), s4);
      s5 = multiplyAdd(t, v128.load(y, 80), s5);
      s6 = multiplyAdd(t, v128.load(y, 96), s6);
      s7 = multiplyAdd(t, v128.load(y, 112), s7);
      weight += F32;
    }
    v128.store(to, s0);
    v128.store(to, s1, 16);
    v128.store(to, s2, 32);
    v128.store(to, s3, 48);
    v128.store(to, s4, 64);
    v128.store(to, s5, 80);
    v128.store(to, s6, 96);
    v128.store(to, s7, 112);
  }
  for (; at < bytes; at += 32) {
    const to = sum + at;
    let s0 = v128.load(to);
    let s1 = v128.load(to, 16);
    let weight = weights;
    for (let row = rows; row < end; row += 4) {
      const t = v128.load32_splat(weight);
      const y = load<usize>(row) + at;
      s0 = multiplyAdd(t, v128.load(y), s0);
      s1 = multiplyAdd(t, v128.load(y, 16), s1);
      weight += F32;
    }
    v128.store(to, s0);
    v128.store(to, s1, 16);
  }
}
