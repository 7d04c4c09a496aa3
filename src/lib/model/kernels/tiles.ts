/** Systems of linear equations as kernels keep them: the lower triangle in 8 × 8 tiles, tile (i, j) at i (i + 1) / 2 + j. */

/** Rows and columns of a tile. */
export const TILE = 8;
/** A tile is four quadrants of 4 × 4 floats. */
export const TILE_BYTES = TILE * TILE * Float32Array.BYTES_PER_ELEMENT;
/** A right side has 8 floats a row of tiles. */
export const RIGHT_BYTES = TILE * Float32Array.BYTES_PER_ELEMENT;

/** Rows of tiles of a system of so many unknowns. */
export function tileRows(unknowns: number): number {
  return Math.ceil(unknowns / TILE);
}

/** Tiles of the lower triangle of a system with `order` rows of tiles. */
export function tileCount(order: number): number {
  return (order * (order + 1)) / 2;
}

/** Members of a task, one u32 each: one row's system in the scratch of a batch. */
export const TASK_FIELDS = [
  /** First tile of the system. */
  'region',
  /** Rows of tiles. */
  'order',
  /** First 8 floats of the right side, in units of 8. */
  'right',
  /** Row whose ridge it has, counted from the first of the buffer. */
  'row',
  /** Row of the result that the solution goes to. */
  'destination',
  /** Entries [begin, end) of the row; a dual system has one unknown for each. */
  'begin',
  'end',
  /** 1 for a dual system, whose solution stays in the right side until it is expanded. */
  'dual',
] as const;
export const TASK_BYTES = TASK_FIELDS.length * Uint32Array.BYTES_PER_ELEMENT;
