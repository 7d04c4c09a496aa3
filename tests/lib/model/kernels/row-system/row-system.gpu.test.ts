import { expect } from 'vitest';
import { gramReference } from '../../../../../src/lib/model/kernels/gram/gram.reference.ts';
import {
  addEntries,
  FROM_ZERO,
  GO_ON,
  mergeSlots,
} from '../../../../../src/lib/model/kernels/row-system/row-system.ts';
import { rowSystemReference } from '../../../../../src/lib/model/kernels/row-system/row-system.reference.ts';
import { RIGHT_BYTES, TILE_BYTES, tileCount, tileRows } from '../../../../../src/lib/model/kernels/tiles.ts';
import { describeKernel, KERNEL_TOLERANCE } from '../../support/describe-kernel.ts';
import { gpuMatrixOf, gpuSparseOf } from '../../support/gpu.ts';
import { randomFactors, randomSparse, relativeError } from '../../support/random-matrices.ts';
import { readSystem } from '../../support/tiled-systems.ts';

describeKernel('row-system', async (context, { factors: k, random, seed }) => {
  const columns = 20 + random.below(100);
  const lengths = [1 + random.below(columns), columns];
  const observed = randomSparse(lengths, columns, seed);
  const fixed = randomFactors(columns, k, seed);
  const gram = Float32Array.from(gramReference(fixed, columns, k));
  const ridge = Float32Array.of(0.5, 0.7);
  const unobservedWeight = random.uniform();

  const sparse = gpuSparseOf(context, observed);
  const held = [
    gpuMatrixOf(context, columns, k, fixed),
    gpuMatrixOf(context, k, k, gram),
    gpuMatrixOf(context, 2, 1, ridge),
  ] as const;
  const order = tileRows(k);
  // row 0 in one segment; row 1 in three, over two slots, one of which takes two
  const [begin, end] = [observed.indptr[1]!, observed.indptr[2]!];
  const [third, middle] = [begin + Math.floor(columns / 3), begin + Math.floor(columns / 2)];
  const segments = [
    [0, begin, 0, 0],
    [begin, third, 1, 1],
    [third, middle, 2, FROM_ZERO],
    [middle, end, 1, GO_ON],
    [1, 3, 0, 0],
  ];
  const segmentBuffer = context.createStorage('segments', 16 * segments.length);
  context.write(segmentBuffer, Uint32Array.from(segments.flat()));
  const tiles = context.createStorage('tiles', 3 * tileCount(order) * TILE_BYTES);
  const right = context.createStorage('right', 3 * order * RIGHT_BYTES);
  const input = {
    entries: sparse.shard(0),
    fixed: held[0].buffer,
    firstColumn: 0,
    gram: held[1].buffer,
    ridge: held[2].buffer,
    segments: segmentBuffer,
    tiles,
    right,
    factors: k,
    unobservedWeight,
  };
  await addEntries(context, input, 0, 3);
  await addEntries(context, input, 3, 1);
  await mergeSlots(context, input, 4, 1);
  const systems = [
    await readSystem(context, tiles, right, { region: 0, right: 0, unknowns: k }),
    await readSystem(context, tiles, right, { region: tileCount(order), right: order, unknowns: k }),
  ];
  for (const buffer of [segmentBuffer, tiles, right]) context.destroyBuffer(buffer);
  for (const matrix of [sparse, ...held]) matrix.release();

  systems.forEach(({ a, b }, row) => {
    const expected = rowSystemReference({ observed, fixed, gram, unobservedWeight, ridge, k }, row);
    expect(
      relativeError(
        a,
        expected.a.flatMap((line) => [...line]),
      ),
    ).toBeLessThan(KERNEL_TOLERANCE);
    expect(relativeError(b, expected.b)).toBeLessThan(KERNEL_TOLERANCE);
  });
});
