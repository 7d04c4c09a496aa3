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
}

/** Entries summed in 32 bits before they join the total: a plain sum of a million would be off by 5e-4. */
const ENTRIES_PER_SUM = 1024;

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
  let objective = load<f64>(cg.scalars, 8);
  for (let first = begin; first < end; first += ENTRIES_PER_SUM) {
    objective += sumEntries(cg, first, min(end, first + ENTRIES_PER_SUM), x, cg.residual, true);
  }
  store<f64>(cg.scalars, objective, 8);
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
  for (let first = begin; first < end; first += ENTRIES_PER_SUM) {
    sumEntries(cg, first, min(end, first + ENTRIES_PER_SUM), cg.direction, cg.image, false);
  }
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
 * Σ |d| (p − s)² is returned, and t = |d| s for an image.
 */
// @ts-ignore: decorator
@inline
function sumEntries(cg: ConjugateGradients, begin: i32, end: i32, v: usize, target: usize, isResidual: bool): f64 {
  const bytes = <usize>cg.width * F32;
  const fixed = cg.fixed;
  const whole = end - begin <= 8;
  const part = whole ? target : cg.part;
  const zero = f32x4.splat(0);
  if (!whole) for (let p: usize = 0; p < bytes; p += 16) v128.store(part + p, zero);
  let objective = zero;
  for (let entry = begin; entry < end; entry += 4) {
    const at = cg.indices + <usize>entry * 4;
    const left = end - entry;
    const y0 = fixed + <usize>load<i32>(at) * bytes;
    let y1 = cg.zeros;
    let y2 = cg.zeros;
    let y3 = cg.zeros;
    let d: v128;
    if (left >= 4) {
      y1 = fixed + <usize>load<i32>(at, 4) * bytes;
      y2 = fixed + <usize>load<i32>(at, 8) * bytes;
      y3 = fixed + <usize>load<i32>(at, 12) * bytes;
      d = v128.load(cg.data + <usize>entry * F32);
    } else {
      d = f32x4.replace_lane(zero, 0, load<f32>(cg.data + <usize>entry * F32));
      if (left > 1) {
        y1 = fixed + <usize>load<i32>(at, 4) * bytes;
        d = f32x4.replace_lane(d, 1, load<f32>(cg.data + <usize>entry * F32, 4));
      }
      if (left > 2) {
        y2 = fixed + <usize>load<i32>(at, 8) * bytes;
        d = f32x4.replace_lane(d, 2, load<f32>(cg.data + <usize>entry * F32, 8));
      }
    }
    let a0 = zero;
    let a1 = zero;
    let a2 = zero;
    let a3 = zero;
    let b0 = zero;
    let b1 = zero;
    let b2 = zero;
    let b3 = zero;
    for (let p: usize = 0; p < bytes; p += 32) {
      const first = v128.load(v + p);
      a0 = multiplyAdd(first, v128.load(y0 + p), a0);
      a1 = multiplyAdd(first, v128.load(y1 + p), a1);
      a2 = multiplyAdd(first, v128.load(y2 + p), a2);
      a3 = multiplyAdd(first, v128.load(y3 + p), a3);
      const second = v128.load(v + p, 16);
      b0 = multiplyAdd(second, v128.load(y0 + p, 16), b0);
      b1 = multiplyAdd(second, v128.load(y1 + p, 16), b1);
      b2 = multiplyAdd(second, v128.load(y2 + p, 16), b2);
      b3 = multiplyAdd(second, v128.load(y3 + p, 16), b3);
    }
    const s = sumsOfFour(f32x4.add(a0, b0), f32x4.add(a1, b1), f32x4.add(a2, b2), f32x4.add(a3, b3));
    const weight = f32x4.abs(d);
    let t: v128;
    if (isResidual) {
      // d⁺ − |d| s = |d| (p − s)
      const error = f32x4.sub(v128.and(f32x4.gt(d, zero), f32x4.splat(1)), s);
      t = f32x4.mul(weight, error);
      objective = multiplyAdd(t, error, objective);
    } else {
      t = f32x4.mul(weight, s);
    }
    const t0 = v128.shuffle<f32>(t, t, 0, 0, 0, 0);
    const t1 = v128.shuffle<f32>(t, t, 1, 1, 1, 1);
    const t2 = v128.shuffle<f32>(t, t, 2, 2, 2, 2);
    const t3 = v128.shuffle<f32>(t, t, 3, 3, 3, 3);
    for (let p: usize = 0; p < bytes; p += 16) {
      const left = multiplyAdd(t1, v128.load(y1 + p), f32x4.mul(t0, v128.load(y0 + p)));
      const right = multiplyAdd(t3, v128.load(y3 + p), f32x4.mul(t2, v128.load(y2 + p)));
      v128.store(part + p, f32x4.add(v128.load(part + p), f32x4.add(left, right)));
    }
  }
  if (!whole) {
    for (let p: usize = 0; p < bytes; p += 16) {
      v128.store(target + p, f32x4.add(v128.load(target + p), v128.load(part + p)));
    }
  }
  return <f64>sumOf(objective);
}
