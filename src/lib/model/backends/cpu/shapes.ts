/** Sizes that the kernels and their callers share. */

/** Bytes of a 32-bit float or integer. */
export const WORD_BYTES = 4;

/** Columns of a tile: rows that the kernels write have a multiple of it. */
const TILE_COLUMNS = 8;

/** Multiply-adds after which a call returns, for about half a millisecond: the thread is looked after in between. */
export const WORK_PER_STEP = 4_000_000;

/** Floats of a row of `k` values as the kernels write it: rounded up to whole tiles. */
export function paddedWidth(k: number): number {
  return Math.ceil(k / TILE_COLUMNS) * TILE_COLUMNS;
}

/**
 * Bytes from row to row for rows that are read in columns: an odd number of tiles. With a power of two they would all
 * fall into a few sets of the cache.
 */
export function spreadStride(floats: number): number {
  return (paddedWidth(floats) | TILE_COLUMNS) * WORD_BYTES;
}
