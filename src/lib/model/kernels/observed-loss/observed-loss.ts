import type { GpuContext } from '../../gpu/context.ts';
import { workgroupGrid } from '../../gpu/grid.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import { uniformStruct } from '../../gpu/uniform-struct.ts';
import source from './observed-loss.wgsl?raw';

const parameters = uniformStruct('Parameters', { first: 'u32', count: 'u32', blocks: 'u32' });

/** See observed-loss.reference.ts. */
export const observedLossKernel = {
  name: 'observed-loss',
  source,
  entryPoints: ['observed_loss'],
  parameters,
  bindings: [
    { name: 'indptr', access: 'read' },
    { name: 'entries', access: 'read' },
    { name: 'left', access: 'read' },
    { name: 'right', access: 'read' },
    { name: 'sums', access: 'read_write' },
  ],
} as const satisfies Kernel<typeof parameters.fields, string>;

export interface ObservedLossInput {
  /** rows + 1 u32. */
  readonly indptr: GPUBuffer;
  /** (column u32, signed weight f32) pairs. */
  readonly entries: GPUBuffer;
  /** rows × blocks vec4f. */
  readonly left: GPUBuffer;
  /** columns × blocks vec4f. */
  readonly right: GPUBuffer;
  readonly blocks: number;
  /** Rows [first, first + count). */
  readonly first: number;
  readonly count: number;
}

/** Σ |d| (p − xᵀy)² over the entries of `count` rows. */
export async function observedLoss(context: GpuContext, input: ObservedLossInput): Promise<number> {
  const { indptr, entries, left, right, blocks, first, count } = input;
  const sums = context.createStorage('observed-loss/sums', count * Float32Array.BYTES_PER_ELEMENT);
  try {
    await context.dispatch(observedLossKernel, {
      entryPoint: 'observed_loss',
      parameters: { first, count, blocks },
      buffers: { indptr, entries, left, right, sums },
      grid: workgroupGrid(count, context.device.limits.maxComputeWorkgroupsPerDimension),
    });
    const bytes = await context.readBuffer(sums, count * Float32Array.BYTES_PER_ELEMENT);
    return new Float32Array(bytes).reduce((total, sum) => total + sum, 0);
  } finally {
    context.destroyBuffer(sums);
  }
}
