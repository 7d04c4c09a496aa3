import type { GpuContext } from '../../gpu/context.ts';
import { workgroupGrid } from '../../gpu/grid.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import { uniformStruct } from '../../gpu/uniform-struct.ts';
import source from './row-solve.wgsl?raw';

const parameters = uniformStruct('Parameters', {
  first: 'u32',
  count: 'u32',
  factors: 'u32',
  blocks: 'u32',
  tiles: 'u32',
  unobserved_weight: 'f32',
});

/** See row-solve.reference.ts. */
export const rowSolveKernel = {
  name: 'row-solve',
  source,
  entryPoints: ['row_solve'],
  parameters,
  bindings: [
    { name: 'indptr', access: 'read' },
    { name: 'entries', access: 'read' },
    { name: 'fixed', access: 'read' },
    { name: 'gram', access: 'read' },
    { name: 'ridge', access: 'read' },
    { name: 'tiles', access: 'read_write' },
    { name: 'solved', access: 'read_write' },
    { name: 'failures', access: 'read_write' },
  ],
} as const satisfies Kernel<typeof parameters.fields, string>;

const TILE_BYTES = 64;

/** Tiles of a row's lower triangle. */
function tileCount(blocks: number): number {
  return (blocks * (blocks + 1)) / 2;
}

/** Bytes of scratch that one row needs while it is being solved. */
export function rowSolveScratchBytes(blocks: number): number {
  return tileCount(blocks) * TILE_BYTES;
}

export interface RowSolveInput {
  /** rows + 1 u32. */
  readonly indptr: GPUBuffer;
  /** (column u32, signed weight f32) pairs. */
  readonly entries: GPUBuffer;
  /** columns × blocks vec4f. */
  readonly fixed: GPUBuffer;
  /** factors × blocks vec4f. */
  readonly gram: GPUBuffer;
  /** rows vec4f, the value in x. */
  readonly ridge: GPUBuffer;
  /** At least count × rowSolveScratchBytes. */
  readonly tiles: GPUBuffer;
  /** rows × blocks vec4f, overwritten. */
  readonly solved: GPUBuffer;
  /** One u32, counted up by rows that have no solution. */
  readonly failures: GPUBuffer;
  readonly factors: number;
  readonly blocks: number;
  readonly unobservedWeight: number;
}

/** Submits the solution of rows [first, first + count). */
export async function solveRowRange(
  context: GpuContext,
  input: RowSolveInput,
  first: number,
  count: number,
): Promise<void> {
  const { factors, blocks, unobservedWeight, ...buffers } = input;
  await context.dispatch(rowSolveKernel, {
    entryPoint: 'row_solve',
    parameters: {
      first,
      count,
      factors,
      blocks,
      tiles: tileCount(blocks),
      unobserved_weight: unobservedWeight,
    },
    buffers,
    grid: workgroupGrid(count, context.device.limits.maxComputeWorkgroupsPerDimension),
  });
}
