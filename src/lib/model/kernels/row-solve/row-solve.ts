import type { Dispatch, GpuContext } from '../../gpu/context.ts';
import { workgroupGrid } from '../../gpu/grid.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import { uniformStruct } from '../../gpu/uniform-struct.ts';
import source from './row-solve.wgsl?raw';

const parameters = uniformStruct('Parameters', { count: 'u32', order: 'u32', step: 'u32', blocks: 'u32' });

/** See row-solve.reference.ts. */
export const rowSolveKernel = {
  name: 'row-solve',
  source,
  entryPoints: ['factor_diagonal', 'factor_panel', 'substitute_back'],
  parameters,
  bindings: [
    { name: 'tasks', access: 'read' },
    { name: 'tiles', access: 'read_write' },
    { name: 'right', access: 'read_write' },
    { name: 'solved', access: 'read_write' },
    { name: 'failures', access: 'read_write' },
  ],
} as const satisfies Kernel<typeof parameters.fields, string>;

const LANES = 64;

export interface RowSolveInput {
  /** TASK_BYTES each, those with more rows of tiles first. */
  readonly tasks: GPUBuffer;
  /** A, TILE_BYTES a tile; overwritten. */
  readonly tiles: GPUBuffer;
  /** b, RIGHT_BYTES a row of tiles; overwritten: the solution where a task is dual. */
  readonly right: GPUBuffer;
  /** destinations × blocks vec4f: the solutions of tasks that are not dual. */
  readonly solved: GPUBuffer;
  /** One u32, counted up by pivots that are not above 0. */
  readonly failures: GPUBuffer;
  readonly blocks: number;
}

/** Submits the solution of the first orders.length tasks; `orders` are their rows of tiles, never rising. */
export async function solveSystems(
  context: GpuContext,
  { blocks, ...buffers }: RowSolveInput,
  orders: ArrayLike<number>,
): Promise<void> {
  const limit = context.device.limits.maxComputeWorkgroupsPerDimension;
  const order = orders[0] ?? 0;
  const calls: Dispatch<typeof parameters.fields, (typeof rowSolveKernel.bindings)[number]['name']>[] = [];
  const add = (
    entryPoint: (typeof rowSolveKernel.entryPoints)[number],
    step: number,
    count: number,
    lanes: number,
  ): void => {
    if (lanes === 0) return;
    calls.push({
      entryPoint,
      parameters: { count, order, step, blocks },
      buffers,
      grid: workgroupGrid(Math.ceil(lanes / LANES), limit),
    });
  };
  let count = orders.length;
  for (let step = 0; step < order; step++) {
    while ((orders[count - 1] ?? 0) <= step) count--;
    add('factor_diagonal', step, count, count);
    add('factor_panel', step, count, count * (order - step - 1));
  }
  add('substitute_back', 0, orders.length, orders.length);
  await context.dispatchAll(rowSolveKernel, calls);
}
