import { TASTES, type Taste } from './catalogue/types.ts';
import type { CommunityItem } from './community-item.ts';
import { COMMUNITY } from './parameters.ts';
import { WeightedDraw, type Random } from './random.ts';
import { tasteMatch, type Shopper } from './shoppers.ts';

/** The items as the community meets them: popularity, quality, price, and how a page of the shop is filled. */
export class Shelf {
  readonly quality: readonly number[];
  readonly #items: readonly CommunityItem[];
  readonly #priceScores: readonly number[];
  readonly #popularity: readonly number[];
  readonly #popularityOfTaste: ReadonlyMap<Taste, number>;
  readonly #frontPage: WeightedDraw;
  readonly #search: ReadonlyMap<Taste, WeightedDraw>;

  constructor(random: Random, items: readonly CommunityItem[]) {
    this.#items = items;
    this.quality = items.map(() => random.normal());
    this.#priceScores = standardised(items.map((item) => Math.log(item.product.price)));
    const touched = items.flatMap((item, index) => (item.product.fresh === true ? [] : [index]));
    const ranks = new Map(random.shuffled(touched).map((index, rank) => [index, rank + 1]));
    const weights = items.map((_, index) => {
      const rank = ranks.get(index);
      return rank === undefined ? 0 : rank ** -COMMUNITY.zipfExponent;
    });
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    this.#popularity = weights.map((weight) => weight / total);
    this.#frontPage = new WeightedDraw(weights);
    const ofTaste = (taste: Taste): number[] =>
      weights.map((weight, index) => (items[index]?.product.taste === taste ? weight / total : 0));
    const present = TASTES.filter((taste) => ofTaste(taste).some((weight) => weight > 0));
    this.#popularityOfTaste = new Map(
      present.map((taste) => [taste, ofTaste(taste).reduce((sum, weight) => sum + weight, 0)]),
    );
    this.#search = new Map(present.map((taste) => [taste, new WeightedDraw(ofTaste(taste))]));
  }

  /** Expected number of times that one place of a visit's page holds the item. */
  exposure(shopper: Shopper, item: number): number {
    const taste = this.#tasteOf(item);
    const popularity = this.#popularity[item] ?? 0;
    const searched = popularity / (this.#popularityOfTaste.get(taste) ?? 1);
    const intent = shopper.tastes[TASTES.indexOf(taste)] ?? 0;
    return COMMUNITY.searchShare * intent * searched + (1 - COMMUNITY.searchShare) * popularity;
  }

  /** Log-odds that the shopper opens the item when they look at it, noise aside. */
  appeal(shopper: Shopper, item: number): number {
    const category = this.#items[item]?.category ?? '';
    return (
      COMMUNITY.baseAppeal +
      COMMUNITY.tasteAppeal * tasteMatch(shopper, this.#tasteOf(item)) +
      (shopper.categories.has(category) ? COMMUNITY.categoryAppeal : 0) -
      shopper.priceEffect * (this.#priceScores[item] ?? 0)
    );
  }

  /** Distinct items of one visit's page, in the order of their positions. */
  page(random: Random, intent: Taste): readonly number[] {
    const search = this.#search.get(intent) ?? this.#frontPage;
    const page = new Set<number>();
    // A taste with few items fills less than a page; the bound only ends the drawing.
    for (let attempt = 0; page.size < COMMUNITY.slate && attempt < 4 * COMMUNITY.slate; attempt++) {
      page.add((random.chance(COMMUNITY.searchShare) ? search : this.#frontPage).draw(random));
    }
    return random.shuffled([...page]);
  }

  #tasteOf(item: number): Taste {
    const found = this.#items[item];
    if (found === undefined) throw new RangeError(`There is no item ${item}.`);
    return found.product.taste;
  }
}

/** Values less their mean, over their standard deviation. */
function standardised(values: readonly number[]): readonly number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const deviation = Math.sqrt(variance);
  return values.map((value) => (deviation === 0 ? 0 : (value - mean) / deviation));
}
