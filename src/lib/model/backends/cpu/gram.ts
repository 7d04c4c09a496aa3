import type { Kernels } from './kernels.ts';
import { Scratch } from './memory.ts';
import { paddedWidth, WORD_BYTES } from './shapes.ts';

/** Rows summed in 32 bits before they join the sum in 64. */
const ROWS_PER_BLOCK = 256;

/** G = YᵀY of `rows` × `k` factors into k × k floats. Yields between blocks of rows. */
export function* gramSteps(
  kernels: Kernels,
  factors: number,
  rows: number,
  k: number,
  gram: () => Float32Array,
): Generator<void, void> {
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
      kernels.gram(sum, block, panel, columns, factors, row, last, k, ROWS_PER_BLOCK);
      yield;
    }
    const upper = memory.doubles(sum, columns * columns);
    const target = gram();
    for (let i = 0; i < k; i++) {
      for (let j = i; j < k; j++) {
        const value = upper[i * columns + j] ?? 0;
        target[i * k + j] = value;
        target[j * k + i] = value;
      }
    }
  } finally {
    scratch.release();
  }
}
