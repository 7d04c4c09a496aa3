import type { GpuContext } from '../../gpu/context.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import { uniformStruct } from '../../gpu/uniform-struct.ts';
import source from './score.wgsl?raw';

const parameters = uniformStruct('Parameters', { first: 'u32', count: 'u32', items: 'u32', blocks: 'u32' });

/** See score.reference.ts. */
export const scoreKernel = {
  name: 'score',
  source,
  entryPoints: ['score'],
  parameters,
  bindings: [
    { name: 'users', access: 'read' },
    { name: 'item_factors', access: 'read' },
    { name: 'scores', access: 'read_write' },
  ],
} as const satisfies Kernel<typeof parameters.fields, string>;

const USERS_PER_WORKGROUP = 8;
const ITEMS_PER_WORKGROUP = 32;

/** Users that one dispatch can score, whatever the memory. */
export function maxScoredUsers(context: GpuContext): number {
  return USERS_PER_WORKGROUP * context.device.limits.maxComputeWorkgroupsPerDimension;
}

export interface ScoreInput {
  /** all users × blocks vec4f. */
  readonly users: GPUBuffer;
  /** items × blocks vec4f. */
  readonly itemFactors: GPUBuffer;
  readonly items: number;
  readonly blocks: number;
  /** Users [first, first + count). */
  readonly first: number;
  readonly count: number;
  /** count × items f32, overwritten. */
  readonly scores: GPUBuffer;
}

/** Submits the scores of `count` users for all items. */
export async function computeScores(context: GpuContext, input: ScoreInput): Promise<void> {
  const { users, itemFactors, items, blocks, first, count, scores } = input;
  await context.dispatch(scoreKernel, {
    entryPoint: 'score',
    parameters: { first, count, items, blocks },
    buffers: { users, item_factors: itemFactors, scores },
    grid: [Math.ceil(items / ITEMS_PER_WORKGROUP), Math.ceil(count / USERS_PER_WORKGROUP)],
  });
}
