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
  first_part: 'u32',
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
  /** rows × blocks vec4f each. */
  readonly parts: readonly { readonly buffer: GPUBuffer; readonly rows: number }[];
  readonly factors: number;
  readonly blocks: number;
  /** factors × blocks vec4f, overwritten. */
  readonly gram: GPUBuffer;
}

/** Submits G = YᵀY, with Y in parts. */
export async function computeGram(
  context: GpuContext,
  { parts: values, factors, blocks, gram }: GramInput,
): Promise<void> {
  const tiles = (blocks * (blocks + 1)) / 2;
  const fitting = Math.floor(context.maxBindingBytes / (tiles * TILE_BYTES));
  const most = Math.max(1, Math.floor(Math.min(MAX_PARTS, fitting) / values.length));
  const split = values.map(({ buffer, rows }) => {
    const parts = Math.max(1, Math.min(most, Math.ceil(rows / MIN_ROWS_PER_PART)));
    return { buffer, rows, parts, rowsPerPart: Math.ceil(rows / parts) };
  });
  const parts = split.reduce((total, one) => total + one.parts, 0);
  const partSums = context.createStorage('gram/part-sums', parts * tiles * TILE_BYTES);
  const tileGroups = Math.ceil(tiles / LANES);
  try {
    let first = 0;
    for (const { buffer, rows, parts: own, rowsPerPart } of split) {
      await context.dispatch(gramKernel, {
        entryPoint: 'gram_parts',
        parameters: { rows, factors, blocks, tiles, parts, rows_per_part: rowsPerPart, first_part: first },
        buffers: { factors: buffer, part_sums: partSums, gram },
        grid: [tileGroups, own],
      });
      first += own;
    }
    await context.dispatch(gramKernel, {
      entryPoint: 'gram_reduce',
      parameters: { rows: 0, factors, blocks, tiles, parts, rows_per_part: 0, first_part: 0 },
      buffers: { factors: split[0]?.buffer ?? gram, part_sums: partSums, gram },
      grid: [tileGroups, 1],
    });
  } finally {
    // freed by the device once the submitted work is done
    context.destroyBuffer(partSums);
  }
}
