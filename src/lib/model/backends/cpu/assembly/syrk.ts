import { F32, multiplyAdd } from './arithmetic';

/**
 * C = PᵀP (`fresh`) or C += PᵀP, the upper triangle, for a panel P of `depth` rows. C has `rows` × `columns`,
 * multiples of 4 and 8; both are row-major with their strides in bytes. Tiles of 4 × 8 stay in registers for the
 * whole depth: eight sums hide the latency of an addition, and 8 multiply-adds need 6 loads.
 */
export function syrk(
  c: usize,
  cStride: usize,
  rows: i32,
  columns: i32,
  p: usize,
  pStride: usize,
  depth: i32,
  fresh: bool,
): void {
  const end = p + <usize>depth * pStride;
  for (let i = 0; i < rows; i += 4) {
    const ci = c + <usize>i * cStride;
    const iAt = <usize>i * F32;
    for (let j = i & ~7; j < columns; j += 8) {
      const jAt = <usize>j * F32;
      const c0 = ci + jAt;
      const c1 = c0 + cStride;
      const c2 = c1 + cStride;
      const c3 = c2 + cStride;
      let a00 = f32x4.splat(0);
      let a01 = f32x4.splat(0);
      let a10 = f32x4.splat(0);
      let a11 = f32x4.splat(0);
      let a20 = f32x4.splat(0);
      let a21 = f32x4.splat(0);
      let a30 = f32x4.splat(0);
      let a31 = f32x4.splat(0);
      if (!fresh) {
        a00 = v128.load(c0);
        a01 = v128.load(c0, 16);
        a10 = v128.load(c1);
        a11 = v128.load(c1, 16);
        a20 = v128.load(c2);
        a21 = v128.load(c2, 16);
        a30 = v128.load(c3);
        a31 = v128.load(c3, 16);
      }
      let left = p + iAt;
      let right = p + jAt;
      const leftEnd = end + iAt;
      while (left < leftEnd) {
        const r0 = v128.load(right);
        const r1 = v128.load(right, 16);
        let l = v128.load32_splat(left);
        a00 = multiplyAdd(l, r0, a00);
        a01 = multiplyAdd(l, r1, a01);
        l = v128.load32_splat(left, 4);
        a10 = multiplyAdd(l, r0, a10);
        a11 = multiplyAdd(l, r1, a11);
        l = v128.load32_splat(left, 8);
        a20 = multiplyAdd(l, r0, a20);
        a21 = multiplyAdd(l, r1, a21);
        l = v128.load32_splat(left, 12);
        a30 = multiplyAdd(l, r0, a30);
        a31 = multiplyAdd(l, r1, a31);
        left += pStride;
        right += pStride;
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
  }
}
