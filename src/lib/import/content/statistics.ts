import type { PackContent } from '../../pack/write.ts';
import type { Item } from '../../types.ts';

/** What a catalogue says about what its community did with an item. */
type Statistics = Pick<Item, 'popularity' | 'ratingCounts'>;

/** The content with the community's counts (`itemStatistics` of the model) beside the ratings that nobody signed. */
export function withStatistics(content: PackContent, statistics: readonly Statistics[]): PackContent {
  const items = content.items.map((item, index): Item => {
    const { popularity, ratingCounts } = statistics[index] ?? {
      popularity: 0,
      ratingCounts: [0, 0, 0, 0, 0],
    };
    const [one, two, three, four, five] = item.ratingCounts;
    const [a, b, c, d, e] = ratingCounts;
    return { ...item, popularity, ratingCounts: [one + a, two + b, three + c, four + d, five + e] };
  });
  return { ...content, items };
}
