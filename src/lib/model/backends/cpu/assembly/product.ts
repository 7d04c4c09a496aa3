import { F32, multiplyAdd } from './arithmetic';

/** Rows of A that one strip of B is used for while it is in the first-level cache. */
const ROWS_AT_ONCE = 32;

/**
 * C = A B: `rows` × `depth` times `depth` × `columns` (a multiple of 8), all row-major with strides in bytes.
 * In tiles of 4 × 8 as `syrk`.
 */
export function product(
  c: usize,
  cStride: usize,
  a: usize,
  aStride: usize,
  rows: i32,
  depth: i32,
  b: usize,
  bStride: usize,
  columns: i32,
): void {
  for (let first = 0; first < rows; first += ROWS_AT_ONCE) {
    const last = min(rows, first + ROWS_AT_ONCE);
    for (let j = 0; j < columns; j += 8) {
      const bj = b + <usize>j * F32;
      let row = first;
      for (; row + 4 <= last; row += 4) {
        fourRows(c + <usize>row * cStride + <usize>j * F32, cStride, a + <usize>row * aStride, aStride, depth, bj, bStride);
      }
      for (; row < last; row++) {
        oneRow(c + <usize>row * cStride + <usize>j * F32, a + <usize>row * aStride, depth, bj, bStride);
      }
    }
  }
}

function fourRows(
  c: usize,
  cStride: usize,
  a: usize,
  aStride: usize,
  depth: i32,
  b: usize,
  bStride: usize,
): void {
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  const end = a + <usize>depth * F32;
  const twice = aStride + aStride;
  const thrice = twice + aStride;
  while (a < end) {
    const r0 = v128.load(b);
    const r1 = v128.load(b, 16);
    let l = v128.load32_splat(a);
    s00 = multiplyAdd(l, r0, s00);
    s01 = multiplyAdd(l, r1, s01);
    l = v128.load32_splat(a + aStride);
    s10 = multiplyAdd(l, r0, s10);
    s11 = multiplyAdd(l, r1, s11);
    l = v128.load32_splat(a + twice);
    s20 = multiplyAdd(l, r0, s20);
    s21 = multiplyAdd(l, r1, s21);
    l = v128.load32_splat(a + thrice);
    s30 = multiplyAdd(l, r0, s30);
    s31 = multiplyAdd(l, r1, s31);
    a += F32;
    b += bStride;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c + cStride, s10);
  v128.store(c + cStride, s11, 16);
  v128.store(c + 2 * cStride, s20);
  v128.store(c + 2 * cStride, s21, 16);
  v128.store(c + 3 * cStride, s30);
  v128.store(c + 3 * cStride, s31, 16);
}

function oneRow(c: usize, a: usize, depth: i32, b: usize, bStride: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  const end = a + <usize>depth * F32;
  while (a < end) {
    const l = v128.load32_splat(a);
    s0 = multiplyAdd(l, v128.load(b), s0);
    s1 = multiplyAdd(l, v128.load(b, 16), s1);
    a += F32;
    b += bStride;
  }
  v128.store(c, s0);
  v128.store(c, s1, 16);
}
