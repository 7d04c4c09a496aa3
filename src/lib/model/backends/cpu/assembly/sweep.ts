import { F32, multiplyAdd, subtractProduct } from './arithmetic';

/** Pivots swept at once: rows of the panels W and V have so many floats. */
const PIVOTS = 64;
/** Rows that one strip of the panel is used for while it is in the first-level cache. */
const ROWS_AT_ONCE = 64;
/** Columns of a strip. */
const STRIP = 8;

/*
 * Sweeping a set P of pivots of a symmetric matrix A (Goodnight 1979, a block of pivots for one) replaces
 *
 *     A_PP ← −A_PP⁻¹,  A_iP ← A_iP A_PP⁻¹,  A_ij ← A_ij − A_iP A_PP⁻¹ A_Pj;
 *
 * once all are swept it is −A⁻¹. Every step keeps it symmetric: only the lower triangle is right meanwhile. A is row-
 * major, `n` floats a row. W = A_·P and V = W A_PP⁻¹.
 */

/** W: n rows of PIVOTS floats, 0 behind the `count` pivots from p on and in their own rows. */
export function sweepPanel(a: usize, n: i32, p: i32, count: i32, w: usize): void {
  const stride = <usize>n * F32;
  const bytes = <usize>PIVOTS * F32;
  memory.fill(w, 0, <usize>n * bytes);
  for (let q = 0; q < count; q++) {
    const row = a + <usize>(p + q) * stride;
    const target = w + <usize>q * F32;
    for (let i = 0; i < p; i++) store<f32>(target + <usize>i * bytes, load<f32>(row + <usize>i * F32));
  }
  for (let i = p + count; i < n; i++) {
    memory.copy(w + <usize>i * bytes, a + <usize>i * stride + <usize>p * F32, <usize>count * F32);
  }
}

/** Wᵀ in strips of STRIP columns, PIVOTS rows each: `right`. Behind the last row stands whatever was there. */
export function sweepPack(w: usize, n: i32, right: usize): void {
  for (let i = 0; i < n; i++) {
    const from = w + <usize>i * PIVOTS * F32;
    const into = right + (<usize>(i / STRIP) * (PIVOTS * STRIP) + <usize>(i % STRIP)) * F32;
    for (let q: usize = 0; q < <usize>PIVOTS; q++) store<f32>(into + q * <usize>STRIP * F32, load<f32>(from + q * F32));
  }
}

/** A −= V Wᵀ in rows [first, last) of the lower triangle; `left` is V, `right` from sweepPack. */
export function sweepRows(a: usize, n: i32, first: i32, last: i32, left: usize, right: usize): void {
  const stride = <usize>n * F32;
  for (let from = first; from < last; from += ROWS_AT_ONCE) {
    const end = min(last, from + ROWS_AT_ONCE);
    for (let j = 0; j < end; j += STRIP) {
      const strip = right + <usize>j * (PIVOTS * F32);
      let row = max(from, j & ~3);
      if (j + STRIP > n) {
        lastColumns(a, n, max(from, j), end, j, left, strip);
        continue;
      }
      for (; row + 4 <= end; row += 4) {
        fourRows(a + <usize>row * stride + <usize>j * F32, stride, left + <usize>row * PIVOTS * F32, strip);
      }
      for (; row < end; row++) {
        oneRow(a + <usize>row * stride + <usize>j * F32, left + <usize>row * PIVOTS * F32, strip);
      }
    }
  }
}

function fourRows(c: usize, stride: usize, v: usize, strip: usize): void {
  const c1 = c + stride;
  const c2 = c1 + stride;
  const c3 = c2 + stride;
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  const end = v + PIVOTS * F32;
  for (; v < end; v += F32) {
    const r0 = v128.load(strip);
    const r1 = v128.load(strip, 16);
    let l = v128.load32_splat(v);
    s00 = multiplyAdd(l, r0, s00);
    s01 = multiplyAdd(l, r1, s01);
    l = v128.load32_splat(v, PIVOTS * 4);
    s10 = multiplyAdd(l, r0, s10);
    s11 = multiplyAdd(l, r1, s11);
    l = v128.load32_splat(v, 2 * PIVOTS * 4);
    s20 = multiplyAdd(l, r0, s20);
    s21 = multiplyAdd(l, r1, s21);
    l = v128.load32_splat(v, 3 * PIVOTS * 4);
    s30 = multiplyAdd(l, r0, s30);
    s31 = multiplyAdd(l, r1, s31);
    strip += STRIP * F32;
  }
  v128.store(c, f32x4.sub(v128.load(c), s00));
  v128.store(c, f32x4.sub(v128.load(c, 16), s01), 16);
  v128.store(c1, f32x4.sub(v128.load(c1), s10));
  v128.store(c1, f32x4.sub(v128.load(c1, 16), s11), 16);
  v128.store(c2, f32x4.sub(v128.load(c2), s20));
  v128.store(c2, f32x4.sub(v128.load(c2, 16), s21), 16);
  v128.store(c3, f32x4.sub(v128.load(c3), s30));
  v128.store(c3, f32x4.sub(v128.load(c3, 16), s31), 16);
}

function oneRow(c: usize, v: usize, strip: usize): void {
  let s0 = v128.load(c);
  let s1 = v128.load(c, 16);
  const end = v + PIVOTS * F32;
  for (; v < end; v += F32) {
    const l = v128.load32_splat(v);
    s0 = subtractProduct(l, v128.load(strip), s0);
    s1 = subtractProduct(l, v128.load(strip, 16), s1);
    strip += STRIP * F32;
  }
  v128.store(c, s0);
  v128.store(c, s1, 16);
}

/** The columns behind the last whole strip, number by number: eight at once would run into the next row. */
function lastColumns(a: usize, n: i32, first: i32, last: i32, j: i32, left: usize, strip: usize): void {
  for (let row = first; row < last; row++) {
    const v = left + <usize>row * PIVOTS * F32;
    for (let column = j; column <= row; column++) {
      let sum: f32 = 0;
      for (let q: usize = 0; q < <usize>PIVOTS; q++) {
        sum += load<f32>(v + q * F32) * load<f32>(strip + (q * <usize>STRIP + <usize>(column - j)) * F32);
      }
      const at = a + (<usize>row * <usize>n + <usize>column) * F32;
      store<f32>(at, load<f32>(at) - sum);
    }
  }
}

/** Writes V to the rows and columns of the pivots; A_PP is the caller's. */
export function sweepStore(a: usize, n: i32, p: i32, count: i32, left: usize): void {
  const stride = <usize>n * F32;
  const bytes = <usize>PIVOTS * F32;
  for (let q = 0; q < count; q++) {
    const row = a + <usize>(p + q) * stride;
    const from = left + <usize>q * F32;
    for (let i = 0; i < p; i++) store<f32>(row + <usize>i * F32, load<f32>(from + <usize>i * bytes));
  }
  for (let i = p + count; i < n; i++) {
    memory.copy(a + <usize>i * stride + <usize>p * F32, left + <usize>i * bytes, <usize>count * F32);
  }
}

/** The whole of −A from the lower triangle of A, for rows [first, last): their row, and their column above. */
export function sweepFinish(a: usize, n: i32, first: i32, last: i32): void {
  const stride = <usize>n * F32;
  for (let j = 0; j < last; j += STRIP) {
    for (let i = max(first, j); i < last; i++) {
      const row = a + <usize>i * stride;
      const end = min(i + 1, j + STRIP);
      for (let column = j; column < end; column++) {
        const at = row + <usize>column * F32;
        const value = -load<f32>(at);
        store<f32>(at, value);
        store<f32>(a + <usize>column * stride + <usize>i * F32, value);
      }
    }
  }
}

/**
 * Row `row` of XᵀX + ridge I, `columns` floats, summed in 64 bits in `sum`. X is a CSR matrix, given with its transpose
 * (`byColumn…`).
 */
export function sparseGramRow(
  indptr: usize,
  indices: usize,
  data: usize,
  byColumnIndptr: usize,
  byColumnIndices: usize,
  byColumnData: usize,
  row: i32,
  columns: i32,
  ridge: f64,
  sum: usize,
  target: usize,
): void {
  memory.fill(sum, 0, <usize>columns * 8);
  store<f64>(sum + <usize>row * 8, ridge);
  const end = load<i32>(byColumnIndptr + <usize>row * 4, 4);
  for (let at = load<i32>(byColumnIndptr + <usize>row * 4); at < end; at++) {
    const user = <usize>load<i32>(byColumnIndices + <usize>at * 4);
    const weight = <f64>load<f32>(byColumnData + <usize>at * F32);
    const last = load<i32>(indptr + user * 4, 4);
    for (let other = load<i32>(indptr + user * 4); other < last; other++) {
      const into = sum + <usize>load<i32>(indices + <usize>other * 4) * 8;
      store<f64>(into, load<f64>(into) + weight * <f64>load<f32>(data + <usize>other * F32));
    }
  }
  for (let column: usize = 0; column < <usize>columns; column++) {
    store<f32>(target + column * F32, <f32>load<f64>(sum + column * 8));
  }
}
