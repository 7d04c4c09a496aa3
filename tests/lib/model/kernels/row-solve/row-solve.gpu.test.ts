import { expect } from 'vitest';
import { gaussianElimination } from '../../../../../src/lib/model/kernels/row-solve/row-solve.reference.ts';
import { solveSystems } from '../../../../../src/lib/model/kernels/row-solve/row-solve.ts';
import { TILE, tileRows } from '../../../../../src/lib/model/kernels/tiles.ts';
import type { Random } from '../../../../../src/lib/model/matrix/random.ts';
import { describeKernel, KERNEL_TOLERANCE } from '../../support/describe-kernel.ts';
import { gpuMatrixOf } from '../../support/gpu.ts';
import { relativeError } from '../../support/random-matrices.ts';
import { task, tiledSystems } from '../../support/tiled-systems.ts';

/** M Mᵀ / n + I / 4 and a random right side. */
function randomSystem(random: Random, n: number): { a: Float64Array[]; b: Float64Array } {
  const m = Array.from({ length: n }, () => Float64Array.from({ length: n }, () => random.normal()));
  const a = m.map((one, i) =>
    Float64Array.from(
      m,
      (other, j) => one.reduce((sum, value, c) => sum + value * other[c]!, 0) / n + (i === j ? 0.25 : 0),
    ),
  );
  return { a, b: Float64Array.from({ length: n }, () => random.normal()) };
}

describeKernel('row-solve', async (context, { factors: k, random }) => {
  // the first two have k unknowns, the others, which are dual, fewer
  const sizes = [k, k, Math.ceil(k / 2), 1];
  const systems = sizes.map((size) => randomSystem(random, size));
  const { tiles: values, right: sides, places } = tiledSystems(systems);
  const tasks = places.map(({ region, right, unknowns }, index) =>
    task({ region, right, order: tileRows(unknowns), destination: 1 - index, dual: index < 2 ? 0 : 1 }),
  );
  const buffers = {
    tasks: context.createStorage('tasks', 4 * tasks.flat().length),
    tiles: context.createStorage('tiles', values.byteLength),
    right: context.createStorage('right', sides.byteLength),
    failures: context.createStorage('failures', 4),
  };
  context.write(buffers.tasks, Uint32Array.from(tasks.flat()));
  context.write(buffers.tiles, values);
  context.write(buffers.right, sides);
  const solved = gpuMatrixOf(context, 2, k, new Float32Array(2 * k).fill(9));
  const orders = sizes.map(tileRows);
  await solveSystems(context, { ...buffers, solved: solved.buffer, blocks: solved.blocks }, orders);
  const primal = await solved.read();
  const dual = new Float32Array(await context.readBuffer(buffers.right, sides.byteLength));
  const [failed] = new Uint32Array(await context.readBuffer(buffers.failures, 4));
  solved.release();
  for (const buffer of Object.values(buffers)) context.destroyBuffer(buffer);

  expect(failed).toBe(0);
  systems.forEach(({ a, b }, index) => {
    const from = index < 2 ? (1 - index) * k : places[index]!.right * TILE;
    const actual = (index < 2 ? primal : dual).subarray(from, from + b.length);
    expect(relativeError(actual, gaussianElimination(a, b))).toBeLessThan(KERNEL_TOLERANCE);
  });
});
