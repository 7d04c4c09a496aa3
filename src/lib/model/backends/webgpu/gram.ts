import type { GpuContext } from '../../gpu/context.ts';
import { addGramRows, createGramSums, reduceGram } from '../../kernels/gram/gram.ts';
import type { GpuMatrix } from './matrix.ts';
import { inRanges, type Pace } from './pace.ts';

/** Multiply-adds of a row in a 4 × 4 tile. */
const TILE_COST = 16;

/** Fills `result` with G = YᵀY, some rows of every part a call; see Backend.gram. */
export async function gramOf(
  context: GpuContext,
  pace: Pace,
  factors: GpuMatrix,
  result: GpuMatrix,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { parts, columns, blocks } = factors;
  const input = { parts, factors: columns, blocks, gram: result.buffer };
  const sums = createGramSums(context, input);
  try {
    for (const split of sums.splits) {
      const cost = split.parts * sums.tiles * TILE_COST;
      // also where there are no rows: the sums begin with zeros
      const rows = { first: 0, last: Math.max(1, split.rowsPerPart) };
      await inRanges(
        context,
        pace,
        rows,
        () => cost,
        rows.last,
        signal,
        (skip, most) => addGramRows(context, input, sums, split, skip, most),
      );
    }
    await reduceGram(context, input, sums);
  } finally {
    // freed by the device once the submitted work is done
    context.destroyBuffer(sums.partSums);
  }
}
