import { expect } from 'vitest';
import { observedLoss } from '../../../../../src/lib/model/kernels/observed-loss/observed-loss.ts';
import { observedLossReference } from '../../../../../src/lib/model/kernels/observed-loss/observed-loss.reference.ts';
import { describeKernel, KERNEL_TOLERANCE } from '../../support/describe-kernel.ts';
import { gpuMatrixOf, gpuSparseOf } from '../../support/gpu.ts';
import { randomFactors, randomSparse, relativeError } from '../../support/random-matrices.ts';

describeKernel('observed-loss', async (context, { factors, random, seed }) => {
  const columns = 5 + random.below(200);
  const lengths = [3, 0, columns, random.below(columns), 0, 1];
  const observed = randomSparse(lengths, columns, seed);
  const left = randomFactors(lengths.length, factors, seed);
  const right = randomFactors(columns, factors, seed + 100);
  const sparse = gpuSparseOf(context, observed);
  const users = gpuMatrixOf(context, lengths.length, factors, left);
  const items = gpuMatrixOf(context, columns, factors, right);
  // rows 1 to 4 of six, the long one in two segments
  const [begin, end] = [observed.indptr[2]!, observed.indptr[3]!];
  const segments = [
    [0, observed.indptr[1]!, 0],
    [begin, begin + 3, 2],
    [begin + 3, end, 2],
    [end, observed.indptr[4]!, 3],
  ].map(([first, last, row]) => [first!, last!, row!, 0]);
  const buffer = context.createStorage('segments', 16 * segments.length);
  context.write(buffer, Uint32Array.from(segments.flat()));
  const actual = await observedLoss(context, {
    segments: buffer,
    entries: sparse.shard(0),
    left: users.buffer,
    right: items.buffer,
    firstColumn: 0,
    blocks: users.blocks,
    first: 1,
    count: 3,
  });
  context.destroyBuffer(buffer);
  for (const matrix of [sparse, users, items]) matrix.release();
  const expected = [1, 2, 3, 4].reduce(
    (sum, row) => sum + observedLossReference(observed, left, right, factors, row),
    0,
  );
  expect(relativeError([actual], [expected])).toBeLessThan(KERNEL_TOLERANCE);
});
