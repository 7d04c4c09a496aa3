import type { Item, ItemIndex } from '../../lib/types.ts';
import { dampedAverage, summarizeRatings } from '../ui/rating.ts';
import type { Filters } from './filters.ts';

export interface SelectOptions {
  readonly filters: Pick<Filters, 'category' | 'sort'>;
  /** What the search found, best first; null without a query. */
  readonly hits: readonly ItemIndex[] | null;
  readonly nameOf: (item: Item) => string;
  /** BCP 47 tag for the order of names. */
  readonly locale: string;
}

/** The items that the catalogue shows, in their order. Ties keep the order of the pack. */
export function selectItems(items: readonly Item[], options: SelectOptions): readonly Item[] {
  const { filters, hits } = options;
  const found = hits === null ? items : hits.flatMap((index) => items[index] ?? []);
  const chosen =
    filters.category === null ? found : found.filter((item) => item.category === filters.category);
  return sortItems(chosen, items, options);
}

function sortItems(
  chosen: readonly Item[],
  all: readonly Item[],
  { filters, hits, nameOf, locale }: SelectOptions,
): readonly Item[] {
  switch (filters.sort) {
    case 'relevance':
      return hits === null ? byPopularity(chosen) : chosen;
    case 'popular':
      return byPopularity(chosen);
    case 'price-up':
      return chosen.toSorted((a, b) => (a.price ?? Infinity) - (b.price ?? Infinity) || 0);
    case 'price-down':
      return chosen.toSorted((a, b) => (b.price ?? -Infinity) - (a.price ?? -Infinity) || 0);
    case 'rating': {
      const mean = meanRating(all);
      const score = new Map(
        chosen.map((item) => [item.index, dampedAverage(summarizeRatings(item.ratingCounts), mean)]),
      );
      return chosen.toSorted((a, b) => (score.get(b.index) ?? 0) - (score.get(a.index) ?? 0));
    }
    case 'name': {
      const { compare } = new Intl.Collator(locale, { numeric: true });
      return chosen
        .map((item) => ({ item, name: nameOf(item) }))
        .toSorted((a, b) => compare(a.name, b.name))
        .map(({ item }) => item);
    }
    default:
      return filters.sort satisfies never;
  }
}

function byPopularity(items: readonly Item[]): readonly Item[] {
  return items.toSorted((a, b) => b.popularity - a.popularity);
}

/** Mean stars over all ratings of the shop; 0 without ratings. */
function meanRating(items: readonly Item[]): number {
  let count = 0;
  let stars = 0;
  for (const item of items) {
    const rating = summarizeRatings(item.ratingCounts);
    count += rating.count;
    stars += rating.average * rating.count;
  }
  return count === 0 ? 0 : stars / count;
}
