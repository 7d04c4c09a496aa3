import type { GpuMatrix, GpuSparse } from './matrix.ts';

/** Entries of one row that lie in one shard and belong to one part of the dense matrix. */
export interface Piece {
  readonly shard: number;
  readonly part: number;
  /** Entries [begin, end), counted from the first of the shard. */
  readonly begin: number;
  readonly end: number;
}

/**
 * The entries of a row, cut where a shard ends, where another part of `fixed` (a row a column) begins, and after
 * `most` entries. Throws nothing; a row without entries has no pieces.
 */
export function piecesOf(sparse: GpuSparse, fixed: GpuMatrix, row: number, most: number): Piece[] {
  const { indptr, entriesPerShard } = sparse;
  const last = indptr[row + 1] ?? 0;
  const pieces: Piece[] = [];
  for (let begin = indptr[row] ?? 0; begin < last;) {
    const shard = Math.floor(begin / entriesPerShard);
    const part = partOf(sparse, fixed, begin);
    let end = Math.min(last, (shard + 1) * entriesPerShard, begin + most);
    if (partOf(sparse, fixed, end - 1) !== part) end = firstOfNextPart(sparse, fixed, begin, end);
    const offset = shard * entriesPerShard;
    pieces.push({ shard, part, begin: begin - offset, end: end - offset });
    begin = end;
  }
  return pieces;
}

function partOf({ indices }: GpuSparse, { parts }: GpuMatrix, entry: number): number {
  if (parts.length === 1) return 0;
  // all parts but the last have as many rows as the first
  return Math.floor((indices?.[entry] ?? 0) / (parts[0]?.rows ?? 1));
}

/** Columns ascend within a row: the first entry in (begin, end) of another part than begin's. */
function firstOfNextPart(sparse: GpuSparse, fixed: GpuMatrix, begin: number, end: number): number {
  const part = partOf(sparse, fixed, begin);
  let low = begin;
  let high = end - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (partOf(sparse, fixed, middle) === part) low = middle;
    else high = middle;
  }
  return high;
}
