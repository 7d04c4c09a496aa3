import type { GpuContext } from '../../../../src/lib/model/gpu/context.ts';
import { TASK_FIELDS, TILE, tileCount, tileRows } from '../../../../src/lib/model/kernels/tiles.ts';

/** Where a system lies: its first tile, its first 8 floats of the right side in units of 8, its size. */
export interface SystemPlace {
  readonly region: number;
  readonly right: number;
  readonly unknowns: number;
}

/** Position of A_ij, j ≤ i, among the floats of a tiled system: quadrants of a tile column by column. */
export function positionInTiles(i: number, j: number): number {
  const tile = tileCount(Math.floor(i / TILE)) + Math.floor(j / TILE);
  const [row, column] = [i % TILE, j % TILE];
  const quadrant = (row >= 4 ? 1 : 0) + (column >= 4 ? 2 : 0);
  return tile * TILE * TILE + quadrant * 16 + (column % 4) * 4 + (row % 4);
}

/** A, row-major with both triangles, and b. */
export async function readSystem(
  context: GpuContext,
  tiles: GPUBuffer,
  right: GPUBuffer,
  { region, right: first, unknowns }: SystemPlace,
): Promise<{ readonly a: number[]; readonly b: number[] }> {
  const values = new Float32Array(await context.readBuffer(tiles, tiles.size)).subarray(region * TILE * TILE);
  const sides = new Float32Array(await context.readBuffer(right, right.size)).subarray(first * TILE);
  const a: number[] = [];
  for (let i = 0; i < unknowns; i++) {
    for (let j = 0; j < unknowns; j++) a.push(values[positionInTiles(Math.max(i, j), Math.min(i, j))]!);
  }
  return { a, b: [...sides.subarray(0, unknowns)] };
}

/** Tiles and right sides of systems one after the other, as kernels want them: padding has 1 on its diagonal. */
export function tiledSystems(
  systems: readonly { readonly a: readonly Float64Array[]; readonly b: Float64Array }[],
): {
  readonly tiles: Float32Array<ArrayBuffer>;
  readonly right: Float32Array<ArrayBuffer>;
  readonly places: readonly SystemPlace[];
} {
  let region = 0;
  let right = 0;
  const places = systems.map(({ b }) => {
    const place = { region, right, unknowns: b.length };
    region += tileCount(tileRows(b.length));
    right += tileRows(b.length);
    return place;
  });
  const result = {
    tiles: new Float32Array(region * TILE * TILE),
    right: new Float32Array(right * TILE),
    places,
  };
  systems.forEach(({ a, b }, index) => {
    const place = places[index]!;
    for (let i = 0; i < TILE * tileRows(b.length); i++) {
      for (let j = 0; j <= i; j++) {
        const value = a[i]?.[j] ?? (i === j ? 1 : 0);
        result.tiles[place.region * TILE * TILE + positionInTiles(i, j)] = value;
      }
      result.right[place.right * TILE + i] = b[i] ?? 0;
    }
  });
  return result;
}

/** A task's members by name, those left out 0. */
export function task(members: Partial<Record<(typeof TASK_FIELDS)[number], number>>): number[] {
  return TASK_FIELDS.map((name) => members[name] ?? 0);
}
