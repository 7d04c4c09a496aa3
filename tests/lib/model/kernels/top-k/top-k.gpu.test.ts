import { expect } from 'vitest';
import { hideSeen, NO_ITEM, selectTopK } from '../../../../../src/lib/model/kernels/top-k/top-k.ts';
import { topKReference } from '../../../../../src/lib/model/kernels/top-k/top-k.reference.ts';
import { describeKernel } from '../../support/describe-kernel.ts';
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
    // users 1 to 4 of five: the seen rows are theirs
    const selection = { scores, best, items, firstItem: 7, k, users };
    if (filtered) {
      const segments = context.createStorage('segments', 16 * users);
      const rows = Array.from({ length: users }, (_, slot) => [
        seen.indptr[slot + 1]!,
        seen.indptr[slot + 2]!,
        slot,
        0,
      ]);
      context.write(segments, Uint32Array.from(rows.flat()));
      // the items are a part that begins at position 7; what is seen counts from the first of all
      const pairs = new Int32Array(2 * seen.indices.length);
      seen.indices.forEach((item, entry) => (pairs[2 * entry] = item + 7));
      const shifted = context.createStorage('seen', pairs.byteLength);
      context.write(shifted, pairs);
      await hideSeen(context, selection, { segments, seen: shifted, first: 0, count: users });
      context.destroyBuffer(segments);
      context.destroyBuffer(shifted);
    }
    await selectTopK(context, selection);
    const pairs = new Uint32Array(await context.readBuffer(best, users * k * 8));
    context.destroyBuffer(scores);
    context.destroyBuffer(best);
    for (let user = 0; user < users; user++) {
      const out = filtered ? seen.indices.subarray(seen.indptr[user + 1], seen.indptr[user + 2]) : [];
      const expected = topKReference(values.subarray(user * items, (user + 1) * items), new Set(out), k);
      const actual = Array.from({ length: k }, (_, place) => pairs[2 * (user * k + place)]!);
      expect(actual.filter((item) => item !== NO_ITEM)).toEqual(expected.map((item) => item + 7));
    }
  }
});
