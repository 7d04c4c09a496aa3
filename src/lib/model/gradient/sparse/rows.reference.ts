/** The sparse kernels as plain loops, in 64 bits: what the programs on the GPU are tested against. */
import { NO_ROW, type BatchRows } from './batch-rows.ts';

/** Row `ids[p]` of a row-major table for each place p; zeros where there is none. */
export function takeRowsReference(
  table: ArrayLike<number>,
  columns: number,
  ids: ArrayLike<number>,
): Float64Array {
  const taken = new Float64Array(ids.length * columns);
  for (let place = 0; place < ids.length; place++) {
    const row = ids[place] ?? NO_ROW;
    if (row === NO_ROW) continue;
    for (let f = 0; f < columns; f++) taken[place * columns + f] = table[row * columns + f] ?? 0;
  }
  return taken;
}

/**
 * The gradient of taking rows, for the rows of the batch alone: entry g of the result is the sum of the gradients
 * of all places that took row `rows[g]`. (Gather's own gradient in TensorFlow is an `IndexedSlices` of just this
 * kind; the one of tfjs is a segment sum over the whole table.)
 */
export function sumRowsReference(
  gradient: ArrayLike<number>,
  columns: number,
  { offsets, positions }: BatchRows,
): Float64Array {
  const sums = new Float64Array(positions.length * columns);
  for (let group = 0; group < positions.length; group++) {
    for (let at = offsets[group] ?? 0; at < (offsets[group + 1] ?? 0); at++) {
      const place = positions[at] ?? 0;
      for (let f = 0; f < columns; f++) {
        sums[group * columns + f] = (sums[group * columns + f] ?? 0) + (gradient[place * columns + f] ?? 0);
      }
    }
  }
  return sums;
}
