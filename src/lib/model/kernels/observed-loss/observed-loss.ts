import type { GpuContext } from '../../gpu/context.ts';
import { workgroupGrid } from '../../gpu/grid.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import { uniformStruct } from '../../gpu/uniform-struct.ts';
import source from './observed-loss.wgsl?raw';

const parameters = uniformStruct('Parameters', {
  first: 'u32',
  count: 'u32',
  blocks: 'u32',
  first_column: 'u32',
});

/** See observed-loss.reference.ts. */
export const observedLossKernel = {
  name: 'observed-loss',
  source,
  entryPoints: ['observed_loss'],
  parameters,
  bindings: [
    { name: 'segments', access: 'read' },
    { name: 'entries', access: 'read' },
    { name: 'left', access: 'read' },
    { name: 'right', access: 'read' },
    { name: 'sums', access: 'read_write' },
  ],
} as const satisfies Kernel<typeof parameters.fields, string>;

const LANES = 64;

/** Entries of a segment at most: 32-bit sums of more would lose digits, and lanes would wait for the longest. */
export const LOSS_SEGMENT_ENTRIES = 64;
/** Bytes of a segment: u32s (begin, end, row, unused). */
export const LOSS_SEGMENT_BYTES = 16;

export interface ObservedLossInput {
  /** LOSS_SEGMENT_BYTES each. */
  readonly segments: GPUBuffer;
  /** (column u32, signed weight f32) pairs. */
  readonly entries: GPUBuffer;
  /** rows × blocks vec4f. */
  readonly left: GPUBuffer;
  /** Columns from firstColumn on × blocks vec4f. */
  readonly right: GPUBuffer;
  readonly firstColumn: number;
  readonly blocks: number;
  /** Segments [first, first + count). */
  readonly first: number;
  readonly count: number;
}

/** Σ |d| (p − xᵀy)² over the entries of `count` segments. */
export async function observedLoss(context: GpuContext, input: ObservedLossInput): Promise<number> {
  const { segments, entries, left, right, firstColumn, blocks, first, count } = input;
  const sums = context.createStorage('observed-loss/sums', count * Float32Array.BYTES_PER_ELEMENT);
  try {
    await context.dispatch(observedLossKernel, {
      entryPoint: 'observed_loss',
      parameters: { first, count, blocks, first_column: firstColumn },
      buffers: { segments, entries, left, right, sums },
      grid: workgroupGrid(Math.ceil(count / LANES), context.device.limits.maxComputeWorkgroupsPerDimension),
    });
    const bytes = await context.readBuffer(sums, count * Float32Array.BYTES_PER_ELEMENT);
    return new Float32Array(bytes).reduce((total, sum) => total + sum, 0);
  } finally {
    context.destroyBuffer(sums);
  }
}
