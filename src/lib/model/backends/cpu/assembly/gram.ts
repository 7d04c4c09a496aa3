import { F32 } from './arithmetic';
import { syrk } from './syrk';

/**
 * Adds YᵀY of rows [first, last) of `k` floats to the upper triangle of `sum`, rows of `columns` 64-bit floats. Blocks
 * of `depth` rows are summed in 32 bits in `block` (rows of `columns` floats), so that the error does not grow with
 * the number of rows. `panel` takes `depth` rows of `columns` floats (k rounded up to a multiple of 8).
 */
export function gram(
  sum: usize,
  block: usize,
  panel: usize,
  columns: i32,
  y: usize,
  first: i32,
  last: i32,
  k: i32,
  depth: i32,
): void {
  const bytes = <usize>k * F32;
  const stride = <usize>columns * F32;
  for (let row = first; row < last; row += depth) {
    const count = min(depth, last - row);
    memory.fill(panel, 0, <usize>count * stride);
    for (let r = 0; r < count; r++) {
      memory.copy(panel + <usize>r * stride, y + <usize>(row + r) * bytes, bytes);
    }
    syrk(block, stride, columns, columns, panel, stride, count, true);
    for (let i = 0; i < k; i++) {
      const from = block + <usize>i * stride;
      const into = sum + 2 * <usize>i * stride;
      for (let j = i; j < k; j++) {
        const at = into + <usize>j * 8;
        store<f64>(at, load<f64>(at) + <f64>load<f32>(from + <usize>j * F32));
      }
    }
  }
}
