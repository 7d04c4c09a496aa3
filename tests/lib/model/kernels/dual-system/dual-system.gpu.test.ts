import { expect } from 'vitest';
import {
  buildDualSystems,
  expandDualSolutions,
} from '../../../../../src/lib/model/kernels/dual-system/dual-system.ts';
import {
  dualSolveReference,
  dualSystemReference,
} from '../../../../../src/lib/model/kernels/dual-system/dual-system.reference.ts';
import { gaussianElimination } from '../../../../../src/lib/model/kernels/row-solve/row-solve.reference.ts';
import { rowSolveReference } from '../../../../../src/lib/model/kernels/row-solve/row-solve.reference.ts';
import {
  RIGHT_BYTES,
  TILE,
  TILE_BYTES,
  tileCount,
  tileRows,
} from '../../../../../src/lib/model/kernels/tiles.ts';
import { describeKernel, KERNEL_TOLERANCE } from '../../support/describe-kernel.ts';
import { gpuMatrixOf, gpuSparseOf } from '../../support/gpu.ts';
import { randomFactors, randomSparse, relativeError } from '../../support/random-matrices.ts';
import { readSystem, task } from '../../support/tiled-systems.ts';

describeKernel('dual-system', async (context, { factors: k, random, seed }) => {
  const columns = 60;
  const lengths = [30, 1 + random.below(20), 1];
  const observed = randomSparse(lengths, columns, seed);
  const fixed = randomFactors(columns, k, seed);
  const eigenvalues = Float32Array.from({ length: k }, () => random.uniform());
  const ridge = Float32Array.of(0.5, 0.7, 0.1);
  const unobservedWeight = random.uniform();

  let region = 0;
  let right = 0;
  // rows in reverse in the result
  const tasks = lengths.map((length, row) => {
    const order = tileRows(length);
    const [begin, end] = [observed.indptr[row]!, observed.indptr[row + 1]!];
    const members = { region, order, right, row, destination: 2 - row, begin, end, dual: 1 };
    region += tileCount(order);
    right += order;
    return members;
  });
  const sparse = gpuSparseOf(context, observed);
  const held = {
    fixed: gpuMatrixOf(context, columns, k, fixed),
    eigenvalues: gpuMatrixOf(context, 1, k, eigenvalues),
    ridge: gpuMatrixOf(context, 3, 1, ridge),
    solved: gpuMatrixOf(context, 3, k, new Float32Array(3 * k).fill(9)),
  };
  const buffers = {
    tasks: context.createStorage('tasks', 3 * 32),
    tiles: context.createStorage('tiles', region * TILE_BYTES),
    right: context.createStorage('right', right * RIGHT_BYTES),
  };
  context.write(buffers.tasks, Uint32Array.from(tasks.flatMap(task)));
  const input = {
    ...buffers,
    entries: sparse.shard(0),
    fixed: held.fixed.buffer,
    firstColumn: 0,
    eigenvalues: held.eigenvalues.buffer,
    ridge: held.ridge.buffer,
    solved: held.solved.buffer,
    blocks: held.fixed.blocks,
    unobservedWeight,
  };
  const all = { first: 0, count: 3, firstTile: 0, tiles: region };
  await buildDualSystems(context, input, all);
  const systems: Awaited<ReturnType<typeof readSystem>>[] = [];
  for (const [row, { region: first, right: side }] of tasks.entries()) {
    const place = { region: first, right: side, unknowns: lengths[row]! };
    systems.push(await readSystem(context, buffers.tiles, buffers.right, place));
  }
  const reference = { observed, fixed, eigenvalues, ridge, unobservedWeight, k };
  const expected = lengths.map((_, row) => dualSystemReference(reference, row));
  // the solver's part, on the host
  const unknowns = new Float32Array(right * TILE);
  expected.forEach(({ a, b }, row) => unknowns.set(gaussianElimination(a, b), tasks[row]!.right * TILE));
  context.write(buffers.right, unknowns);
  await expandDualSolutions(context, input, all);
  const solved = await held.solved.read();
  for (const buffer of Object.values(buffers)) context.destroyBuffer(buffer);
  for (const matrix of [sparse, ...Object.values(held)]) matrix.release();

  const gram = Float32Array.from({ length: k * k }, (_, at) =>
    at % (k + 1) === 0 ? eigenvalues[at / (k + 1)]! : 0,
  );
  lengths.forEach((_, row) => {
    const { a, b } = systems[row]!;
    expect(
      relativeError(
        a,
        expected[row]!.a.flatMap((line) => [...line]),
      ),
    ).toBeLessThan(KERNEL_TOLERANCE);
    expect(relativeError(b, expected[row]!.b)).toBeLessThan(KERNEL_TOLERANCE);
    const actual = solved.subarray((2 - row) * k, (3 - row) * k);
    expect(relativeError(actual, dualSolveReference(reference, row))).toBeLessThan(KERNEL_TOLERANCE);
    // Woodbury: the same as the row's own system
    expect(relativeError(actual, rowSolveReference({ ...reference, gram }, row))).toBeLessThan(
      KERNEL_TOLERANCE,
    );
  });
});
