import type { GpuContext } from '../../gpu/context.ts';
import { workgroupGrid } from '../../gpu/grid.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import { uniformStruct } from '../../gpu/uniform-struct.ts';
import { tileCount, tileRows } from '../tiles.ts';
import source from './row-system.wgsl?raw';

const parameters = uniformStruct('Parameters', {
  first: 'u32',
  count: 'u32',
  factors: 'u32',
  blocks: 'u32',
  tiles: 'u32',
  order: 'u32',
  first_column: 'u32',
  unobserved_weight: 'f32',
});

/** See row-system.reference.ts. */
export const rowSystemKernel = {
  name: 'row-system',
  source,
  entryPoints: ['add_entries', 'merge_slots'],
  parameters,
  bindings: [
    { name: 'entries', access: 'read' },
    { name: 'fixed', access: 'read' },
    { name: 'gram', access: 'read' },
    { name: 'ridge', access: 'read' },
    { name: 'segments', access: 'read' },
    { name: 'tiles', access: 'read_write' },
    { name: 'right', access: 'read_write' },
  ],
} as const satisfies Kernel<typeof parameters.fields, string>;

const LANES = 64;

/** Members of a segment: u32s (begin, end, slot, row), as in the shader. */
export const SEGMENT_MEMBERS = 4;
export const SEGMENT_BYTES = SEGMENT_MEMBERS * Uint32Array.BYTES_PER_ELEMENT;
/** In place of a segment's row: its slot begins with zeros. */
export const FROM_ZERO = 0xffffffff;
/** In place of a segment's row: its slot holds earlier segments. */
export const GO_ON = 0xfffffffe;

export interface RowSystemInput {
  /** (column u32, signed weight f32) pairs. */
  readonly entries: GPUBuffer;
  /** Columns from firstColumn on × blocks vec4f. */
  readonly fixed: GPUBuffer;
  readonly firstColumn: number;
  /** factors × blocks vec4f. */
  readonly gram: GPUBuffer;
  /** rows vec4f, the value in x. */
  readonly ridge: GPUBuffer;
  /** SEGMENT_BYTES each. */
  readonly segments: GPUBuffer;
  /** tileCount × TILE_BYTES a slot. */
  readonly tiles: GPUBuffer;
  /** tileRows × RIGHT_BYTES a slot. */
  readonly right: GPUBuffer;
  readonly factors: number;
  readonly unobservedWeight: number;
}

/** Submits the sums of segments [first, first + count), no two of which share a slot. */
export async function addEntries(
  context: GpuContext,
  input: RowSystemInput,
  first: number,
  count: number,
): Promise<void> {
  await call(context, input, 'add_entries', first, count);
}

/** Submits the sums of slots: segments [first, first + count) name slots [begin, end) that become one. */
export async function mergeSlots(
  context: GpuContext,
  input: RowSystemInput,
  first: number,
  count: number,
): Promise<void> {
  await call(context, input, 'merge_slots', first, count);
}

function call(
  context: GpuContext,
  { factors, unobservedWeight, firstColumn, ...buffers }: RowSystemInput,
  entryPoint: (typeof rowSystemKernel.entryPoints)[number],
  first: number,
  count: number,
): Promise<void> {
  const order = tileRows(factors);
  const tiles = tileCount(order);
  const limit = context.device.limits.maxComputeWorkgroupsPerDimension;
  return context.dispatch(rowSystemKernel, {
    entryPoint,
    parameters: {
      first,
      count,
      factors,
      blocks: Math.ceil(factors / 4),
      tiles,
      order,
      first_column: firstColumn,
      unobserved_weight: unobservedWeight,
    },
    buffers,
    grid: workgroupGrid(Math.ceil((count * tiles) / LANES), limit),
  });
}
