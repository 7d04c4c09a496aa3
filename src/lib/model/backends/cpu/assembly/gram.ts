import { F32 } from './arithmetic';
import { syrk } from './syrk';

/** Rows of a panel, which stays in the first- or second-level cache while all tiles are summed over it. */
const PANEL_ROWS = 32;

/**
 * Adds YᵀY of `rows` rows of `k` floats to the upper triangle of `sum`, rows of `columns` 64-bit floats (k
 * rounded up to a multiple of 8). They are summed in 32 bits in `block`, so a call takes some hundred rows: the error
 * then does not grow with their number. `block` takes `columns` rows of `stride` bytes, `panel` 32 of them.
 */
export function gram(
  sum: usize,
  block: usize,
  panel: usize,
  stride: usize,
  columns: i32,
  y: usize,
  rows: i32,
  k: i32,
): void {
  const bytes = <usize>k * F32;
  const padded = <usize>columns * F32;
  for (let row = 0; row < rows; row += PANEL_ROWS) {
    const count = min(PANEL_ROWS, rows - row);
    for (let r = 0; r < count; r++) {
      const into = panel + <usize>r * stride;
      const from = y + <usize>(row + r) * bytes;
      // a loop: memory.copy leaves WebAssembly, which takes longer than a row
      let at: usize = 0;
      for (; at + 16 <= bytes; at += 16) v128.store(into + at, v128.load(from + at));
      for (; at < bytes; at += F32) store<f32>(into + at, load<f32>(from + at));
      for (; at < padded; at += F32) store<f32>(into + at, 0);
    }
    syrk(block, stride, columns, columns, panel, stride, count, row === 0);
  }
  for (let i = 0; i < k; i++) {
    const from = block + <usize>i * stride;
    const into = sum + 2 * <usize>i * padded;
    // from the tile's edge on: what lies below the diagonal is not looked at
    for (let j = i & ~3; j < columns; j += 4) {
      const value = v128.load(from + <usize>j * F32);
      const at = into + <usize>j * 8;
      v128.store(at, f64x2.add(v128.load(at), f64x2.promote_low_f32x4(value)));
      const high = v128.shuffle<f32>(value, value, 2, 3, 2, 3);
      v128.store(at, f64x2.add(v128.load(at, 16), f64x2.promote_low_f32x4(high)), 16);
    }
  }
}
