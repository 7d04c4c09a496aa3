import { InteractionBuilder } from '../../lib/pack/interaction-builder.ts';
import type { InteractionColumns, ItemIndex, Language, Stars } from '../../lib/types.ts';
import { TASTES, type CatalogueProduct, type Taste } from './catalogue/types.ts';
import { COMMUNITY } from './parameters.ts';
import { Random, WeightedDraw } from './random.ts';
import { drawShopper, tasteMatch, type Shopper } from './shoppers.ts';

/** A product of the catalogue with the category it stands in. */
export interface CommunityItem {
  readonly product: CatalogueProduct;
  readonly category: string;
}

/** A rating that comes with words, before they are written. */
export interface ReviewOccasion {
  readonly item: ItemIndex;
  readonly stars: Stars;
  readonly language: Language;
  readonly day: number;
}

/** What the simulation knows and a recommender has to find out. */
export interface CommunityTruth {
  /** Row-major, shoppers × TASTES: weights that sum to 1. */
  readonly shopperTastes: Float64Array;
  /** The taste of each item. */
  readonly itemTastes: readonly Taste[];
  /**
   * Logarithm of the expected rate at which the shopper opens the item, noise aside: how likely a visit shows it,
   * times how likely they open it when they look at it. The best ranking that data can teach. -Infinity for an
   * item that is new in the shop.
   */
  readonly utility: (user: number, item: number) => number;
}

export interface Community {
  readonly interactions: InteractionColumns;
  readonly reviewOccasions: readonly ReviewOccasion[];
  readonly truth: CommunityTruth;
}

/** Independent streams of one seed. */
const STREAM = { items: 0, shoppers: 1, behaviour: 2 } as const;

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * Simulates a year of a community in the shop (docs/demo-pack.md): the same seed and items give the same events.
 * Items marked `fresh` get none.
 */
export function simulateCommunity(seed: number, items: readonly CommunityItem[]): Community {
  const shelf = new Shelf(new Random(seed, STREAM.items), items);
  const categories = [...new Set(items.map((item) => item.category))];
  const shopperRandom = new Random(seed, STREAM.shoppers);
  const shoppers = Array.from({ length: COMMUNITY.shoppers }, () => drawShopper(shopperRandom, categories));
  const random = new Random(seed, STREAM.behaviour);
  const events = new InteractionBuilder();
  const reviewOccasions: ReviewOccasion[] = [];
  shoppers.forEach((shopper, user) =>
    new ShopperYear(random, shelf, shopper, user, events, reviewOccasions).run(),
  );
  return {
    interactions: events.build(shoppers.length, items.length),
    reviewOccasions,
    truth: {
      shopperTastes: Float64Array.from(shoppers.flatMap((shopper) => shopper.tastes)),
      itemTastes: items.map((item) => item.product.taste),
      utility(user, item) {
        const shopper = shoppers[user];
        if (shopper === undefined) throw new RangeError(`There is no shopper ${user}.`);
        return Math.log(shelf.exposure(shopper, item)) + Math.log(sigmoid(shelf.appeal(shopper, item)));
      },
    },
  };
}

/** The items as the community meets them: popularity, quality, price, and how a page of the shop is filled. */
class Shelf {
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

/** One shopper's visits, from what they look at to what they say about it. */
class ShopperYear {
  readonly #random: Random;
  readonly #shelf: Shelf;
  readonly #shopper: Shopper;
  readonly #user: number;
  readonly #events: InteractionBuilder;
  readonly #reviews: ReviewOccasion[];
  /** What nothing explains, by item: drawn at the first look and kept. */
  readonly #noise = new Map<number, number>();
  readonly #liked = new Set<number>();
  readonly #bought = new Set<number>();
  readonly #rated = new Set<number>();

  constructor(
    random: Random,
    shelf: Shelf,
    shopper: Shopper,
    user: number,
    events: InteractionBuilder,
    reviews: ReviewOccasion[],
  ) {
    this.#random = random;
    this.#shelf = shelf;
    this.#shopper = shopper;
    this.#user = user;
    this.#events = events;
    this.#reviews = reviews;
  }

  run(): void {
    const intents = new WeightedDraw(this.#shopper.tastes);
    const days = Array.from({ length: this.#shopper.visits }, () =>
      this.#random.whole(COMMUNITY.firstDay, COMMUNITY.lastDay),
    ).sort((a, b) => a - b);
    for (const day of days) {
      const intent = TASTES[intents.draw(this.#random)] ?? TASTES[0];
      this.#shelf.page(this.#random, intent).forEach((item, position) => {
        const examined = this.#random.chance(1 / (1 + COMMUNITY.positionDecay * position));
        const appeal = this.#shelf.appeal(this.#shopper, item) + this.#noiseOf(item);
        if (examined && this.#random.chance(sigmoid(appeal))) this.#open(item, appeal, day);
      });
    }
  }

  #open(item: number, appeal: number, day: number): void {
    const random = this.#random;
    this.#add(item, 'view', day);
    if (!this.#liked.has(item) && random.chance(sigmoid(appeal + COMMUNITY.likeOffset))) {
      this.#liked.add(item);
      this.#add(item, 'like', day);
    }
    if (!this.#bought.has(item) && random.chance(sigmoid(appeal + COMMUNITY.basketOffset))) {
      this.#add(item, 'basket', day);
      if (random.chance(sigmoid(appeal + COMMUNITY.orderOffset))) {
        this.#bought.add(item);
        this.#add(item, 'order', day);
        if (random.chance(COMMUNITY.rateAfterOrder)) this.#rate(item, appeal, day + this.#delay());
        return;
      }
    }
    if (random.chance(COMMUNITY.rateAfterView)) this.#rate(item, appeal, day);
  }

  #rate(item: number, appeal: number, day: number): void {
    if (this.#rated.has(item) || day > COMMUNITY.lastDay) return;
    this.#rated.add(item);
    const random = this.#random;
    const raw =
      COMMUNITY.starsCentre +
      COMMUNITY.starsAppeal * appeal +
      COMMUNITY.starsQuality * (this.#shelf.quality[item] ?? 0) +
      COMMUNITY.starsNoise * random.normal();
    const stars = Math.min(5, Math.max(1, Math.round(raw))) as Stars;
    const inWords = random.chance(COMMUNITY.reviewShare);
    this.#add(item, inWords ? 'review' : 'rate', day, stars);
    if (inWords) {
      this.#reviews.push({ item: item as ItemIndex, stars, language: this.#shopper.language, day });
    }
  }

  #add(
    item: number,
    kind: 'view' | 'like' | 'basket' | 'order' | 'rate' | 'review',
    day: number,
    stars = 0,
  ): void {
    this.#events.add({ user: this.#user, item, kind, stars, day });
  }

  #noiseOf(item: number): number {
    const known = this.#noise.get(item);
    if (known !== undefined) return known;
    const drawn = COMMUNITY.noise * this.#random.normal();
    this.#noise.set(item, drawn);
    return drawn;
  }

  #delay(): number {
    const [min, max] = COMMUNITY.ratingDelay;
    return this.#random.whole(min, max);
  }
}

/** Values less their mean, over their standard deviation. */
function standardised(values: readonly number[]): readonly number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const deviation = Math.sqrt(variance);
  return values.map((value) => (deviation === 0 ? 0 : (value - mean) / deviation));
}
