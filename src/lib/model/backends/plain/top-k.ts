import type { CsrMatrix } from '../../matrix/csr.ts';
import type { TopK } from '../backend.ts';
import { dot } from './loss.ts';

/** Ranks all items for each user (see RankRequest) into `result`. Yields after each user. */
export function* topKSteps(
  users: Float32Array,
  itemFactors: Float32Array,
  factors: number,
  seen: CsrMatrix | null,
  result: TopK,
): Generator<void, void> {
  const userCount = users.length / factors;
  const itemCount = itemFactors.length / factors;
  const isSeen = new Uint8Array(itemCount);
  for (let user = 0; user < userCount; user++) {
    const marked = seen?.indices.subarray(seen.indptr[user], seen.indptr[user + 1]) ?? [];
    for (const item of marked) isSeen[item] = 1;
    rankOne(users, user, itemFactors, factors, isSeen, result);
    for (const item of marked) isSeen[item] = 0;
    yield;
  }
}

/** Keeps the k best so far in order; items come ascending, so an equal score never overtakes. */
function rankOne(
  users: Float32Array,
  user: number,
  itemFactors: Float32Array,
  factors: number,
  isSeen: Uint8Array,
  { k, items, scores }: TopK,
): void {
  const at = user * k;
  let kept = 0;
  for (let item = 0; item < isSeen.length; item++) {
    if (isSeen[item] === 1) continue;
    const score = Math.fround(dot(users, user, itemFactors, item, factors));
    if (kept === k && score <= (scores[at + k - 1] ?? 0)) continue;
    if (kept < k) kept++;
    let place = kept - 1;
    for (; place > 0 && score > (scores[at + place - 1] ?? 0); place--) {
      scores[at + place] = scores[at + place - 1] ?? 0;
      items[at + place] = items[at + place - 1] ?? 0;
    }
    scores[at + place] = score;
    items[at + place] = item;
  }
}
