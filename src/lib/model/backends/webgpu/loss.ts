import type { GpuContext } from '../../gpu/context.ts';
import { LOSS_SEGMENT_ENTRIES, observedLoss } from '../../kernels/observed-loss/observed-loss.ts';
import { weightedNorm } from '../../kernels/weighted-norm/weighted-norm.ts';
import type { GpuMatrix, GpuSparse } from './matrix.ts';
import { inRanges, type Pace } from './pace.ts';
import { segmentGroups } from './segment-groups.ts';

/** What a row costs beside its arithmetic, in multiply-adds. */
const ROW_OVERHEAD = 256;

/** Σ |d| (p − xᵀy)² over all entries; see Backend.observedLoss. */
export async function observedLossOf(
  context: GpuContext,
  pace: Pace,
  { observed, left, right }: { observed: GpuSparse; left: GpuMatrix; right: GpuMatrix },
  signal: AbortSignal | undefined,
): Promise<number> {
  const costOf = (row: number): number => observed.entriesOf(row) * left.columns + ROW_OVERHEAD;
  let total = 0;
  for (const part of left.parts) {
    const rows = { first: part.first, last: part.first + part.rows };
    await inRanges(context, pace, rows, costOf, part.rows, signal, async (first, count) => {
      const limit = context.maxBindingBytes;
      for (const group of segmentGroups(observed, right, first, count, LOSS_SEGMENT_ENTRIES, limit)) {
        // rows of segments count from the range's first, the buffer's from the part's
        const { segments } = group;
        for (let at = 2; at < segments.length; at += 4)
          segments[at] = (segments[at] ?? 0) + first - part.first;
        const buffer = context.createStorage('observed-loss/segments', segments.byteLength);
        try {
          context.write(buffer, segments);
          const fixed = right.parts[group.part];
          // a single row may have more entries than one call should take
          const most = Math.max(1, Math.floor(pace.budget / (LOSS_SEGMENT_ENTRIES * left.columns)));
          for (let begin = 0; begin < group.count; begin += most) {
            total += await observedLoss(context, {
              segments: buffer,
              entries: observed.shard(group.shard),
              left: part.buffer,
              right: fixed?.buffer ?? right.buffer,
              firstColumn: fixed?.first ?? 0,
              blocks: left.blocks,
              first: begin,
              count: Math.min(most, group.count - begin),
            });
          }
        } finally {
          context.destroyBuffer(buffer);
        }
      }
    });
  }
  return total;
}

/** Σ_r weights_r ‖row r‖²; see Backend.weightedNorm. */
export async function weightedNormOf(
  context: GpuContext,
  matrix: GpuMatrix,
  weights: GpuMatrix,
): Promise<number> {
  let total = 0;
  for (const { buffer, first, rows } of matrix.parts) {
    // parts of the weights are no shorter than the matrix's
    const part = weights.parts.find((one) => first < one.first + one.rows);
    total += await weightedNorm(context, {
      values: buffer,
      weights: part?.buffer ?? weights.buffer,
      firstWeight: first - (part?.first ?? 0),
      rows,
      blocks: matrix.blocks,
    });
  }
  return total;
}
