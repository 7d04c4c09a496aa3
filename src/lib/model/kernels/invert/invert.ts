import type { GpuContext } from '../../gpu/context.ts';
import { workgroupGrid } from '../../gpu/grid.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import { uniformStruct } from '../../gpu/uniform-struct.ts';
import source from './invert.wgsl?raw';

const parameters = uniformStruct('Parameters', {
  order: 'u32',
  blocks: 'u32',
  pivot: 'u32',
  first_tile: 'u32',
});

/** See invert.reference.ts. */
export const invertKernel = {
  name: 'invert',
  source,
  entryPoints: ['invert_pivot', 'invert_panels', 'invert_update'],
  parameters,
  bindings: [
    { name: 'matrix', access: 'read_write' },
    { name: 'pivot', access: 'read_write' },
    { name: 'row_panel', access: 'read_write' },
    { name: 'column_panel', access: 'read_write' },
    { name: 'failures', access: 'read_write' },
  ],
} as const satisfies Kernel<typeof parameters.fields, string>;

const LANES = 256;
const BLOCK_BYTES = 16;
/** Rows of a pivot block. */
const PIVOT = 32;
const PIVOT_BLOCKS = 8;
/** Rows and columns that one workgroup updates. */
const TILE = 64;

/** Pivot blocks of a matrix of `order` rows, to be taken one after the other. */
export function pivotCount(order: number): number {
  return Math.ceil(order / PIVOT);
}

/** Tile rows of one pivot's update. */
export function tileRows(order: number): number {
  return Math.ceil(order / TILE);
}

/** The buffers of one inversion. */
export interface InvertBuffers {
  /** order × blocks vec4f, the last block of a row padded with zeros; becomes the inverse. */
  readonly matrix: GPUBuffer;
  readonly pivot: GPUBuffer;
  readonly row_panel: GPUBuffer;
  readonly column_panel: GPUBuffer;
  /** One u32, counted up by pivots that are not above 0. */
  readonly failures: GPUBuffer;
}

/** Allocates what an inversion of `order` rows needs beside the matrix; (3 · order + 32) · 32 bytes and a little. */
export function createInvertScratch(context: GpuContext, order: number): Omit<InvertBuffers, 'matrix'> {
  const blocks = Math.ceil(order / 4);
  return {
    pivot: context.createStorage('invert/pivot', PIVOT * PIVOT_BLOCKS * BLOCK_BYTES),
    row_panel: context.createStorage('invert/row-panel', PIVOT * blocks * BLOCK_BYTES),
    column_panel: context.createStorage('invert/column-panel', order * PIVOT_BLOCKS * BLOCK_BYTES),
    failures: context.createStorage('invert/failures', Uint32Array.BYTES_PER_ELEMENT),
  };
}

/** Submits the inversion of pivot block `pivot` and its panels; all its tile rows must be updated next. */
export async function invertPivot(
  context: GpuContext,
  buffers: InvertBuffers,
  order: number,
  pivot: number,
): Promise<void> {
  const blocks = Math.ceil(order / 4);
  const call = { parameters: { order, blocks, pivot, first_tile: 0 }, buffers };
  const lanes = Math.max(PIVOT * blocks, order * PIVOT_BLOCKS);
  await context.dispatch(invertKernel, { ...call, entryPoint: 'invert_pivot', grid: [1, 1] });
  await context.dispatch(invertKernel, {
    ...call,
    entryPoint: 'invert_panels',
    grid: workgroupGrid(Math.ceil(lanes / LANES), context.device.limits.maxComputeWorkgroupsPerDimension),
  });
}

/** Submits the update of tile rows [first, first + count) for a pivot block. */
export async function invertUpdate(
  context: GpuContext,
  buffers: InvertBuffers,
  order: number,
  pivot: number,
  first: number,
  count: number,
): Promise<void> {
  const blocks = Math.ceil(order / 4);
  await context.dispatch(invertKernel, {
    entryPoint: 'invert_update',
    parameters: { order, blocks, pivot, first_tile: first },
    buffers,
    grid: [tileRows(order), count],
  });
}
