import type { Item } from '../../lib/types.ts';

/** How the community rated an item. */
export interface RatingSummary {
  readonly count: number;
  /** Mean of the stars, 1–5; 0 without ratings. */
  readonly average: number;
}

/** Sums up an item's ratings of 1 to 5 stars. */
export function summarizeRatings(counts: Item['ratingCounts']): RatingSummary {
  const count = counts.reduce((sum, n) => sum + n, 0);
  const stars = counts.reduce((sum, n, position) => sum + n * (position + 1), 0);
  return { count, average: count === 0 ? 0 : stars / count };
}

/** Ratings that the shop's mean is worth when items are ordered: one 5 does not beat a hundred 4.8s. */
const PRIOR_RATINGS = 10;

/** Mean stars of an item, drawn towards `mean` the fewer ratings it has (Bayesian average). */
export function dampedAverage({ count, average }: RatingSummary, mean: number): number {
  return (average * count + mean * PRIOR_RATINGS) / (count + PRIOR_RATINGS);
}
