import type { GpuContext } from '../../gpu/context.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import { uniformStruct } from '../../gpu/uniform-struct.ts';
import source from './ceiling.wgsl?raw';

const parameters = uniformStruct('Parameters', { count: 'u32', steps: 'u32' });

/** See ceiling.reference.ts. */
export const ceilingKernel = {
  name: 'ceiling',
  source,
  entryPoints: ['multiply_add', 'copy'],
  parameters,
  bindings: [
    { name: 'source', access: 'read' },
    { name: 'target_values', access: 'read_write' },
  ],
} as const satisfies Kernel<typeof parameters.fields, string>;

const LANES = 64;
const VEC4_BYTES = 16;
const CHAINS = 8;
/** 65,536 lanes: with 32 sums in flight each, enough to keep the largest GPUs busy. */
const WORKGROUPS = 1024;

/** Lanes of one `multiplyAdd`, each of which writes a vec4f. */
export const MULTIPLY_ADD_LANES = WORKGROUPS * LANES;
/** Multiplications and additions of one step of `multiplyAdd`. */
export const MULTIPLY_ADD_FLOPS = MULTIPLY_ADD_LANES * CHAINS * 4 * 2;

/** At least MULTIPLY_ADD_LANES vec4f each. */
export interface CeilingBuffers {
  readonly source: GPUBuffer;
  /** Overwritten. */
  readonly target: GPUBuffer;
}

/** Submits chains of `steps` multiply-adds. */
export function multiplyAdd(
  context: GpuContext,
  { source: from, target, steps }: CeilingBuffers & { readonly steps: number },
): Promise<void> {
  return context.dispatch(ceilingKernel, {
    entryPoint: 'multiply_add',
    parameters: { count: MULTIPLY_ADD_LANES, steps },
    buffers: { source: from, target_values: target },
    grid: [WORKGROUPS, 1],
  });
}

/** Submits a copy of the first `bytes` (a multiple of 16). */
export function copyBytes(
  context: GpuContext,
  { source: from, target, bytes }: CeilingBuffers & { readonly bytes: number },
): Promise<void> {
  return context.dispatch(ceilingKernel, {
    entryPoint: 'copy',
    parameters: { count: bytes / VEC4_BYTES, steps: 0 },
    buffers: { source: from, target_values: target },
    grid: [WORKGROUPS, 1],
  });
}
