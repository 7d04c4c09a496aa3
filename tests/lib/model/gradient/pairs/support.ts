import type { LabelledPairs } from '../../../../../src/lib/model/gradient/pairs/labelled-pairs.ts';
import { Random } from '../../../../../src/lib/model/matrix/random.ts';

/** Users and items of two kinds each: a user likes the items of their kind, with a tenth of the labels turned over. */
export function twoTastes(users: number, items: number, pairs: number, seed: number): LabelledPairs {
  const random = new Random(seed);
  const user = Int32Array.from({ length: pairs }, () => random.below(users));
  const item = Int32Array.from({ length: pairs }, () => random.below(items));
  const label = Float32Array.from(user, (u, pair) => {
    const likes = u % 2 === item[pair]! % 2;
    return likes === random.uniform() < 0.9 ? 1 : 0;
  });
  return { users, items, user, item, label, weight: label.map(() => 0.5 + random.uniform()) };
}
