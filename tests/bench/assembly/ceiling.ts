/**
 * The most multiply-adds that WebAssembly SIMD does here: the eight sums of a tile, nothing loaded. 32 · rounds
 * multiply-adds of floats. Returns a number that depends on all of them.
 */
export function multiplyAdds(rounds: i32): f32 {
  let s00 = f32x4.splat(1);
  let s01 = f32x4.splat(2);
  let s10 = f32x4.splat(3);
  let s11 = f32x4.splat(4);
  let s20 = f32x4.splat(5);
  let s21 = f32x4.splat(6);
  let s30 = f32x4.splat(7);
  let s31 = f32x4.splat(8);
  let r0 = f32x4.splat(0.999);
  let r1 = f32x4.splat(0.998);
  const l0 = f32x4.splat(0.5);
  const l1 = f32x4.splat(0.6);
  const l2 = f32x4.splat(0.7);
  const bit = i32x4.splat(1);
  for (let round = 0; round < rounds; round++) {
    s00 = multiplyAdd(l0, r0, s00);
    s01 = multiplyAdd(l0, r1, s01);
    s10 = multiplyAdd(l1, r0, s10);
    s11 = multiplyAdd(l1, r1, s11);
    s20 = multiplyAdd(l2, r0, s20);
    s21 = multiplyAdd(l2, r1, s21);
    // other factors in each round, or one product would do for all
    r0 = v128.xor(r0, bit);
    s30 = multiplyAdd(r0, r1, s30);
    s31 = multiplyAdd(r1, r1, s31);
    r1 = v128.xor(r1, bit);
  }
  const sum = f32x4.add(
    f32x4.add(f32x4.add(s00, s01), f32x4.add(s10, s11)),
    f32x4.add(f32x4.add(s20, s21), f32x4.add(s30, s31)),
  );
  return f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 2);
}

// @ts-ignore: decorator
@inline
function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}
