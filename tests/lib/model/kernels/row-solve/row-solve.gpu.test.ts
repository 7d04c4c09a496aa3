import { expect } from 'vitest';
import { gramReference } from '../../../../../src/lib/model/kernels/gram/gram.reference.ts';
import {
  rowSolveScratchBytes,
  solveRowRange,
} from '../../../../../src/lib/model/kernels/row-solve/row-solve.ts';
import { rowSolveReference } from '../../../../../src/lib/model/kernels/row-solve/row-solve.reference.ts';
import { describeKernel, KERNEL_TOLERANCE } from '../../support/describe-kernel.ts';
import { gpuMatrixOf, gpuSparseOf } from '../../support/gpu.ts';
import { randomFactors, randomSparse, relativeError } from '../../support/random-matrices.ts';

describeKernel('row-solve', async (context, { factors, random, seed }) => {
  const columns = 50 + random.below(300);
  const lengths = [0, 1, random.below(5), random.below(columns), columns, 0, 2];
  const rows = lengths.length;
  const observed = randomSparse(lengths, columns, seed);
  const fixed = randomFactors(columns, factors, seed);
  const gram = Float32Array.from(gramReference(fixed, columns, factors));
  const ridge = Float32Array.from(lengths, (length) => 0.02 * (1 + length));
  const unobservedWeight = random.uniform();

  const sparse = gpuSparseOf(context, observed);
  const held = {
    fixed: gpuMatrixOf(context, columns, factors, fixed),
    gram: gpuMatrixOf(context, factors, factors, gram),
    ridge: gpuMatrixOf(context, rows, 1, ridge),
    solved: gpuMatrixOf(context, rows, factors, new Float32Array(rows * factors).fill(9)),
  };
  const blocks = held.fixed.blocks;
  const tiles = context.createStorage('tiles', rows * rowSolveScratchBytes(blocks));
  const failures = context.createStorage('failures', 4);
  const input = {
    ...sparse.buffers,
    fixed: held.fixed.buffer,
    gram: held.gram.buffer,
    ridge: held.ridge.buffer,
    solved: held.solved.buffer,
    tiles,
    failures,
    factors,
    blocks,
    unobservedWeight,
  };
  // two ranges: the second starts in the middle and takes over the first one's scratch
  await solveRowRange(context, input, 0, 4);
  await solveRowRange(context, input, 4, rows - 4);
  const solved = await held.solved.read();
  const [failed] = new Uint32Array(await context.readBuffer(failures, 4));
  context.destroyBuffer(tiles);
  context.destroyBuffer(failures);
  for (const matrix of [sparse, ...Object.values(held)]) matrix.release();

  expect(failed).toBe(0);
  lengths.forEach((_, row) => {
    const expected = rowSolveReference({ observed, fixed, gram, unobservedWeight, ridge, k: factors }, row);
    const actual = solved.subarray(row * factors, (row + 1) * factors);
    expect(relativeError(actual, expected)).toBeLessThan(KERNEL_TOLERANCE);
  });
});
