import type { ItemIndex } from '../../types.ts';
import { rankTopK } from '../evaluate/rank.ts';
import { rowDots } from '../linear/dense.ts';
import type { FactorMatrix } from './item-factors.ts';

/** Dot product of every item's factors with a vector; one entry an item. */
export function scoreAll({ items, data }: FactorMatrix, vector: Float64Array): Float64Array {
  const scores = new Float64Array(items);
  rowDots(data, vector, scores);
  return scores;
}

/**
 * The `k` best positions by score, best first, ties by lower position. Positions with `excluded` = 1, or with a
 * score not above `threshold`, are left out. Throws `training-diverged` for a score that is not finite.
 */
export function topK(
  scores: Float64Array,
  k: number,
  excluded: Uint8Array,
  threshold = -Infinity,
): readonly ItemIndex[] {
  const out: number[] = [];
  for (let item = 0; item < scores.length; item++) {
    if (excluded[item] === 1) out.push(item);
  }
  return Array.from(rankTopK(scores, out, k, threshold), (item) => item as ItemIndex);
}

/** 1-based place of an item by score among those not excluded, ties by lower position. */
export function rankOf(scores: Float64Array, item: number, excluded: Uint8Array): number {
  const own = scores[item] ?? 0;
  let rank = 1;
  // plain loops: two passes over a catalogue an event are most of what monitoring does beside scoring
  for (let other = 0; other < item; other++) {
    if ((scores[other] ?? 0) >= own && excluded[other] !== 1) rank++;
  }
  for (let other = item + 1; other < scores.length; other++) {
    if ((scores[other] ?? 0) > own && excluded[other] !== 1) rank++;
  }
  return rank;
}
