import { InteractionBuilder } from '../../lib/pack/interaction-builder.ts';
import type { InteractionColumns } from '../../lib/types.ts';
import type { Taste } from './catalogue/types.ts';
import type { CommunityItem, ReviewOccasion } from './community-item.ts';
import { COMMUNITY } from './parameters.ts';
import { Random, sigmoid } from './random.ts';
import { Shelf } from './shelf.ts';
import { drawShopper } from './shoppers.ts';
import { ShopperYear } from './shopper-year.ts';

/** What the simulation knows and a recommender has to find out. */
export interface CommunityTruth {
  /** Row-major, shoppers × TASTES: weights that sum to 1. */
  readonly shopperTastes: Float64Array;
  /** The taste of each item. */
  readonly itemTastes: readonly Taste[];
  /**
   * Logarithm of the planted rate at which the shopper likes the item or puts it into the basket: how likely one
   * place of a page shows it, times how likely they open it when they look at it, times how likely they then
   * care. The noise of this shopper and item, which no data can teach, is in it. -Infinity for an item that is
   * new in the shop.
   */
  readonly utility: (user: number, item: number) => number;
}

export interface Community {
  readonly interactions: InteractionColumns;
  readonly reviewOccasions: readonly ReviewOccasion[];
  readonly truth: CommunityTruth;
}

/** Independent streams of one seed. */
const STREAM = { items: 0, shoppers: 1, noise: 2, behaviour: 3 } as const;

/** Chance that a shopper who opened a product of this appeal likes it or puts it into the basket. */
const caring = (appeal: number): number =>
  1 - (1 - sigmoid(appeal + COMMUNITY.likeOffset)) * (1 - sigmoid(appeal + COMMUNITY.basketOffset));

/**
 * Simulates a year of a community in the shop (docs/demo-pack.md): the same seed and items give the same events.
 * Items marked `fresh` get none.
 */
export function simulateCommunity(seed: number, items: readonly CommunityItem[]): Community {
  const shelf = new Shelf(new Random(seed, STREAM.items), items);
  const categories = [...new Set(items.map((item) => item.category))];
  const shopperRandom = new Random(seed, STREAM.shoppers);
  const shoppers = Array.from({ length: COMMUNITY.shoppers }, () => drawShopper(shopperRandom, categories));
  const noiseRandom = new Random(seed, STREAM.noise);
  const noise = Float64Array.from(
    { length: shoppers.length * items.length },
    () => COMMUNITY.noise * noiseRandom.normal(),
  );
  const noiseOf = (user: number): Float64Array =>
    noise.subarray(user * items.length, (user + 1) * items.length);
  const random = new Random(seed, STREAM.behaviour);
  const events = new InteractionBuilder();
  const reviewOccasions: ReviewOccasion[] = [];
  shoppers.forEach((shopper, user) => {
    const stage = { random, shelf, events, reviewOccasions };
    new ShopperYear(stage, shopper, user, noiseOf(user)).run();
  });
  return {
    interactions: events.build(shoppers.length, items.length),
    reviewOccasions,
    truth: {
      shopperTastes: Float64Array.from(shoppers.flatMap((shopper) => shopper.tastes)),
      itemTastes: items.map((item) => item.product.taste),
      utility(user, item) {
        const shopper = shoppers[user];
        if (shopper === undefined) throw new RangeError(`There is no shopper ${user}.`);
        const appeal = shelf.appeal(shopper, item) + (noiseOf(user)[item] ?? 0);
        return Math.log(shelf.exposure(shopper, item) * sigmoid(appeal) * caring(appeal));
      },
    },
  };
}
