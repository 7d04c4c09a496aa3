import type { GpuContext } from '../../gpu/context.ts';
import { workgroupGrid } from '../../gpu/grid.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import { uniformStruct } from '../../gpu/uniform-struct.ts';
import source from './multiply.wgsl?raw';

const parameters = uniformStruct('Parameters', {
  first: 'u32',
  count: 'u32',
  columns: 'u32',
  blocks: 'u32',
  scatter: 'u32',
});

/** See multiply.reference.ts. */
export const multiplyKernel = {
  name: 'multiply',
  source,
  entryPoints: ['multiply'],
  parameters,
  bindings: [
    { name: 'left', access: 'read' },
    { name: 'small', access: 'read' },
    { name: 'targets', access: 'read' },
    { name: 'product', access: 'read_write' },
  ],
} as const satisfies Kernel<typeof parameters.fields, string>;

const LANES = 64;
const ROWS_PER_LANE = 4;
const BLOCKS_PER_LANE = 2;

export interface MultiplyInput {
  /** At least first + count rows × blocks vec4f. */
  readonly left: GPUBuffer;
  /** columns × blocks vec4f. */
  readonly small: GPUBuffer;
  /** first + count u32: rows of the product; null where row r goes to row r. */
  readonly targets: GPUBuffer | null;
  /** rows × blocks vec4f; the rows named are overwritten. */
  readonly product: GPUBuffer;
  /** Rows [first, first + count) of A. */
  readonly first: number;
  readonly count: number;
  readonly columns: number;
}

/** Submits C = A B for `count` rows of A and a square B. */
export async function multiply(
  context: GpuContext,
  { left, small, targets, product, first, count, columns }: MultiplyInput,
): Promise<void> {
  const blocks = Math.ceil(columns / 4);
  const lanes = Math.ceil(count / ROWS_PER_LANE) * Math.ceil(blocks / BLOCKS_PER_LANE);
  await context.dispatch(multiplyKernel, {
    entryPoint: 'multiply',
    parameters: { first, count, columns, blocks, scatter: targets === null ? 0 : 1 },
    // something must be bound; with scatter 0 it is not read
    buffers: { left, small, targets: targets ?? small, product },
    grid: workgroupGrid(Math.ceil(lanes / LANES), context.device.limits.maxComputeWorkgroupsPerDimension),
  });
}
