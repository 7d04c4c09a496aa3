import type { Kernels } from './kernels.ts';
import { Scratch } from './memory.ts';
import { paddedWidth, WORD_BYTES } from './shapes.ts';

/** Rows summed in 32 bits before they join the sum in 64. */
const ROWS_PER_BLOCK = 256;

/**
 * G = YᵀY of `rows` × `k` factors, k × k row-major. Rows are `rowFloats` apart, 0 behind their k. Yields between blocks
 * of rows.
 */
export function* gramSteps(
  kernels: Kernels,
  factors: number,
  rows: number,
  k: number,
  rowFloats = k,
): Generator<void, Float64Array> {
  const { memory } = kernels;
  const scratch = new Scratch(memory);
  const columns = paddedWidth(k);
  try {
    const sum = scratch.allocate(2 * columns * columns * WORD_BYTES);
    const block = scratch.allocate(columns * columns * WORD_BYTES);
    const panel = scratch.allocate(ROWS_PER_BLOCK * columns * WORD_BYTES);
    memory.doubles(sum, columns * columns).fill(0);
    for (let row = 0; row < rows; row += ROWS_PER_BLOCK) {
      const last = Math.min(rows, row + ROWS_PER_BLOCK);
      kernels.gram(sum, block, panel, columns, factors, row, last, rowFloats, ROWS_PER_BLOCK);
      yield;
    }
    const upper = memory.doubles(sum, columns * columns);
    const gram = new Float64Array(k * k);
    for (let i = 0; i < k; i++) {
      for (let j = i; j < k; j++) {
        const value = upper[i * columns + j] ?? 0;
        gram[i * k + j] = value;
        gram[j * k + i] = value;
      }
    }
    return gram;
  } finally {
    scratch.release();
  }
}
