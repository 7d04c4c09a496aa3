import { F32, multiplyAdd, sumOf } from '../../backends/cpu/assembly/arithmetic';

/** One pass of stochastic gradient descent; addresses in bytes, in the order in which `descent-wasm.ts` writes them. */
@unmanaged
class Descent {
  /** Entries of user u: starts[u] to starts[u + 1] of `items` and `ratings`, in the order to visit them. */
  starts: usize;
  items: usize;
  ratings: usize;
  /** Users in the order to visit them. */
  order: usize;
  userBiases: usize;
  itemBiases: usize;
  /** Rows of `width` floats. */
  userFactors: usize;
  itemFactors: usize;
  /** y of SVD++, rows of `width` floats; 0 for a model without. */
  impliedFactors: usize;
  /** `width` floats each: the user's implied sum as it is and as it was. */
  implied: usize;
  before: usize;
  /** A multiple of 4; columns beyond the factors are 0 and stay so. */
  width: i32;
  mean: f32;
  biasRate: f32;
  rate: f32;
  biasRegularization: f32;
  regularization: f32;
  impliedRegularization: f32;
}

/** Visits users [first, last) of the order. Returns the sum of squared errors, each as it was met. */
export function descend(state: Descent, first: i32, last: i32): f64 {
  let total: f64 = 0;
  for (let at = first; at < last; at++) {
    const user = load<i32>(state.order + <usize>at * 4);
    total +=
      state.impliedFactors === 0 ? descendUser(state, user) : descendImplied(state, user);
  }
  return total;
}

// @ts-ignore: decorator
@inline
function biasStep(state: Descent, at: usize, error: f32): void {
  const bias = load<f32>(at);
  store<f32>(at, bias + state.biasRate * (error - state.biasRegularization * bias));
}

/**
 * For each rating of the user, e = r − (μ + b_u + b_i + pᵀq), then p += γ(e q − λ p) and q += γ(e p − λ q) at once,
 * and the biases alike.
 */
function descendUser(state: Descent, user: i32): f64 {
  const bytes = <usize>state.width * F32;
  const p = state.userFactors + <usize>user * bytes;
  const userBias = state.userBiases + <usize>user * F32;
  const keep = f32x4.splat(1 - state.rate * state.regularization);
  const end = load<i32>(state.starts + <usize>user * 4, 4);
  let total: f64 = 0;
  for (let entry = load<i32>(state.starts + <usize>user * 4); entry < end; entry++) {
    const item = <usize>load<i32>(state.items + <usize>entry * 4);
    const q = state.itemFactors + item * bytes;
    const itemBias = state.itemBiases + item * F32;
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let at: usize = 0;
    for (; at + 64 <= bytes; at += 64) {
      s0 = multiplyAdd(v128.load(p + at), v128.load(q + at), s0);
      s1 = multiplyAdd(v128.load(p + at, 16), v128.load(q + at, 16), s1);
      s2 = multiplyAdd(v128.load(p + at, 32), v128.load(q + at, 32), s2);
      s3 = multiplyAdd(v128.load(p + at, 48), v128.load(q + at, 48), s3);
    }
    for (; at < bytes; at += 16) s0 = multiplyAdd(v128.load(p + at), v128.load(q + at), s0);
    const product = sumOf(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
    const error =
      load<f32>(state.ratings + <usize>entry * F32) -
      (state.mean + load<f32>(userBias) + load<f32>(itemBias) + product);
    total += <f64>error * <f64>error;
    biasStep(state, userBias, error);
    biasStep(state, itemBias, error);
    const step = f32x4.splat(state.rate * error);
    for (at = 0; at + 32 <= bytes; at += 32) {
      const p0 = v128.load(p + at);
      const p1 = v128.load(p + at, 16);
      const q0 = v128.load(q + at);
      const q1 = v128.load(q + at, 16);
      v128.store(p + at, multiplyAdd(step, q0, f32x4.mul(keep, p0)));
      v128.store(p + at, multiplyAdd(step, q1, f32x4.mul(keep, p1)), 16);
      v128.store(q + at, multiplyAdd(step, p0, f32x4.mul(keep, q0)));
      v128.store(q + at, multiplyAdd(step, p1, f32x4.mul(keep, q1)), 16);
    }
    for (; at < bytes; at += 16) {
      const p0 = v128.load(p + at);
      const q0 = v128.load(q + at);
      v128.store(p + at, multiplyAdd(step, q0, f32x4.mul(keep, p0)));
      v128.store(q + at, multiplyAdd(step, p0, f32x4.mul(keep, q0)));
    }
  }
  return total;
}

/**
 * As descendUser with p + z in the place of p, z = Σ_j y_j / √n. After each rating every y_j of the user moves by
 * γ(e q / √n − λ y_j), so z by γ(e q − λ z): n vectors need not be touched n times. z is moved instead, and
 * at the end y_j = c y_j + (z − c z₀) / √n, with c = (1 − γλ)ⁿ, is what the n single steps come to.
 */
function descendImplied(state: Descent, user: i32): f64 {
  const bytes = <usize>state.width * F32;
  const p = state.userFactors + <usize>user * bytes;
  const z = state.implied;
  const before = state.before;
  const userBias = state.userBiases + <usize>user * F32;
  const keep = f32x4.splat(1 - state.rate * state.regularization);
  const shrink: f32 = 1 - state.rate * state.impliedRegularization;
  const keepImplied = f32x4.splat(shrink);
  const begin = load<i32>(state.starts + <usize>user * 4);
  const end = load<i32>(state.starts + <usize>user * 4, 4);
  if (begin === end) return 0;
  const norm = f32x4.splat(1 / sqrt<f32>(<f32>(end - begin)));
  memory.fill(z, 0, bytes);
  for (let entry = begin; entry < end; entry++) {
    const y = state.impliedFactors + <usize>load<i32>(state.items + <usize>entry * 4) * bytes;
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(z + at, multiplyAdd(norm, v128.load(y + at), v128.load(z + at)));
    }
  }
  memory.copy(before, z, bytes);
  let decay: f32 = 1;
  let total: f64 = 0;
  for (let entry = begin; entry < end; entry++) {
    const item = <usize>load<i32>(state.items + <usize>entry * 4);
    const q = state.itemFactors + item * bytes;
    const itemBias = state.itemBiases + item * F32;
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let at: usize = 0;
    for (; at + 32 <= bytes; at += 32) {
      s0 = multiplyAdd(f32x4.add(v128.load(p + at), v128.load(z + at)), v128.load(q + at), s0);
      s1 = multiplyAdd(f32x4.add(v128.load(p + at, 16), v128.load(z + at, 16)), v128.load(q + at, 16), s1);
    }
    for (; at < bytes; at += 16) {
      s0 = multiplyAdd(f32x4.add(v128.load(p + at), v128.load(z + at)), v128.load(q + at), s0);
    }
    const product = sumOf(f32x4.add(s0, s1));
    const error =
      load<f32>(state.ratings + <usize>entry * F32) -
      (state.mean + load<f32>(userBias) + load<f32>(itemBias) + product);
    total += <f64>error * <f64>error;
    biasStep(state, userBias, error);
    biasStep(state, itemBias, error);
    const step = f32x4.splat(state.rate * error);
    for (at = 0; at < bytes; at += 16) {
      const p0 = v128.load(p + at);
      const q0 = v128.load(q + at);
      const z0 = v128.load(z + at);
      v128.store(p + at, multiplyAdd(step, q0, f32x4.mul(keep, p0)));
      v128.store(q + at, multiplyAdd(step, f32x4.add(p0, z0), f32x4.mul(keep, q0)));
      v128.store(z + at, multiplyAdd(step, q0, f32x4.mul(keepImplied, z0)));
    }
    decay *= shrink;
  }
  const kept = f32x4.splat(decay);
  for (let at: usize = 0; at < bytes; at += 16) {
    const gained = f32x4.sub(v128.load(z + at), f32x4.mul(kept, v128.load(before + at)));
    v128.store(before + at, f32x4.mul(norm, gained));
  }
  for (let entry = begin; entry < end; entry++) {
    const y = state.impliedFactors + <usize>load<i32>(state.items + <usize>entry * 4) * bytes;
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(y + at, multiplyAdd(kept, v128.load(y + at), v128.load(before + at)));
    }
  }
  return total;
}
