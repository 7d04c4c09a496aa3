import { AppError } from '../../../errors.ts';
import type { GpuContext } from '../../gpu/context.ts';
import {
  createInvertScratch,
  invertPivot,
  invertUpdate,
  pivotCount,
  tileRows,
} from '../../kernels/invert/invert.ts';
import { sparseGramRange } from '../../kernels/sparse-gram/sparse-gram.ts';
import { notPositiveDefinite } from '../shapes.ts';
import { GpuMatrix, type GpuSparse, type LiveBuffers } from './matrix.ts';
import { inRanges, type Pace } from './pace.ts';

/** What a row costs beside its arithmetic, in multiply-adds. */
const ROW_OVERHEAD = 4096;
/** Multiply-adds for each column in one tile row of an inversion's update: 64 rows, a pivot block of 32. */
const TILE_ROW_COST = 64 * 32;

/** XᵀX + ridge·I; see Backend.sparseGram. Throws `gpu-out-of-memory` where that or X does not fit one binding. */
export async function sparseGramOf(
  context: GpuContext,
  live: LiveBuffers,
  pace: Pace,
  { byRow, byColumn, ridge }: { byRow: GpuSparse; byColumn: GpuSparse; ridge: number },
  signal: AbortSignal | undefined,
): Promise<GpuMatrix> {
  const { columns } = byRow;
  const bytes = columns * Math.ceil(columns / 4) * 16;
  if (bytes > context.maxBindingBytes || byRow.shards > 1 || byColumn.shards > 1) {
    throw new AppError('gpu-out-of-memory', 'A matrix of all items by all items does not fit this device.', {
      values: { items: columns, bytes, limit: context.maxBindingBytes },
      remedy: 'Use fewer items, or the CPU.',
    });
  }
  const offsets = [byRow, byColumn].map(({ indptr }) => {
    const buffer = context.createStorage('sparse-gram/indptr', indptr.byteLength);
    context.write(buffer, indptr);
    return buffer;
  });
  const gram = new GpuMatrix(context, live, columns, columns);
  const [indptr = gram.buffer, columnIndptr = gram.buffer] = offsets;
  const input = {
    indptr,
    entries: byRow.shard(0),
    column_indptr: columnIndptr,
    column_entries: byColumn.shard(0),
    gram: gram.buffer,
    stride: 4 * gram.blocks,
    ridge,
  };
  // A row of the result visits the whole row of each of its entries.
  const meanLength = byRow.entries / Math.max(1, byRow.rows);
  const costOf = (row: number): number => byColumn.entriesOf(row) * meanLength + columns + ROW_OVERHEAD;
  try {
    await inRanges(context, pace, { first: 0, last: columns }, costOf, columns, signal, (first, count) =>
      sparseGramRange(context, input, first, count),
    );
    return gram;
  } catch (error) {
    gram.release();
    throw error;
  } finally {
    for (const buffer of offsets) context.destroyBuffer(buffer);
  }
}

/** Replaces a matrix by its inverse; see Backend.invert. */
export async function invertMatrix(
  context: GpuContext,
  pace: Pace,
  matrix: GpuMatrix,
  signal: AbortSignal | undefined,
): Promise<void> {
  const order = matrix.rows;
  const tiles = tileRows(order);
  const scratch = createInvertScratch(context, order);
  const buffers = { ...scratch, matrix: matrix.buffer };
  const costOf = (): number => TILE_ROW_COST * order + ROW_OVERHEAD;
  try {
    for (let pivot = 0; pivot < pivotCount(order); pivot++) {
      await invertPivot(context, buffers, order, pivot);
      await inRanges(context, pace, { first: 0, last: tiles }, costOf, tiles, signal, (first, count) =>
        invertUpdate(context, buffers, order, pivot, first, count),
      );
    }
    const bytes = Uint32Array.BYTES_PER_ELEMENT;
    const [failed] = new Uint32Array(await context.readBuffer(scratch.failures, bytes));
    if (failed !== 0) throw notPositiveDefinite({ rows: failed ?? 0 });
  } finally {
    for (const buffer of Object.values(scratch)) context.destroyBuffer(buffer);
  }
}
