import { AppError } from '../../../errors.ts';
import type { GpuContext } from '../../gpu/context.ts';
import {
  addItems,
  beginLists,
  endLists,
  NO_ITEM,
  TILE_ITEMS,
  TOP_K_LANES,
  TOP_K_PAIR_BYTES,
  type SeenItems,
  type TopKBatch,
} from '../../kernels/top-k/top-k.ts';
import type { TopK } from '../backend.ts';
import { checkFinite } from '../shapes.ts';
import { throwIfCancelled } from '../slices.ts';
import type { GpuMatrix, GpuSparse, MatrixPart } from './matrix.ts';
import type { Pace } from './pace.ts';

/** Most bytes of lists, and of turned factors, in flight. */
const MAX_SCRATCH_BYTES = 64 * 2 ** 20;
const BLOCK_BYTES = 16;
const U32_BYTES = Uint32Array.BYTES_PER_ELEMENT;
/** Workgroups that keep a large GPU busy. Fewer are made up for by several lists a user. */
const ENOUGH_WORKGROUPS = 1024;
/** More lists a user take longer to merge than they save. */
const MAX_LISTS = 64;
/** Items that a list should see at least: below, it fills before its bound leaves anything out. */
const MIN_ITEMS_PER_LIST = 512;
/** Items that a call should take at least: each call begins anew to read the users. */
const MIN_ITEMS_PER_CALL = 256;
/** What an item of the list costs in multiply-adds, times log₂ k: it goes through the heap twice or so. */
const HEAP_STEP_COST = 16;

/** RankRequest with the matrices of this backend. */
export interface GpuRankRequest {
  readonly users: GpuMatrix;
  readonly itemFactors: GpuMatrix;
  readonly seen: GpuSparse | null;
  readonly k: number;
}

/**
 * See Backend.topK. Batches of users go through all items, a range a call, and keep their lists on the device; no
 * score is written that is not in a list. Throws `gpu-out-of-memory` for a user whose seen items fill more than one
 * binding.
 */
export async function rank(
  context: GpuContext,
  pace: Pace,
  request: GpuRankRequest,
  signal: AbortSignal | undefined,
): Promise<TopK> {
  throwIfCancelled(signal);
  const { users, k } = request;
  const result: TopK = {
    k,
    items: new Int32Array(users.rows * k).fill(-1),
    scores: new Float32Array(users.rows * k),
  };
  for (const part of users.parts) {
    for (let first = 0; first < part.rows;) {
      const count = usersOfBatch(context, pace, request, part, first);
      await rankBatch({ context, pace, request, signal }, part, first, count, result);
      first += count;
    }
  }
  checkFinite(result.scores);
  return result;
}

interface RankWork {
  readonly context: GpuContext;
  readonly pace: Pace;
  readonly request: GpuRankRequest;
  readonly signal: AbortSignal | undefined;
}

/** How many users from `first` of the part on: what memory, the seen items' shards and the budget of a call allow. */
function usersOfBatch(
  context: GpuContext,
  pace: Pace,
  { users, seen, k }: GpuRankRequest,
  part: MatrixPart,
  first: number,
): number {
  const limit = Math.min(MAX_SCRATCH_BYTES, context.maxBindingBytes);
  const bytes = Math.max(k * TOP_K_PAIR_BYTES, users.blocks * BLOCK_BYTES, 2 * U32_BYTES);
  const fitting = Math.min(
    Math.floor(limit / bytes),
    TOP_K_LANES * context.device.limits.maxComputeWorkgroupsPerDimension,
  );
  const cost = Math.max(MIN_ITEMS_PER_CALL * users.columns, heapCost(k));
  const paid = Math.max(TOP_K_LANES, Math.floor(pace.budget / cost));
  const most = Math.max(1, Math.min(part.rows - first, fitting, paid));
  return seen === null ? most : usersOfTwoShards(seen, part.first + first, most);
}

/** Two shards are bound at a time: so many users from `first` on have all they have seen in them. */
function usersOfTwoShards(seen: GpuSparse, first: number, most: number): number {
  const { indptr, entriesPerShard } = seen;
  const end = (Math.floor((indptr[first] ?? 0) / entriesPerShard) + 2) * entriesPerShard;
  let count = most;
  while (count > 0 && (indptr[first + count] ?? 0) > end) count--;
  if (count > 0) return count;
  throw new AppError('gpu-out-of-memory', 'A user has seen more items than this graphics device can bind.', {
    values: { user: first, items: seen.entriesOf(first), limit: entriesPerShard },
    remedy: 'Rank on the CPU.',
  });
}

/** Multiply-adds that k items going through a heap stand for. */
function heapCost(k: number): number {
  return HEAP_STEP_COST * k * Math.ceil(Math.log2(k + 1));
}

/** Ranks users [first, first + count) of a part of the users. */
async function rankBatch(
  { context, pace, request, signal }: RankWork,
  part: MatrixPart,
  first: number,
  count: number,
  result: TopK,
): Promise<void> {
  const { users, itemFactors, seen, k } = request;
  const held: GPUBuffer[] = [];
  const storage = (label: string, bytes: number): GPUBuffer => {
    const buffer = context.createStorage(label, bytes);
    held.push(buffer);
    return buffer;
  };
  try {
    const lists = listsOfUser(context, request, count);
    const batch: TopKBatch = {
      users: part.buffer,
      firstUser: first,
      count,
      blocks: users.blocks,
      k,
      lists,
      turned: storage('rank/turned', count * users.blocks * BLOCK_BYTES),
      best: storage('rank/best', lists * k * count * TOP_K_PAIR_BYTES),
      bounds: storage('rank/bounds', count * U32_BYTES),
      nothing: storage('rank/nothing', BLOCK_BYTES),
    };
    const offsets = storage('rank/offsets', (count + 1) * U32_BYTES);
    const seenItems = bindSeen(context, seen, part.first + first, count, offsets);
    await beginLists(context, batch);
    for (const items of itemFactors.parts) {
      for (let begin = 0; begin < items.rows;) {
        const cost = count * users.columns;
        // whole tiles in every list
        const ask = Math.max(MIN_ITEMS_PER_CALL, Math.floor(pace.budget / cost));
        const itemsPerList = TILE_ITEMS * Math.ceil(Math.min(ask, items.rows - begin) / (lists * TILE_ITEMS));
        const last = Math.min(items.rows, begin + itemsPerList * lists);
        const started = performance.now();
        const range = { itemFactors: items.buffer, firstItem: items.first, first: begin, last, itemsPerList };
        await addItems(context, batch, range, seenItems);
        const longest = await context.settle();
        pace.learn((last - begin) * cost, performance.now() - started, longest);
        throwIfCancelled(signal);
        begin = last;
      }
    }
    await endLists(context, batch);
    takeLists(
      await context.readBuffer(batch.best, count * k * TOP_K_PAIR_BYTES),
      part.first + first,
      count,
      result,
    );
  } finally {
    // freed by the device once the submitted work is done
    for (const buffer of held) context.destroyBuffer(buffer);
  }
}

/** As many lists a user as keep the device busy, as have enough items each, and as the device has room for. */
function listsOfUser(context: GpuContext, { itemFactors, k }: GpuRankRequest, count: number): number {
  const limit = Math.min(MAX_SCRATCH_BYTES, context.maxBindingBytes);
  const useful = Math.floor(itemFactors.rows / Math.max(MIN_ITEMS_PER_LIST, 4 * k));
  const wanted = Math.ceil(ENOUGH_WORKGROUPS / Math.ceil(count / TOP_K_LANES));
  return Math.max(1, Math.min(wanted, MAX_LISTS, useful, Math.floor(limit / (k * count * TOP_K_PAIR_BYTES))));
}

/** The seen items of users [first, first + count), which lie in two shards; `offsets` is written. */
function bindSeen(
  context: GpuContext,
  seen: GpuSparse | null,
  first: number,
  count: number,
  offsets: GPUBuffer,
): SeenItems {
  // all offsets 0: nothing is read
  if (seen === null) return { offsets, shard: offsets, next: offsets, shardEntries: 0 };
  const { indptr, entriesPerShard } = seen;
  const shard = Math.min(Math.floor((indptr[first] ?? 0) / entriesPerShard), seen.shards - 1);
  const from = shard * entriesPerShard;
  context.write(
    offsets,
    Uint32Array.from({ length: count + 1 }, (_, user) => (indptr[first + user] ?? 0) - from),
  );
  const next = seen.shard(Math.min(shard + 1, seen.shards - 1));
  return { offsets, shard: seen.shard(shard), next, shardEntries: entriesPerShard };
}

/** Puts the lists of `count` users, place by place on the device, into the result from user `first` on. */
function takeLists(bytes: ArrayBuffer, first: number, count: number, { k, items, scores }: TopK): void {
  const numbers = new Uint32Array(bytes);
  const floats = new Float32Array(bytes);
  for (let user = 0; user < count; user++) {
    for (let place = 0; place < k; place++) {
      const pair = 2 * (place * count + user);
      const item = numbers[pair] ?? NO_ITEM;
      if (item === NO_ITEM) break;
      items[(first + user) * k + place] = item;
      scores[(first + user) * k + place] = floats[pair + 1] ?? 0;
    }
  }
}
