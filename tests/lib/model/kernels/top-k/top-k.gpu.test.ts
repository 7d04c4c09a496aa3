import { expect } from 'vitest';
import {
  addItems,
  beginLists,
  endLists,
  NO_ITEM,
  type TopKBatch,
} from '../../../../../src/lib/model/kernels/top-k/top-k.ts';
import { scoreReference, topKReference } from '../../../../../src/lib/model/kernels/top-k/top-k.reference.ts';
import { describeKernel } from '../../support/describe-kernel.ts';
import { gpuMatrixOf } from '../../support/gpu.ts';
import { randomSparse } from '../../support/random-matrices.ts';

describeKernel('top-k', async (context, { factors, random, seed }) => {
  const [all, firstUser] = [140, 3];
  const count = all - firstUser;
  const items = 40 + random.below(700);
  const k = [1, 7, 60][seed % 3]!;
  // small whole numbers: scores are exact whatever the order of the sums, and many are equal
  const x = Float32Array.from({ length: all * factors }, () => random.below(3) - 1);
  const y = Float32Array.from({ length: items * factors }, () => random.below(3) - 1);
  const lengths = Array.from({ length: all }, (_, user) => (user === 5 ? items : random.below(items)));
  const seen = randomSparse(lengths, items, seed);
  // the items are a part that begins at position 9; what is seen counts from the first of all
  const firstItem = 9;
  const pairsOf = (entries: Int32Array): Uint32Array<ArrayBuffer> =>
    Uint32Array.from(Array.from(entries, (item) => [item + firstItem, 0]).flat());
  const shardEntries = Math.ceil(seen.indices.length / 2);
  const held = [gpuMatrixOf(context, all, factors, x), gpuMatrixOf(context, items, factors, y)] as const;
  const [users, itemFactors] = held;

  for (const [lists, filtered] of [
    [1, true],
    [3, true],
    [2, false],
  ] as const) {
    const buffers = {
      turned: context.createStorage('turned', count * users.blocks * 16),
      best: context.createStorage('best', lists * k * count * 8),
      bounds: context.createStorage('bounds', count * 4),
      nothing: context.createStorage('nothing', 16),
      offsets: context.createStorage('offsets', (count + 1) * 4),
      shard: context.createStorage('shard', shardEntries * 8),
      next: context.createStorage('next', shardEntries * 8),
    };
    const { offsets, shard, next, ...own } = buffers;
    context.write(shard, pairsOf(seen.indices.subarray(0, shardEntries)));
    context.write(next, pairsOf(seen.indices.subarray(shardEntries)));
    const batch: TopKBatch = {
      users: users.buffer,
      firstUser,
      count,
      blocks: users.blocks,
      k,
      lists,
      ...own,
    };
    if (filtered) context.write(offsets, Uint32Array.from(seen.indptr.subarray(firstUser)));
    const seenItems = { offsets, shard, next, shardEntries };
    await beginLists(context, batch);
    // two calls, the first of which ends within a tile
    const middle = Math.floor(items / 2);
    for (const [first, last] of [
      [0, middle],
      [middle, items],
    ] as const) {
      const itemsPerList = Math.ceil((last - first) / lists);
      const range = { itemFactors: itemFactors.buffer, firstItem, first, last, itemsPerList };
      await addItems(context, batch, range, seenItems);
    }
    await endLists(context, batch);
    const pairs = new Uint32Array(await context.readBuffer(buffers.best, k * count * 8));
    const scores = new Float32Array(pairs.buffer);
    for (const buffer of Object.values(buffers)) context.destroyBuffer(buffer);

    const expectedScores = scoreReference(x.subarray(firstUser * factors), y, factors);
    for (let user = 0; user < count; user++) {
      const own = expectedScores.subarray(user * items, (user + 1) * items);
      const [begin, end] = [seen.indptr[firstUser + user], seen.indptr[firstUser + user + 1]];
      const out = new Set(filtered ? seen.indices.subarray(begin, end) : []);
      const expected = topKReference(own, out, k);
      const places = Array.from({ length: k }, (_, place) => 2 * (place * count + user));
      const found = places.filter((pair) => pairs[pair] !== NO_ITEM);
      expect(found.map((pair) => pairs[pair]! - firstItem)).toEqual(expected);
      expect(found.map((pair) => scores[pair + 1])).toEqual(expected.map((item) => own[item]));
    }
  }
  for (const one of held) one.release();
});
