import { postingsOf, type Postings, type VocabularyVectors } from '../../text/index.ts';
import { itemVectors } from './item-texts.ts';
import type { RecommenderItem } from './types.ts';

/** The open catalogue, with what is worked out from it on first use. */
export class Catalogue {
  readonly items: readonly RecommenderItem[];
  /** Community shoppers with a positive interaction; one entry an item. */
  readonly popularity: Float64Array;
  #texts: VocabularyVectors | null = null;
  #postings: Postings | null = null;

  constructor(items: readonly RecommenderItem[]) {
    this.items = items;
    this.popularity = Float64Array.from(items, ({ popularity }) => popularity);
  }

  /** Text vectors of the items; the first call builds them, which takes about 0.1 ms an item. */
  texts(): VocabularyVectors {
    this.#texts ??= itemVectors(this.items);
    return this.#texts;
  }

  /** The same vectors by word; the first call builds them. */
  postings(): Postings {
    this.#postings ??= postingsOf(this.texts());
    return this.#postings;
  }

  /** The `count` items of a category that most shoppers like, ties by position. */
  mostPopularOf(category: string, count: number): readonly number[] {
    const members = this.items.flatMap((item, index) => (item.category === category ? [index] : []));
    const of = (item: number): number => this.popularity[item] ?? 0;
    return members.sort((a, b) => of(b) - of(a) || a - b).slice(0, count);
  }
}
