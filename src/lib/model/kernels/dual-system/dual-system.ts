import type { GpuContext } from '../../gpu/context.ts';
import { workgroupGrid } from '../../gpu/grid.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import { uniformStruct } from '../../gpu/uniform-struct.ts';
import source from './dual-system.wgsl?raw';

const parameters = uniformStruct('Parameters', {
  first: 'u32',
  count: 'u32',
  first_tile: 'u32',
  tiles: 'u32',
  blocks: 'u32',
  first_column: 'u32',
  unobserved_weight: 'f32',
});

/** See dual-system.reference.ts. */
export const dualSystemKernel = {
  name: 'dual-system',
  source,
  entryPoints: ['build', 'expand'],
  parameters,
  bindings: [
    { name: 'entries', access: 'read' },
    { name: 'fixed', access: 'read' },
    { name: 'eigenvalues', access: 'read' },
    { name: 'ridge', access: 'read' },
    { name: 'tasks', access: 'read' },
    { name: 'tiles', access: 'read_write' },
    { name: 'right', access: 'read_write' },
    { name: 'solved', access: 'read_write' },
  ],
} as const satisfies Kernel<typeof parameters.fields, string>;

const LANES = 64;

export interface DualSystemInput {
  /** (column u32, signed weight f32) pairs. */
  readonly entries: GPUBuffer;
  /** Columns from firstColumn on × blocks vec4f, in the eigenbasis of their Gram matrix. */
  readonly fixed: GPUBuffer;
  readonly firstColumn: number;
  /** blocks vec4f. */
  readonly eigenvalues: GPUBuffer;
  /** rows vec4f, the value in x. */
  readonly ridge: GPUBuffer;
  /** TASK_BYTES each. */
  readonly tasks: GPUBuffer;
  /** TILE_BYTES a tile. */
  readonly tiles: GPUBuffer;
  /** RIGHT_BYTES a row of tiles. */
  readonly right: GPUBuffer;
  /** destinations × blocks vec4f. */
  readonly solved: GPUBuffer;
  readonly blocks: number;
  readonly unobservedWeight: number;
}

/** Tasks [first, first + count), whose regions are tiles [firstTile, firstTile + tiles). */
export interface DualTasks {
  readonly first: number;
  readonly count: number;
  readonly firstTile: number;
  readonly tiles: number;
}

/** Submits the systems of these tasks. */
export async function buildDualSystems(
  context: GpuContext,
  input: DualSystemInput,
  tasks: DualTasks,
): Promise<void> {
  await call(context, input, 'build', tasks, tasks.tiles);
}

/** Submits the solutions of these tasks, whose unknowns the right side holds. */
export async function expandDualSolutions(
  context: GpuContext,
  input: DualSystemInput,
  tasks: DualTasks,
): Promise<void> {
  await call(context, input, 'expand', tasks, tasks.count * input.blocks);
}

function call(
  context: GpuContext,
  { blocks, unobservedWeight, firstColumn, ...buffers }: DualSystemInput,
  entryPoint: (typeof dualSystemKernel.entryPoints)[number],
  { first, count, firstTile, tiles }: DualTasks,
  lanes: number,
): Promise<void> {
  const limit = context.device.limits.maxComputeWorkgroupsPerDimension;
  return context.dispatch(dualSystemKernel, {
    entryPoint,
    parameters: {
      first,
      count,
      first_tile: firstTile,
      tiles,
      blocks,
      first_column: firstColumn,
      unobserved_weight: unobservedWeight,
    },
    buffers,
    grid: workgroupGrid(Math.ceil(lanes / LANES), limit),
  });
}
