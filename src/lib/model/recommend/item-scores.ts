import type { ItemIndex } from '../../types.ts';
import { dotAt } from '../linear/dense.ts';
import type { FactorMatrix } from './item-factors.ts';
import type { ItemScreen } from './item-screen.ts';
import { scoreAll, topK } from './scoring.ts';

/** A score for every item. */
export interface ItemScores {
  /** One entry an item. */
  readonly all: Float64Array;
  of(item: ItemIndex): number;
  /**
   * The `k` best items with a score above `threshold` and no 1 in `excluded`, best first, ties by lower position.
   * Throws `training-diverged` for scores that are not finite.
   */
  best(k: number, excluded: Uint8Array, threshold: number): readonly ItemIndex[];
}

/** Scores that are there. */
export function knownScores(all: Float64Array): ItemScores {
  return {
    all,
    of: (item) => all[item] ?? 0,
    best: (k, excluded, threshold) => topK(all, k, excluded, threshold),
  };
}

/**
 * Dot products of the item factors with a vector: all of them where somebody asks for all, which takes a pass over the
 * factors, and ranked by the screen where there is one. Either way every score is one sum in the same order, so the
 * numbers and the ranking are the same.
 */
export function factorScores(
  items: FactorMatrix,
  vector: Float64Array,
  screen: ItemScreen | null,
): ItemScores {
  let all: Float64Array | null = null;
  const scores = (): Float64Array => (all ??= scoreAll(items, vector));
  return {
    get all() {
      return scores();
    },
    of: (item) => dotAt(vector, items.data, item * items.factors),
    best(k, excluded, threshold) {
      if (screen === null) return topK(scores(), k, excluded, threshold);
      return Array.from(screen.best(vector, k, excluded, threshold).items, (item) => item as ItemIndex);
    },
  };
}
