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
  filter_seen: 'u32',
});

/** See top-k.reference.ts. */
export const topKKernel = {
  name: 'top-k',
  source,
  entryPoints: ['top_k'],
  parameters,
  bindings: [
    { name: 'seen_indptr', access: 'read' },
    { name: 'seen', access: 'read' },
    { name: 'scores', access: 'read_write' },
    { name: 'best', access: 'read_write' },
  ],
} as const satisfies Kernel<typeof parameters.fields, string>;

/** Bytes of one (item, score) pair of the result. */
export const TOP_K_PAIR_BYTES = 8;
/** Stands in the result where a user has no more candidates; the pair's score means nothing there. */
export const NO_ITEM = 0xffffffff;

export interface TopKInput {
  /** Offsets and (item, unused) pairs of the items to leave out; null leaves none out. */
  readonly seen: { readonly indptr: GPUBuffer; readonly entries: GPUBuffer } | null;
  /** count × items f32; overwritten at seen items. */
  readonly scores: GPUBuffer;
  /** count × k (item u32, score f32) pairs, overwritten. */
  readonly best: GPUBuffer;
  readonly items: number;
  readonly k: number;
  /** Users [first, first + count). */
  readonly first: number;
  readonly count: number;
}

/** Submits the choice of the k best items of `count` users. */
export async function selectTopK(context: GpuContext, input: TopKInput): Promise<void> {
  const { seen, scores, best, items, k, first, count } = input;
  // something must be bound; with filter_seen 0 it is not read
  const nothing = context.createStorage('top-k/nothing', TOP_K_PAIR_BYTES);
  const { indptr, entries } = seen ?? { indptr: nothing, entries: nothing };
  try {
    await context.dispatch(topKKernel, {
      entryPoint: 'top_k',
      parameters: { first, count, items, k, filter_seen: seen === null ? 0 : 1 },
      buffers: { seen_indptr: indptr, seen: entries, scores, best },
      grid: workgroupGrid(count, context.device.limits.maxComputeWorkgroupsPerDimension),
    });
  } finally {
    context.destroyBuffer(nothing);
  }
}
