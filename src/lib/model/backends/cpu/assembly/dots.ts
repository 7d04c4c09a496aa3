import { F32, multiplyAdd, sumOf } from './arithmetic';

/** xᵀy of `k` floats each, any alignment. */
export function dot(x: usize, y: usize, k: i32): f32 {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let left = k;
  for (; left >= 16; left -= 16) {
    s0 = multiplyAdd(v128.load(x), v128.load(y), s0);
    s1 = multiplyAdd(v128.load(x, 16), v128.load(y, 16), s1);
    s2 = multiplyAdd(v128.load(x, 32), v128.load(y, 32), s2);
    s3 = multiplyAdd(v128.load(x, 48), v128.load(y, 48), s3);
    x += 64;
    y += 64;
  }
  for (; left >= 4; left -= 4) {
    s0 = multiplyAdd(v128.load(x), v128.load(y), s0);
    x += 16;
    y += 16;
  }
  let sum = sumOf(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
  for (; left > 0; left--) {
    sum += load<f32>(x) * load<f32>(y);
    x += F32;
    y += F32;
  }
  return sum;
}

/** Σ |d| (p − xᵀy)² over entries [begin, end) of one row, x its factors; rows of `k` floats. Summed in 64 bits. */
export function observedLoss(indices: usize, data: usize, begin: i32, end: i32, x: usize, y: usize, k: i32): f64 {
  let total: f64 = 0;
  for (let entry = begin; entry < end; entry++) {
    const d = load<f32>(data + <usize>entry * F32);
    const at = y + <usize>load<i32>(indices + <usize>entry * 4) * <usize>k * F32;
    const error = <f64>((d > 0 ? <f32>1 : <f32>0) - dot(x, at, k));
    total += <f64>abs(d) * error * error;
  }
  return total;
}

/** As observedLoss over rows [first, last) of the CSR matrix. */
export function observedLossOfRows(
  indptr: usize,
  indices: usize,
  data: usize,
  first: i32,
  last: i32,
  x: usize,
  y: usize,
  k: i32,
): f64 {
  let total: f64 = 0;
  for (let row = first; row < last; row++) {
    const begin = load<i32>(indptr + <usize>row * 4);
    const end = load<i32>(indptr + <usize>row * 4, 4);
    total += observedLoss(indices, data, begin, end, x + <usize>row * <usize>k * F32, y, k);
  }
  return total;
}

/** Σ_r weights_r ‖row r‖² over rows [first, last) of `k` floats. */
export function weightedNorm(values: usize, weights: usize, first: i32, last: i32, k: i32): f64 {
  let total: f64 = 0;
  for (let row = first; row < last; row++) {
    const at = values + <usize>row * <usize>k * F32;
    total += <f64>load<f32>(weights + <usize>row * F32) * <f64>dot(at, at, k);
  }
  return total;
}
