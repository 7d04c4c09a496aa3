import type { GpuContext } from '../../gpu/context.ts';
import { workgroupGrid } from '../../gpu/grid.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import { uniformStruct } from '../../gpu/uniform-struct.ts';
import source from './weighted-norm.wgsl?raw';

const parameters = uniformStruct('Parameters', {
  rows: 'u32',
  blocks: 'u32',
  groups: 'u32',
  first_weight: 'u32',
});

/** See weighted-norm.reference.ts. */
export const weightedNormKernel = {
  name: 'weighted-norm',
  source,
  entryPoints: ['weighted_norm'],
  parameters,
  bindings: [
    { name: 'values', access: 'read' },
    { name: 'weights', access: 'read' },
    { name: 'sums', access: 'read_write' },
  ],
} as const satisfies Kernel<typeof parameters.fields, string>;

const ROWS_PER_WORKGROUP = 64;

export interface WeightedNormInput {
  /** rows × blocks vec4f. */
  readonly values: GPUBuffer;
  /** rows vec4f, the value in x. */
  readonly weights: GPUBuffer;
  /** Weight of the first row. */
  readonly firstWeight: number;
  readonly rows: number;
  readonly blocks: number;
}

/** Σ_r weights_r ‖row r‖². */
export async function weightedNorm(
  context: GpuContext,
  { values, weights, firstWeight, rows, blocks }: WeightedNormInput,
): Promise<number> {
  const groups = Math.ceil(rows / ROWS_PER_WORKGROUP);
  const sums = context.createStorage('weighted-norm/sums', groups * Float32Array.BYTES_PER_ELEMENT);
  try {
    await context.dispatch(weightedNormKernel, {
      entryPoint: 'weighted_norm',
      parameters: { rows, blocks, groups, first_weight: firstWeight },
      buffers: { values, weights, sums },
      grid: workgroupGrid(groups, context.device.limits.maxComputeWorkgroupsPerDimension),
    });
    const bytes = await context.readBuffer(sums, groups * Float32Array.BYTES_PER_ELEMENT);
    return new Float32Array(bytes).reduce((total, sum) => total + sum, 0);
  } finally {
    context.destroyBuffer(sums);
  }
}
