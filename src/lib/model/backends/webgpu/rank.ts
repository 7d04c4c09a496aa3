import type { GpuContext } from '../../gpu/context.ts';
import { computeScores, maxScoredUsers } from '../../kernels/score/score.ts';
import { hideSeen, NO_ITEM, selectTopK, TOP_K_PAIR_BYTES } from '../../kernels/top-k/top-k.ts';
import type { TopK } from '../backend.ts';
import { checkFinite } from '../shapes.ts';
import type { GpuMatrix, GpuSparse } from './matrix.ts';
import { inRanges, type Pace } from './pace.ts';
import { segmentGroups, type SegmentGroup } from './segment-groups.ts';

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;
/** Most bytes of scores in flight. */
const MAX_SCORES_BYTES = 64 * 2 ** 20;
/** Seen items that one lane hides. */
const SEEN_SEGMENT_ENTRIES = 64;
/** What a user costs beside the arithmetic, in multiply-adds. */
const ROW_OVERHEAD = 4096;

/** RankRequest with the matrices of this backend. */
export interface GpuRankRequest {
  readonly users: GpuMatrix;
  readonly itemFactors: GpuMatrix;
  readonly seen: GpuSparse | null;
  readonly k: number;
}

/** See Backend.topK. Each part of the items gives its own k best; the host merges them. */
export async function rank(
  context: GpuContext,
  pace: Pace,
  request: GpuRankRequest,
  signal: AbortSignal | undefined,
): Promise<TopK> {
  const { users, itemFactors, seen, k } = request;
  const result: TopK = {
    k,
    items: new Int32Array(users.rows * k).fill(-1),
    scores: new Float32Array(users.rows * k),
  };
  // an item of the list costs one look at every score
  const cost = itemFactors.rows * (users.columns + k) + ROW_OVERHEAD;
  const widest = Math.max(1, ...itemFactors.parts.map(({ rows }) => rows));
  const limit = Math.min(MAX_SCORES_BYTES, context.maxBindingBytes);
  const bytesPerUser = Math.max(widest * FLOAT_BYTES, k * TOP_K_PAIR_BYTES);
  const fitting = Math.max(1, Math.floor(limit / bytesPerUser));
  const maxUsers = Math.min(users.rows, fitting, maxScoredUsers(context));
  const scores = context.createStorage('rank/scores', maxUsers * widest * FLOAT_BYTES);
  const best = context.createStorage('rank/best', maxUsers * k * TOP_K_PAIR_BYTES);
  try {
    for (const part of users.parts) {
      const rows = { first: part.first, last: part.first + part.rows };
      await inRanges(
        context,
        pace,
        rows,
        () => cost,
        maxUsers,
        signal,
        async (first, count) => {
          const groups =
            seen === null
              ? []
              : segmentGroups(seen, itemFactors, first, count, SEEN_SEGMENT_ENTRIES, context.maxBindingBytes);
          for (const [index, items] of itemFactors.parts.entries()) {
            await computeScores(context, {
              users: part.buffer,
              itemFactors: items.buffer,
              items: items.rows,
              blocks: users.blocks,
              first: first - part.first,
              count,
              scores,
            });
            const selection = { scores, best, items: items.rows, firstItem: items.first, k, users: count };
            for (const group of groups.filter((one) => one.part === index)) {
              await hide(context, selection, seen, group);
            }
            await selectTopK(context, selection);
            mergePairs(await context.readBuffer(best, count * k * TOP_K_PAIR_BYTES), first, result);
          }
        },
      );
    }
    checkFinite(result.scores);
    return result;
  } finally {
    context.destroyBuffer(scores);
    context.destroyBuffer(best);
  }
}

async function hide(
  context: GpuContext,
  selection: Parameters<typeof hideSeen>[1],
  seen: GpuSparse | null,
  { shard, segments, count }: SegmentGroup,
): Promise<void> {
  if (seen === null) return;
  const buffer = context.createStorage('rank/seen', segments.byteLength);
  try {
    context.write(buffer, segments);
    await hideSeen(context, selection, { segments: buffer, seen: seen.shard(shard), first: 0, count });
  } finally {
    // freed by the device once the submitted work is done
    context.destroyBuffer(buffer);
  }
}

/**
 * Merges (item, score) pairs, best first, into the lists from user `first` on. Items of a later part have higher
 * positions: among equal scores the ones that are there stay before them.
 */
function mergePairs(bytes: ArrayBuffer, first: number, { k, items, scores }: TopK): void {
  const numbers = new Uint32Array(bytes);
  const floats = new Float32Array(bytes);
  const [oldItems, oldScores] = [new Int32Array(k), new Float32Array(k)];
  for (let user = 0; 2 * user * k < numbers.length; user++) {
    const from = (first + user) * k;
    oldItems.set(items.subarray(from, from + k));
    oldScores.set(scores.subarray(from, from + k));
    let old = 0;
    let pair = user * k;
    for (let place = 0; place < k; place++) {
      const item = pair < (user + 1) * k ? (numbers[2 * pair] ?? NO_ITEM) : NO_ITEM;
      const score = floats[2 * pair + 1] ?? 0;
      const oldItem = oldItems[old] ?? -1;
      if (item !== NO_ITEM && (oldItem < 0 || score > (oldScores[old] ?? 0))) {
        items[from + place] = item;
        scores[from + place] = score;
        pair++;
      } else {
        items[from + place] = oldItem;
        scores[from + place] = oldItem < 0 ? 0 : (oldScores[old] ?? 0);
        old++;
      }
    }
  }
}
