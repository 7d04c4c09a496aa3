import type { GpuMatrix, GpuSparse } from './matrix.ts';
import { piecesOf } from './pieces.ts';

const MEMBERS = 4;
const SEGMENT_BYTES = MEMBERS * Uint32Array.BYTES_PER_ELEMENT;

/** Segments of rows that one call can take: of one shard and one part of the dense matrix. */
export interface SegmentGroup {
  readonly shard: number;
  readonly part: number;
  /** u32s (begin, end, row counted from `first`, 0). */
  readonly segments: Uint32Array<ArrayBuffer>;
  readonly count: number;
}

/**
 * The entries of rows [first, first + count) in segments of at most `most`, in groups of at most `maxBytes`. The
 * dense matrix has a row a column.
 */
export function segmentGroups(
  sparse: GpuSparse,
  dense: GpuMatrix,
  first: number,
  count: number,
  most: number,
  maxBytes: number,
): SegmentGroup[] {
  const lists = new Map<string, { shard: number; part: number; members: number[] }>();
  for (let row = first; row < first + count; row++) {
    for (const { shard, part, begin, end } of piecesOf(sparse, dense, row, most)) {
      const key = `${shard} ${part}`;
      const list = lists.get(key) ?? { shard, part, members: [] };
      list.members.push(begin, end, row - first, 0);
      lists.set(key, list);
    }
  }
  const size = MEMBERS * Math.max(1, Math.floor(maxBytes / SEGMENT_BYTES));
  return [...lists.values()].flatMap(({ shard, part, members }) =>
    Array.from({ length: Math.ceil(members.length / size) }, (_, index) => {
      const segments = Uint32Array.from(members.slice(index * size, (index + 1) * size));
      return { shard, part, segments, count: segments.length / MEMBERS };
    }),
  );
}
