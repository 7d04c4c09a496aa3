import type { GpuContext } from '../../gpu/context.ts';
import { workgroupGrid } from '../../gpu/grid.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import { uniformStruct } from '../../gpu/uniform-struct.ts';
import source from './top-k.wgsl?raw';

const parameters = uniformStruct('Parameters', {
  first_user: 'u32',
  count: 'u32',
  blocks: 'u32',
  k: 'u32',
  lists: 'u32',
  first: 'u32',
  last: 'u32',
  items_per_list: 'u32',
  first_item: 'u32',
  shard_entries: 'u32',
});

/** See top-k.reference.ts. */
export const topKKernel = {
  name: 'top-k',
  source,
  entryPoints: ['begin_lists', 'add_items', 'end_lists'],
  parameters,
  bindings: [
    { name: 'users', access: 'read' },
    { name: 'item_factors', access: 'read' },
    { name: 'offsets', access: 'read' },
    { name: 'seen', access: 'read' },
    { name: 'seen_next', access: 'read' },
    { name: 'turned', access: 'read_write' },
    { name: 'best', access: 'read_write' },
    { name: 'bounds', access: 'read_write' },
  ],
} as const satisfies Kernel<typeof parameters.fields, string>;

/** Bytes of one (item u32, score f32) pair of a list. */
export const TOP_K_PAIR_BYTES = 8;
/** Stands in the result where a user has no more candidates; the pair's score means nothing there. */
export const NO_ITEM = 0xffffffff;

/** Users of a workgroup. */
export const TOP_K_LANES = 64;
/** Items that a lane scores at a time. */
export const TILE_ITEMS = 16;

/** The lists of a batch of users, and what they are made in. */
export interface TopKBatch {
  /** All users × blocks vec4f. */
  readonly users: GPUBuffer;
  /** The batch is users [firstUser, firstUser + count). */
  readonly firstUser: number;
  readonly count: number;
  readonly blocks: number;
  readonly k: number;
  /** Lists of a user, each for ranges of items of its own. */
  readonly lists: number;
  /** blocks × count vec4f, overwritten. */
  readonly turned: GPUBuffer;
  /** lists × k × count pairs. After `endLists` the first k × count are the result: the best of all users first. */
  readonly best: GPUBuffer;
  /** count u32. */
  readonly bounds: GPUBuffer;
  /** 16 bytes that stand in where `turned` is read: WebGPU binds no buffer for both. */
  readonly nothing: GPUBuffer;
}

/** Items [first, last) of a part; positions must rise from call to call. */
export interface TopKItems {
  /** Items of the part × blocks vec4f. */
  readonly itemFactors: GPUBuffer;
  /** Position of the part's first item among all. */
  readonly firstItem: number;
  readonly first: number;
  readonly last: number;
  /** Items of each list's range; the ranges of all lists cover them. */
  readonly itemsPerList: number;
}

/** Items not to list. */
export interface SeenItems {
  /** count + 1 u32: where each user's begin. */
  readonly offsets: GPUBuffer;
  /** (item u32, unused) pairs, of each user rising: the first shardEntries of them, and those after. */
  readonly shard: GPUBuffer;
  readonly next: GPUBuffer;
  readonly shardEntries: number;
}

/** Submits the begin of a batch: no user has an item. */
export async function beginLists(context: GpuContext, batch: TopKBatch): Promise<void> {
  const { users, turned, blocks, count, lists, k } = batch;
  const lanes = count * Math.max(blocks, lists * k);
  await submit(context, batch, 'begin_lists', { users, turned }, groupsOf(context, lanes));
}

/** Submits the scores of items for all users of a batch, and what they change in the lists. */
export async function addItems(
  context: GpuContext,
  batch: TopKBatch,
  items: TopKItems,
  seen: SeenItems,
): Promise<void> {
  const { turned, nothing, count } = batch;
  const { itemFactors, first, last, itemsPerList } = items;
  const buffers = {
    users: turned,
    turned: nothing,
    item_factors: itemFactors,
    offsets: seen.offsets,
    seen: seen.shard,
    seen_next: seen.next,
  };
  const grid = [Math.ceil(count / TOP_K_LANES), Math.ceil((last - first) / itemsPerList)] as const;
  await submit(context, batch, 'add_items', buffers, grid, {
    first,
    last,
    items_per_list: itemsPerList,
    first_item: items.firstItem,
    shard_entries: seen.shardEntries,
  });
}

/** Submits the end of a batch: one list a user, best first. */
export async function endLists(context: GpuContext, batch: TopKBatch): Promise<void> {
  const { users, turned, count } = batch;
  await submit(context, batch, 'end_lists', { users, turned }, groupsOf(context, count));
}

type Buffers = Record<(typeof topKKernel.bindings)[number]['name'], GPUBuffer>;
type Numbers = Record<keyof typeof parameters.fields, number>;

/** `items` are the parameters that one entry point has; what the others do not read is bound to `users`. */
function submit(
  context: GpuContext,
  { users, firstUser, count, blocks, k, lists, best, bounds }: TopKBatch,
  entryPoint: (typeof topKKernel.entryPoints)[number],
  buffers: Partial<Buffers> & Pick<Buffers, 'users' | 'turned'>,
  grid: readonly [number, number],
  items: Partial<Numbers> = {},
): Promise<void> {
  const none = { first: 0, last: 0, items_per_list: 0, first_item: 0, shard_entries: 0 };
  const unread = { item_factors: users, offsets: users, seen: users, seen_next: users };
  return context.dispatch(topKKernel, {
    entryPoint,
    parameters: { first_user: firstUser, count, blocks, k, lists, ...none, ...items },
    buffers: { ...unread, ...buffers, best, bounds },
    grid,
  });
}

function groupsOf(context: GpuContext, lanes: number): readonly [number, number] {
  return workgroupGrid(
    Math.ceil(lanes / TOP_K_LANES),
    context.device.limits.maxComputeWorkgroupsPerDimension,
  );
}
