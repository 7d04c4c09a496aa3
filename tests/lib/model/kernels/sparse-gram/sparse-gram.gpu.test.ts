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
  const transposed = transpose(matrix);
  const [byRow, byColumn] = [gpuSparseOf(context, matrix), gpuSparseOf(context, transposed)];
  const [indptr, columnIndptr] = [matrix, transposed].map((sparse) => {
    const buffer = context.createStorage('indptr', sparse.indptr.byteLength);
    context.write(buffer, sparse.indptr);
    return buffer;
  }) as [GPUBuffer, GPUBuffer];
  // What stands there is overwritten, up to the padding.
  const gram = gpuMatrixOf(context, columns, columns, new Float32Array(columns ** 2).fill(7));
  const input = {
    indptr,
    entries: byRow.shard(0),
    column_indptr: columnIndptr,
    column_entries: byColumn.shard(0),
    gram: gram.buffer,
    stride: 4 * gram.blocks,
    ridge: 0.5,
  };
  const half = Math.ceil(columns / 2);
  await sparseGramRange(context, input, 0, half);
  if (half < columns) await sparseGramRange(context, input, half, columns - half);
  const error = relativeError(await gram.read(), sparseGramReference(matrix, 0.5));
  for (const held of [byRow, byColumn, gram]) held.release();
  for (const buffer of [indptr, columnIndptr]) context.destroyBuffer(buffer);
  expect(error).toBeLessThan(KERNEL_TOLERANCE);
});
