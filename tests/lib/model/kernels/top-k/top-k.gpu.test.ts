import { expect } from 'vitest';
import { NO_ITEM, selectTopK } from '../../../../../src/lib/model/kernels/top-k/top-k.ts';
import { topKReference } from '../../../../../src/lib/model/kernels/top-k/top-k.reference.ts';
import { describeKernel } from '../../support/describe-kernel.ts';
import { gpuSparseOf } from '../../support/gpu.ts';
import { randomSparse } from '../../support/random-matrices.ts';

// the number of factors of a draw is the k here: the kernel sees scores only
describeKernel('top-k', async (context, { factors: k, random, seed }) => {
  const users = 4;
  const items = 1 + random.below(2 * k + 100);
  // few different values: many ties, whose order must be exact
  const values = Float32Array.from({ length: users * items }, () => random.below(20) - 10);
  const seen = randomSparse(
    Array.from({ length: users + 1 }, () => random.below(items)),
    items,
    seed,
  );
  for (const filtered of [true, false]) {
    const scores = context.createStorage('scores', values.byteLength);
    const best = context.createStorage('best', users * k * 8);
    context.write(scores, values);
    const sparse = gpuSparseOf(context, seen);
    // users 1 to 4 of five: the seen rows are theirs
    await selectTopK(context, {
      seen: filtered ? sparse.buffers : null,
      scores,
      best,
      items,
      k,
      first: 1,
      count: users,
    });
    const pairs = new Uint32Array(await context.readBuffer(best, users * k * 8));
    context.destroyBuffer(scores);
    context.destroyBuffer(best);
    sparse.release();
    for (let user = 0; user < users; user++) {
      const out = filtered ? seen.indices.subarray(seen.indptr[user + 1], seen.indptr[user + 2]) : [];
      const expected = topKReference(values.subarray(user * items, (user + 1) * items), new Set(out), k);
      const actual = Array.from({ length: k }, (_, place) => pairs[2 * (user * k + place)]!);
      expect(actual.filter((item) => item !== NO_ITEM)).toEqual(expected);
    }
  }
});
