import type { GpuContext } from '../../gpu/context.ts';
import { workgroupGrid } from '../../gpu/grid.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import { uniformStruct } from '../../gpu/uniform-struct.ts';
import source from './sparse-gram.wgsl?raw';

const parameters = uniformStruct('Parameters', {
  first: 'u32',
  count: 'u32',
  stride: 'u32',
  ridge: 'f32',
});

/** See sparse-gram.reference.ts. */
export const sparseGramKernel = {
  name: 'sparse-gram',
  source,
  entryPoints: ['sparse_gram'],
  parameters,
  bindings: [
    { name: 'indptr', access: 'read' },
    { name: 'entries', access: 'read' },
    { name: 'column_indptr', access: 'read' },
    { name: 'column_entries', access: 'read' },
    { name: 'gram', access: 'read_write' },
  ],
} as const satisfies Kernel<typeof parameters.fields, string>;

export interface SparseGramInput {
  /** X by rows: rows + 1 u32, and (column u32, value f32) pairs. */
  readonly indptr: GPUBuffer;
  readonly entries: GPUBuffer;
  /** Xᵀ in the same form. */
  readonly column_indptr: GPUBuffer;
  readonly column_entries: GPUBuffer;
  /** columns × stride f32, overwritten; padding becomes 0. */
  readonly gram: GPUBuffer;
  /** f32 from one row of `gram` to the next. */
  readonly stride: number;
  /** Added to the diagonal. */
  readonly ridge: number;
}

/** Submits rows [first, first + count) of XᵀX + ridge·I. */
export async function sparseGramRange(
  context: GpuContext,
  { stride, ridge, ...buffers }: SparseGramInput,
  first: number,
  count: number,
): Promise<void> {
  await context.dispatch(sparseGramKernel, {
    entryPoint: 'sparse_gram',
    parameters: { first, count, stride, ridge },
    buffers,
    grid: workgroupGrid(count, context.device.limits.maxComputeWorkgroupsPerDimension),
  });
}
