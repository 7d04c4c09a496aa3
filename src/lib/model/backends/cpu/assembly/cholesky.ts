import { F32, multiplyAdd, subtractProduct, sumsOfFour } from './arithmetic';

/**
 * Factors the leading n × n of A = RᵀR in place (R upper, row-major, stride in bytes), carrying every further column
 * up to `width` (a multiple of 8, above n) along: a right side b standing there becomes R⁻ᵀ b, the forward half of a
 * solve. `inverses` takes 1 / R_ii. Rows are taken in fours: the sums over all rows above, in tiles of 4 × 8 in
 * registers, then the 4 × 4 triangle, then the division by it.
 *
 * Returns the smallest R_ii² / A_ii: how much of its diagonal a pivot keeps, so 2⁻²⁴ over it bounds the relative
 * error of the solution (Demmel 1989, the condition after scaling). 0 or less, or NaN, where a pivot is not above 0.
 */
export function choleskyFactor(a: usize, stride: usize, n: i32, width: i32, inverses: usize): f32 {
  let worst: f32 = 1;
  for (let i = 0; i < n; i += 4) {
    const ai = a + <usize>i * stride;
    const iAt = <usize>i * F32;
    // the diagonal before the sums are taken off
    const first = ai + iAt;
    const d0 = load<f32>(first);
    const d1 = load<f32>(first + stride, 4);
    const d2 = load<f32>(first + 2 * stride, 8);
    const d3 = load<f32>(first + 3 * stride, 12);
    for (let j = i & ~7; j < width; j += 8) subtractAbove(a, stride, i, j);
    // the triangle; rows from n on are padding, whatever stands there
    const p0 = load<f32>(first);
    worst = min(worst, p0 / d0);
    if (!(p0 > 0)) return 0;
    const r0 = <f32>1 / sqrt(p0);
    const r01 = load<f32>(first, 4) * r0;
    const r02 = load<f32>(first, 8) * r0;
    const r03 = load<f32>(first, 12) * r0;
    let r1: f32 = 1;
    let r2: f32 = 1;
    let r3: f32 = 1;
    let r12: f32 = 0;
    let r13: f32 = 0;
    let r23: f32 = 0;
    if (i + 1 < n) {
      const p1 = load<f32>(first + stride, 4) - r01 * r01;
      worst = min(worst, p1 / d1);
      if (!(p1 > 0)) return 0;
      r1 = <f32>1 / sqrt(p1);
      r12 = (load<f32>(first + stride, 8) - r01 * r02) * r1;
      r13 = (load<f32>(first + stride, 12) - r01 * r03) * r1;
    }
    if (i + 2 < n) {
      const p2 = load<f32>(first + 2 * stride, 8) - r02 * r02 - r12 * r12;
      worst = min(worst, p2 / d2);
      if (!(p2 > 0)) return 0;
      r2 = <f32>1 / sqrt(p2);
      r23 = (load<f32>(first + 2 * stride, 12) - r02 * r03 - r12 * r13) * r2;
    }
    if (i + 3 < n) {
      const p3 = load<f32>(first + 3 * stride, 12) - r03 * r03 - r13 * r13 - r23 * r23;
      worst = min(worst, p3 / d3);
      if (!(p3 > 0)) return 0;
      r3 = <f32>1 / sqrt(p3);
    }
    store<f32>(inverses + iAt, r0);
    store<f32>(inverses + iAt, r1, 4);
    store<f32>(inverses + iAt, r2, 8);
    store<f32>(inverses + iAt, r3, 12);
    // the rest of the four rows, divided by the triangle
    const v0 = f32x4.splat(r0);
    const v1 = f32x4.splat(r1);
    const v2 = f32x4.splat(r2);
    const v3 = f32x4.splat(r3);
    const v01 = f32x4.splat(r01);
    const v02 = f32x4.splat(r02);
    const v03 = f32x4.splat(r03);
    const v12 = f32x4.splat(r12);
    const v13 = f32x4.splat(r13);
    const v23 = f32x4.splat(r23);
    const end = ai + <usize>width * F32;
    for (let at = first; at < end; at += 16) {
      const x0 = f32x4.mul(v128.load(at), v0);
      const x1 = f32x4.mul(subtractProduct(v01, x0, v128.load(at + stride)), v1);
      const s2 = subtractProduct(v12, x1, subtractProduct(v02, x0, v128.load(at + 2 * stride)));
      const x2 = f32x4.mul(s2, v2);
      const s3 = subtractProduct(
        v23,
        x2,
        subtractProduct(v13, x1, subtractProduct(v03, x0, v128.load(at + 3 * stride))),
      );
      v128.store(at, x0);
      v128.store(at + stride, x1);
      v128.store(at + 2 * stride, x2);
      v128.store(at + 3 * stride, f32x4.mul(s3, v3));
    }
  }
  return worst;
}

/** A_ij −= Σ_{q < i} R_qi R_qj for the 4 × 8 tile at (i, j). */
function subtractAbove(a: usize, stride: usize, i: i32, j: i32): void {
  const iAt = <usize>i * F32;
  const jAt = <usize>j * F32;
  const c0 = a + <usize>i * stride + jAt;
  const c1 = c0 + stride;
  const c2 = c1 + stride;
  const c3 = c2 + stride;
  let a00 = v128.load(c0);
  let a01 = v128.load(c0, 16);
  let a10 = v128.load(c1);
  let a11 = v128.load(c1, 16);
  let a20 = v128.load(c2);
  let a21 = v128.load(c2, 16);
  let a30 = v128.load(c3);
  let a31 = v128.load(c3, 16);
  let left = a + iAt;
  let right = a + jAt;
  const leftEnd = left + <usize>i * stride;
  while (left < leftEnd) {
    const r0 = v128.load(right);
    const r1 = v128.load(right, 16);
    let l = v128.load32_splat(left);
    a00 = subtractProduct(l, r0, a00);
    a01 = subtractProduct(l, r1, a01);
    l = v128.load32_splat(left, 4);
    a10 = subtractProduct(l, r0, a10);
    a11 = subtractProduct(l, r1, a11);
    l = v128.load32_splat(left, 8);
    a20 = subtractProduct(l, r0, a20);
    a21 = subtractProduct(l, r1, a21);
    l = v128.load32_splat(left, 12);
    a30 = subtractProduct(l, r0, a30);
    a31 = subtractProduct(l, r1, a31);
    left += stride;
    right += stride;
  }
  v128.store(c0, a00);
  v128.store(c0, a01, 16);
  v128.store(c1, a10);
  v128.store(c1, a11, 16);
  v128.store(c2, a20);
  v128.store(c2, a21, 16);
  v128.store(c3, a30);
  v128.store(c3, a31, 16);
}

/**
 * The backward half: solves R x = y for the y in column n of A, into `x`, of which `width` entries are written (0
 * from n on). Rows in fours: four sums at once over what is solved, then the triangle.
 */
export function backSubstitute(a: usize, stride: usize, n: i32, width: i32, inverses: usize, x: usize): void {
  for (let at = x, end = x + <usize>width * F32; at < end; at += 16) v128.store(at, f32x4.splat(0));
  const yAt = <usize>n * F32;
  for (let i = (n - 1) & ~3; i >= 0; i -= 4) {
    const row0 = a + <usize>i * stride;
    const row1 = row0 + stride;
    const row2 = row1 + stride;
    const row3 = row2 + stride;
    let s0 = f32x4.splat(0);
    let s1 = f32x4.splat(0);
    let s2 = f32x4.splat(0);
    let s3 = f32x4.splat(0);
    const end = <usize>n * F32;
    for (let j = <usize>(i + 4) * F32; j < end; j += 16) {
      const v = v128.load(x + j);
      s0 = multiplyAdd(v, v128.load(row0 + j), s0);
      s1 = multiplyAdd(v, v128.load(row1 + j), s1);
      s2 = multiplyAdd(v, v128.load(row2 + j), s2);
      s3 = multiplyAdd(v, v128.load(row3 + j), s3);
    }
    const sums = sumsOfFour(s0, s1, s2, s3);
    const at = <usize>i * F32;
    let x1: f32 = 0;
    let x2: f32 = 0;
    let x3: f32 = 0;
    if (i + 3 < n) {
      x3 = (load<f32>(row3 + yAt) - f32x4.extract_lane(sums, 3)) * load<f32>(inverses + at, 12);
    }
    if (i + 2 < n) {
      const sum = f32x4.extract_lane(sums, 2) + x3 * load<f32>(row2 + at, 12);
      x2 = (load<f32>(row2 + yAt) - sum) * load<f32>(inverses + at, 8);
    }
    if (i + 1 < n) {
      const sum = f32x4.extract_lane(sums, 1) + x3 * load<f32>(row1 + at, 12) + x2 * load<f32>(row1 + at, 8);
      x1 = (load<f32>(row1 + yAt) - sum) * load<f32>(inverses + at, 4);
    }
    const sum =
      f32x4.extract_lane(sums, 0) +
      x3 * load<f32>(row0 + at, 12) +
      x2 * load<f32>(row0 + at, 8) +
      x1 * load<f32>(row0 + at, 4);
    const x0 = (load<f32>(row0 + yAt) - sum) * load<f32>(inverses + at);
    store<f32>(x + at, x0);
    store<f32>(x + at, x1, 4);
    store<f32>(x + at, x2, 8);
    store<f32>(x + at, x3, 12);
  }
}
