import { F32, multiplyAdd } from './arithmetic';

/** Floats of a row: eight registers that sum at once. */
const LANES: usize = 32;

/**
 * target_r = scale_r Σ_e source_{indices[e]} + factor · addend_r over the entries e of row r of a 0/1 pattern, for rows
 * [first, last). Rows of `source`, `addend` and `target` are LANES floats: as many vectors at once, of which an entry
 * reads two lines of the cache. `addend` 0: there is none. `target` may be `addend`.
 */
export function patternProduct(
  indptr: usize,
  indices: usize,
  first: i32,
  last: i32,
  source: usize,
  scale: usize,
  addend: usize,
  factor: f32,
  target: usize,
): void {
  const f = f32x4.splat(factor);
  for (let row = first; row < last; row++) {
    let at = indices + (<usize>load<i32>(indptr + (<usize>row << 2)) << 2);
    const end = indices + (<usize>load<i32>(indptr + (<usize>row << 2), 4) << 2);
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let s4 = s0;
    let s5 = s0;
    let s6 = s0;
    let s7 = s0;
    for (; at < end; at += 4) {
      const from = source + <usize>load<i32>(at) * LANES * F32;
      s0 = f32x4.add(s0, v128.load(from));
      s1 = f32x4.add(s1, v128.load(from, 16));
      s2 = f32x4.add(s2, v128.load(from, 32));
      s3 = f32x4.add(s3, v128.load(from, 48));
      s4 = f32x4.add(s4, v128.load(from, 64));
      s5 = f32x4.add(s5, v128.load(from, 80));
      s6 = f32x4.add(s6, v128.load(from, 96));
      s7 = f32x4.add(s7, v128.load(from, 112));
    }
    const c = v128.load32_splat(scale + (<usize>row << 2));
    s0 = f32x4.mul(c, s0);
    s1 = f32x4.mul(c, s1);
    s2 = f32x4.mul(c, s2);
    s3 = f32x4.mul(c, s3);
    s4 = f32x4.mul(c, s4);
    s5 = f32x4.mul(c, s5);
    s6 = f32x4.mul(c, s6);
    s7 = f32x4.mul(c, s7);
    if (addend !== 0) {
      const own = addend + <usize>row * LANES * F32;
      s0 = multiplyAdd(f, v128.load(own), s0);
      s1 = multiplyAdd(f, v128.load(own, 16), s1);
      s2 = multiplyAdd(f, v128.load(own, 32), s2);
      s3 = multiplyAdd(f, v128.load(own, 48), s3);
      s4 = multiplyAdd(f, v128.load(own, 64), s4);
      s5 = multiplyAdd(f, v128.load(own, 80), s5);
      s6 = multiplyAdd(f, v128.load(own, 96), s6);
      s7 = multiplyAdd(f, v128.load(own, 112), s7);
    }
    const out = target + <usize>row * LANES * F32;
    v128.store(out, s0);
    v128.store(out, s1, 16);
    v128.store(out, s2, 32);
    v128.store(out, s3, 48);
    v128.store(out, s4, 64);
    v128.store(out, s5, 80);
    v128.store(out, s6, 96);
    v128.store(out, s7, 112);
  }
}
