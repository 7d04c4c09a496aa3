import { expect } from 'vitest';
import { addGramRows, createGramSums, reduceGram } from '../../../../../src/lib/model/kernels/gram/gram.ts';
import { gramReference } from '../../../../../src/lib/model/kernels/gram/gram.reference.ts';
import { describeKernel, KERNEL_TOLERANCE } from '../../support/describe-kernel.ts';
import { gpuMatrixOf } from '../../support/gpu.ts';
import { randomFactors, relativeError } from '../../support/random-matrices.ts';

describeKernel('gram', async (context, { factors, random, seed }) => {
  // more than one part (256 rows) in most rounds; the reference visits rows × factors²
  const rows = 1 + random.below(Math.ceil(2e7 / (factors + 100) ** 2));
  const values = randomFactors(rows, factors, seed);
  const matrix = gpuMatrixOf(context, rows, factors, values);
  const gram = gpuMatrixOf(context, factors, factors, new Float32Array(factors ** 2));
  const { blocks, parts } = matrix;
  const input = { parts, factors, blocks, gram: gram.buffer };
  const sums = createGramSums(context, input);
  for (const split of sums.splits) {
    // in two calls, the first of which ends anywhere
    const some = random.below(split.rowsPerPart);
    await addGramRows(context, input, sums, split, 0, some);
    await addGramRows(context, input, sums, split, some, split.rowsPerPart);
  }
  await reduceGram(context, input, sums);
  context.destroyBuffer(sums.partSums);
  const error = relativeError(await gram.read(), gramReference(values, rows, factors));
  matrix.release();
  gram.release();
  expect(error).toBeLessThan(KERNEL_TOLERANCE);
});
