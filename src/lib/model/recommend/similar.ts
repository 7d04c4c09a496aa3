import { rowCosines } from '../../text/index.ts';
import { rowOf } from '../linear/dense.ts';
import type { Catalogue } from './catalogue.ts';
import type { ItemFactors } from './item-factors.ts';
import { scoreAll } from './scoring.ts';
import type { Basis } from './types.ts';

/** Two items' factors count as much as their words where the rarer of them has this many shoppers. */
const EVEN_SUPPORT = 10;

/** How alike one item is to every other, and what that mostly rests on. */
export interface Similarities {
  readonly basis: Basis;
  /** In [-1, 1]; one entry an item, the item itself included. */
  readonly scores: Float64Array;
}

/**
 * Similarity of every item to `item`: cosine of factors f and of words t, blended by how much the community has
 * to say, f·n/(n + 10) + t·10/(n + 10) with n the popularity of the less popular of the two (shrinkage towards
 * the prior that words give). Without factors, words alone.
 */
export function similarities(item: number, factors: ItemFactors | null, catalogue: Catalogue): Similarities {
  const { popularity } = catalogue;
  const words = rowCosines(catalogue.texts(), item);
  if (factors === null) return { basis: 'text', scores: words };
  const dots = scoreAll(factors, rowOf(factors.data, item, factors.factors));
  const scores = words.map((word, other) => {
    const lengths = (factors.norms[item] ?? 0) * (factors.norms[other] ?? 0);
    const cosine = lengths > 0 ? (dots[other] ?? 0) / lengths : 0;
    const trust = trustIn(Math.min(popularity[item] ?? 0, popularity[other] ?? 0));
    return trust * cosine + (1 - trust) * word;
  });
  return { basis: trustIn(popularity[item] ?? 0) >= 0.5 ? 'factors' : 'text', scores };
}

function trustIn(support: number): number {
  return support / (support + EVEN_SUPPORT);
}
