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
  skip: 'u32',
  most: 'u32',
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
/** Lanes that keep a large GPU busy; more parts would only add partial sums. */
const ENOUGH_LANES = 2 ** 16;
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

/** How the rows of one buffer are split. */
export interface GramSplit {
  readonly buffer: GPUBuffer;
  readonly rows: number;
  readonly parts: number;
  readonly rowsPerPart: number;
  readonly firstPart: number;
}

/** How Y is split, and the sums of its parts. */
export interface GramSums {
  readonly splits: readonly GramSplit[];
  readonly parts: number;
  readonly tiles: number;
  readonly partSums: GPUBuffer;
}

/** Makes room for the sums of Y's parts; the caller destroys `partSums`. */
export function createGramSums(context: GpuContext, { parts: values, blocks }: GramInput): GramSums {
  const tiles = (blocks * (blocks + 1)) / 2;
  const fitting = Math.floor(context.maxBindingBytes / (tiles * TILE_BYTES));
  const useful = Math.min(MAX_PARTS, Math.ceil(ENOUGH_LANES / tiles));
  const most = Math.max(1, Math.floor(Math.min(useful, fitting) / values.length));
  const splits: GramSplit[] = [];
  let firstPart = 0;
  for (const { buffer, rows } of values) {
    const parts = Math.max(1, Math.min(most, Math.ceil(rows / MIN_ROWS_PER_PART)));
    splits.push({ buffer, rows, parts, rowsPerPart: Math.ceil(rows / parts), firstPart });
    firstPart += parts;
  }
  const partSums = context.createStorage('gram/part-sums', firstPart * tiles * TILE_BYTES);
  return { splits, parts: firstPart, tiles, partSums };
}

/** Submits the sums over rows [skip, skip + most) of each part of a split. The first call of a split skips none. */
export async function addGramRows(
  context: GpuContext,
  { factors, blocks, gram }: GramInput,
  { parts, tiles, partSums }: GramSums,
  { buffer, rows, parts: own, rowsPerPart, firstPart }: GramSplit,
  skip: number,
  most: number,
): Promise<void> {
  const sizes = { rows, factors, blocks, tiles, parts };
  await context.dispatch(gramKernel, {
    entryPoint: 'gram_parts',
    parameters: { ...sizes, rows_per_part: rowsPerPart, first_part: firstPart, skip, most },
    buffers: { factors: buffer, part_sums: partSums, gram },
    grid: [Math.ceil(tiles / LANES), own],
  });
}

/** Submits G, the sum of the parts. */
export async function reduceGram(
  context: GpuContext,
  { factors, blocks, gram }: GramInput,
  { splits, parts, tiles, partSums }: GramSums,
): Promise<void> {
  const none = { rows: 0, rows_per_part: 0, first_part: 0, skip: 0, most: 0 };
  await context.dispatch(gramKernel, {
    entryPoint: 'gram_reduce',
    parameters: { ...none, factors, blocks, tiles, parts },
    buffers: { factors: splits[0]?.buffer ?? gram, part_sums: partSums, gram },
    grid: [Math.ceil(tiles / LANES), 1],
  });
}
