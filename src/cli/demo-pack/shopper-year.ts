import type { InteractionBuilder } from '../../lib/pack/interaction-builder.ts';
import type { ItemIndex, Stars } from '../../lib/types.ts';
import { TASTES, type Taste } from './catalogue/types.ts';
import type { ReviewOccasion } from './community-item.ts';
import { COMMUNITY } from './parameters.ts';
import { sigmoid, type Random } from './random.ts';
import type { Shelf } from './shelf.ts';
import type { Shopper } from './shoppers.ts';

/** What all shoppers' years share: where chance comes from, what is on the shelf, who writes down what happens. */
export interface Stage {
  readonly random: Random;
  readonly shelf: Shelf;
  readonly events: InteractionBuilder;
  readonly reviewOccasions: ReviewOccasion[];
}

/** One shopper's visits, from what they look at to what they say about it. */
export class ShopperYear {
  readonly #stage: Stage;
  readonly #shopper: Shopper;
  readonly #user: number;
  /** What nothing explains, by item. */
  readonly #noise: Float64Array;
  readonly #liked = new Set<number>();
  readonly #bought = new Set<number>();
  readonly #rated = new Set<number>();

  constructor(stage: Stage, shopper: Shopper, user: number, noise: Float64Array) {
    this.#stage = stage;
    this.#shopper = shopper;
    this.#user = user;
    this.#noise = noise;
  }

  run(): void {
    const { random, shelf } = this.#stage;
    for (const [day, intent] of this.#visits()) {
      shelf.page(random, intent).forEach((item, position) => {
        const examined = random.chance(1 / (1 + COMMUNITY.positionDecay * position));
        const appeal = shelf.appeal(this.#shopper, item) + (this.#noise[item] ?? 0);
        if (examined && random.chance(sigmoid(appeal))) this.#open(item, appeal, day);
      });
    }
  }

  /**
   * Days in order with the taste that each visit is for. Tastes get their shares of the visits as exactly as
   * whole visits allow (systematic sampling), so that a year follows the shopper's weights.
   */
  #visits(): readonly (readonly [day: number, intent: Taste])[] {
    const { random } = this.#stage;
    const count = this.#shopper.visits;
    const offset = random.uniform();
    const intents = Array.from({ length: count }, (_, visit) => {
      let left = (visit + offset) / count;
      return (
        TASTES.find((_taste, position) => (left -= this.#shopper.tastes[position] ?? 0) < 0) ?? TASTES[0]
      );
    });
    const days = Array.from({ length: count }, () => random.whole(COMMUNITY.firstDay, COMMUNITY.lastDay));
    days.sort((a, b) => a - b);
    return random.shuffled(intents).map((intent, visit) => [days[visit] ?? COMMUNITY.firstDay, intent]);
  }

  #open(item: number, appeal: number, day: number): void {
    const { random } = this.#stage;
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
    const { random, shelf, reviewOccasions } = this.#stage;
    const raw =
      COMMUNITY.starsCentre +
      COMMUNITY.starsAppeal * appeal +
      COMMUNITY.starsQuality * (shelf.quality[item] ?? 0) +
      COMMUNITY.starsNoise * random.normal();
    const stars = Math.min(5, Math.max(1, Math.round(raw))) as Stars;
    const inWords = random.chance(COMMUNITY.reviewShare);
    this.#add(item, inWords ? 'review' : 'rate', day, stars);
    if (inWords) {
      reviewOccasions.push({ item: item as ItemIndex, stars, language: this.#shopper.language, day });
    }
  }

  #add(
    item: number,
    kind: 'view' | 'like' | 'basket' | 'order' | 'rate' | 'review',
    day: number,
    stars = 0,
  ): void {
    this.#stage.events.add({ user: this.#user, item, kind, stars, day });
  }

  #delay(): number {
    const [min, max] = COMMUNITY.ratingDelay;
    return this.#stage.random.whole(min, max);
  }
}
