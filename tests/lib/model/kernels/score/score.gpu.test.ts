import { expect } from 'vitest';
import { computeScores } from '../../../../../src/lib/model/kernels/score/score.ts';
import { scoreReference } from '../../../../../src/lib/model/kernels/score/score.reference.ts';
import { describeKernel, KERNEL_TOLERANCE } from '../../support/describe-kernel.ts';
import { gpuMatrixOf } from '../../support/gpu.ts';
import { randomFactors, relativeError } from '../../support/random-matrices.ts';

describeKernel('score', async (context, { factors, random, seed }) => {
  const users = 2 + random.below(30);
  const items = 1 + random.below(200);
  const x = randomFactors(users, factors, seed);
  const y = randomFactors(items, factors, seed + 100);
  const held = [gpuMatrixOf(context, users, factors, x), gpuMatrixOf(context, items, factors, y)] as const;
  const scores = context.createStorage('scores', users * items * 4);
  // all but the first user
  const [first, count] = [1, users - 1];
  const [{ buffer, blocks }, itemFactors] = held;
  await computeScores(context, {
    users: buffer,
    itemFactors: itemFactors.buffer,
    items,
    blocks,
    first,
    count,
    scores,
  });
  const actual = new Float32Array(await context.readBuffer(scores, count * items * 4));
  context.destroyBuffer(scores);
  for (const matrix of held) matrix.release();
  const expected = scoreReference(x.subarray(factors), y, factors);
  expect(relativeError(actual, expected)).toBeLessThan(KERNEL_TOLERANCE);
});
