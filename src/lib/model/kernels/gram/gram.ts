import type { GpuContext } from '../../gpu/context.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import { uniformStruct } from '../../gpu/uniform-struct.ts';
import source from './gram.wgsl?raw';

const parameters = uniformStruct('Parameters', {
  rows: 'u32',
  factors: 'u32',
  blocks: 'u32',
  tiles: 'u32',
  parts: 'u32',
  rows_per_part: 'u32',
});

/** See gram.reference.ts. */
export const gramKernel = {
  name: 'gram',
  source,
  entryPoints: ['gram_parts', 'gram_reduce'],
  parameters,
  bindings: [
    { name: 'factors', access: 'read' },
    { name: 'part_sums', access: 'read_write' },
    { name: 'gram', access: 'read_write' },
  ],
} as const satisfies Kernel<typeof parameters.fields, string>;

const LANES = 64;
const TILE_BYTES = 64;
/** Enough workgroups for a large GPU at small dimensions; more would only add partial sums. */
const MAX_PARTS = 64;
/** Below this a part costs more to add up than to compute. */
const MIN_ROWS_PER_PART = 256;

export interface GramInput {
  /** rows × blocks vec4f. */
  readonly values: GPUBuffer;
  readonly rows: number;
  readonly factors: number;
  readonly blocks: number;
  /** factors × blocks vec4f, overwritten. */
  readonly gram: GPUBuffer;
}

/** Submits G = YᵀY. */
export async function computeGram(context: GpuContext, input: GramInput): Promise<void> {
  const { rows, factors, blocks, values, gram } = input;
  const tiles = (blocks * (blocks + 1)) / 2;
  const parts = Math.max(1, Math.min(MAX_PARTS, Math.ceil(rows / MIN_ROWS_PER_PART)));
  const rowsPerPart = Math.ceil(rows / parts);
  const partSums = context.createStorage('gram/part-sums', parts * tiles * TILE_BYTES);
  try {
    const call = {
      parameters: { rows, factors, blocks, tiles, parts, rows_per_part: rowsPerPart },
      buffers: { factors: values, part_sums: partSums, gram },
    };
    const tileGroups = Math.ceil(tiles / LANES);
    await context.dispatch(gramKernel, { ...call, entryPoint: 'gram_parts', grid: [tileGroups, parts] });
    await context.dispatch(gramKernel, { ...call, entryPoint: 'gram_reduce', grid: [tileGroups, 1] });
  } finally {
    // freed by the device once the submitted work is done
    context.destroyBuffer(partSums);
  }
}
