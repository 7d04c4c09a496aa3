import type { GpuContext } from '../../gpu/context.ts';
import { workgroupGrid } from '../../gpu/grid.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import { uniformStruct } from '../../gpu/uniform-struct.ts';
import source from './top-k.wgsl?raw';

const parameters = uniformStruct('Parameters', {
  first: 'u32',
  count: 'u32',
  items: 'u32',
  k: 'u32',
  first_item: 'u32',
});

/** See top-k.reference.ts. */
export const topKKernel = {
  name: 'top-k',
  source,
  entryPoints: ['hide_seen', 'top_k'],
  parameters,
  bindings: [
    { name: 'segments', access: 'read' },
    { name: 'seen', access: 'read' },
    { name: 'scores', access: 'read_write' },
    { name: 'best', access: 'read_write' },
  ],
} as const satisfies Kernel<typeof parameters.fields, string>;

/** Bytes of one (item, score) pair of the result. */
export const TOP_K_PAIR_BYTES = 8;
/** Stands in the result where a user has no more candidates; the pair's score means nothing there. */
export const NO_ITEM = 0xffffffff;

/** Bytes of a segment of seen items: u32s (begin, end, slot, unused). */
export const SEEN_SEGMENT_BYTES = 16;

const LANES = 64;

export interface SeenInput {
  /** SEEN_SEGMENT_BYTES each; slots count users as `scores` does. */
  readonly segments: GPUBuffer;
  /** (item u32, unused) pairs. */
  readonly seen: GPUBuffer;
  /** Segments [first, first + count). */
  readonly first: number;
  readonly count: number;
}

export interface TopKInput {
  /** users × items f32. */
  readonly scores: GPUBuffer;
  /** users × k (item u32, score f32) pairs, overwritten. */
  readonly best: GPUBuffer;
  readonly items: number;
  /** Position of the first of these items among all. */
  readonly firstItem: number;
  readonly k: number;
  readonly users: number;
}

/** Submits the removal of seen items from the scores. */
export async function hideSeen(
  context: GpuContext,
  { scores, best, items, firstItem, k }: TopKInput,
  { segments, seen, first, count }: SeenInput,
): Promise<void> {
  await context.dispatch(topKKernel, {
    entryPoint: 'hide_seen',
    parameters: { first, count, items, k, first_item: firstItem },
    buffers: { segments, seen, scores, best },
    grid: workgroupGrid(Math.ceil(count / LANES), context.device.limits.maxComputeWorkgroupsPerDimension),
  });
}

/** Submits the choice of the k best items of each user. */
export async function selectTopK(
  context: GpuContext,
  { scores, best, items, firstItem, k, users }: TopKInput,
): Promise<void> {
  // something must be bound; it is not read
  const nothing = context.createStorage('top-k/nothing', SEEN_SEGMENT_BYTES);
  try {
    await context.dispatch(topKKernel, {
      entryPoint: 'top_k',
      parameters: { first: 0, count: users, items, k, first_item: firstItem },
      buffers: { segments: nothing, seen: nothing, scores, best },
      grid: workgroupGrid(users, context.device.limits.maxComputeWorkgroupsPerDimension),
    });
  } finally {
    context.destroyBuffer(nothing);
  }
}
