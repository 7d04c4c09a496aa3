import type { TextVectors } from '../../text/index.ts';
import { itemVectors } from './item-texts.ts';
import type { RecommenderItem } from './types.ts';

/** The open catalogue, with what is worked out from it on first use. */
export class Catalogue {
  readonly items: readonly RecommenderItem[];
  /** Community shoppers with a positive interaction; one entry an item. */
  readonly popularity: Float64Array;
  #texts: TextVectors | null = null;

  constructor(items: readonly RecommenderItem[]) {
    this.items = items;
    this.popularity = Float64Array.from(items, ({ popularity }) => popularity);
  }

  /** Text vectors of the items; the first call builds them, which takes about 0.1 ms an item. */
  texts(): TextVectors {
    this.#texts ??= itemVectors(this.items);
    return this.#texts;
  }
}
