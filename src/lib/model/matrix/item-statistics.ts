import { PairStrength } from './pair-strength.ts';
import { EVENT_KINDS, type InteractionColumns, type Item } from '../../types.ts';

/** What a catalogue says about what its community did with an item. */
export type ItemStatistics = Pick<Item, 'popularity' | 'ratingCounts'>;

/**
 * Counts, for each item: shoppers whose events on it sum to a positive strength (the strength table of
 * `model/matrix`), and shoppers by the stars they gave last, with or without words. Needs events sorted by user,
 * then day.
 */
export function itemStatistics(columns: InteractionColumns): readonly ItemStatistics[] {
  const popularity = new Int32Array(columns.items);
  const ratingCounts = Array.from({ length: columns.items }, (): [number, number, number, number, number] => [
    0, 0, 0, 0, 0,
  ]);
  let pairs = new Map<number, PairStrength>();
  let lastStars = new Map<number, number>();
  for (let row = 0; row < columns.length; row++) {
    const item = columns.item[row] ?? 0;
    const stars = columns.stars[row] ?? 0;
    const kind = EVENT_KINDS[columns.kind[row] ?? -1];
    if (kind !== undefined) {
      const pair = pairs.get(item) ?? new PairStrength();
      pairs.set(item, pair);
      pair.add({ kind, stars, seconds: 0 });
    }
    if (stars > 0) lastStars.set(item, stars);
    if (columns.user[row] === columns.user[row + 1]) continue;
    for (const [touched, pair] of pairs) {
      if (pair.total > 0) popularity[touched] = (popularity[touched] ?? 0) + 1;
    }
    for (const [rated, given] of lastStars) {
      const counts = ratingCounts[rated];
      if (counts !== undefined) counts[given - 1] = (counts[given - 1] ?? 0) + 1;
    }
    pairs = new Map();
    lastStars = new Map();
  }
  return ratingCounts.map((counts, item) => ({
    popularity: popularity[item] ?? 0,
    ratingCounts: counts,
  }));
}
