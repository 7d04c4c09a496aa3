import { expect } from 'vitest';
import { weightedNorm } from '../../../../../src/lib/model/kernels/weighted-norm/weighted-norm.ts';
import { weightedNormReference } from '../../../../../src/lib/model/kernels/weighted-norm/weighted-norm.reference.ts';
import { describeKernel, KERNEL_TOLERANCE } from '../../support/describe-kernel.ts';
import { gpuMatrixOf } from '../../support/gpu.ts';
import { randomFactors, relativeError } from '../../support/random-matrices.ts';

describeKernel('weighted-norm', async (context, { factors, random, seed }) => {
  const rows = random.below(500);
  const values = randomFactors(rows, factors, seed);
  // the matrix is a part that begins at row 3 of its weights
  const weights = Float32Array.from({ length: 3 + rows }, () => random.uniform());
  const matrix = gpuMatrixOf(context, rows, factors, values);
  const column = gpuMatrixOf(context, 3 + rows, 1, weights);
  const { buffer, blocks } = matrix;
  const actual = await weightedNorm(context, {
    values: buffer,
    weights: column.buffer,
    firstWeight: 3,
    rows,
    blocks,
  });
  matrix.release();
  column.release();
  let expected = 0;
  for (let row = 0; row < rows; row++)
    expected += weightedNormReference(values, weights.subarray(3), factors, row);
  expect(relativeError([actual], [expected])).toBeLessThan(KERNEL_TOLERANCE);
});
