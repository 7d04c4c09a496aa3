import type { Kernels } from './kernels.ts';
import type { CpuSparse } from './matrix.ts';
import { Scratch } from './memory.ts';
import { WORD_BYTES } from './shapes.ts';

/** XᵀX + ridge·I into columns × columns floats at `target`. Yields after each row. */
export function* sparseGramSteps(
  kernels: Kernels,
  byRow: CpuSparse,
  byColumn: CpuSparse,
  ridge: number,
  target: number,
): Generator<void, void> {
  const { columns } = byRow;
  const scratch = new Scratch(kernels.memory);
  try {
    const sum = scratch.allocate(2 * columns * WORD_BYTES);
    const { indptr, indices, data } = byRow.addresses;
    const other = byColumn.addresses;
    for (let row = 0; row < columns; row++) {
      kernels.sparseGramRow(
        ...([indptr, indices, data, other.indptr, other.indices, other.data, row, columns] as const),
        ...([ridge, sum, target + row * columns * WORD_BYTES] as const),
      );
      yield;
    }
  } finally {
    scratch.release();
  }
}
