import { expect } from 'vitest';
import { sparseGramRange } from '../../../../../src/lib/model/kernels/sparse-gram/sparse-gram.ts';
import { sparseGramReference } from '../../../../../src/lib/model/kernels/sparse-gram/sparse-gram.reference.ts';
import { transpose } from '../../../../../src/lib/model/matrix/csr.ts';
import { describeKernel, KERNEL_TOLERANCE } from '../../support/describe-kernel.ts';
import { gpuMatrixOf, gpuSparseOf } from '../../support/gpu.ts';
import { randomSparse, relativeError } from '../../support/random-matrices.ts';

describeKernel('sparse-gram', async (context, { factors: columns, random, seed }) => {
  const lengths = Array.from({ length: 1 + random.below(60) }, () => random.below(columns + 1));
  const matrix = randomSparse([...lengths, 0, columns], columns, seed);
  const [byRow, byColumn] = [gpuSparseOf(context, matrix), gpuSparseOf(context, transpose(matrix))];
  // What stands there is overwritten, up to the padding.
  const gram = gpuMatrixOf(context, columns, columns, new Float32Array(columns ** 2).fill(7));
  const input = {
    indptr: byRow.buffers.indptr,
    entries: byRow.buffers.entries,
    column_indptr: byColumn.buffers.indptr,
    column_entries: byColumn.buffers.entries,
    gram: gram.buffer,
    stride: 4 * gram.blocks,
    ridge: 0.5,
  };
  const half = Math.ceil(columns / 2);
  await sparseGramRange(context, input, 0, half);
  if (half < columns) await sparseGramRange(context, input, half, columns - half);
  const error = relativeError(await gram.read(), sparseGramReference(matrix, 0.5));
  for (const held of [byRow, byColumn, gram]) held.release();
  expect(error).toBeLessThan(KERNEL_TOLERANCE);
});
