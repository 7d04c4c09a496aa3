import type { Language } from '../../lib/types.ts';
import { TASTES, type Taste } from './catalogue/types.ts';
import { COMMUNITY } from './parameters.ts';
import type { Random } from './random.ts';

/** A simulated shopper: what they like, before they do anything. */
export interface Shopper {
  /** Weights over TASTES, in its order; they sum to 1, at most three are not 0. */
  readonly tastes: readonly number[];
  readonly categories: ReadonlySet<string>;
  /** What one standard deviation of log price takes off the appeal. */
  readonly priceEffect: number;
  readonly visits: number;
  readonly language: Language;
}

/** Draws a shopper. `categories` are the catalogue's keys. */
export function drawShopper(random: Random, categories: readonly string[]): Shopper {
  return {
    tastes: drawTastes(random),
    categories: new Set(random.shuffled(categories).slice(0, COMMUNITY.likedCategories)),
    priceEffect: COMMUNITY.priceEffect + COMMUNITY.priceSpread * random.normal(),
    visits:
      1 +
      Math.round((COMMUNITY.meanVisits - 1) * (random.gamma(COMMUNITY.visitShape) / COMMUNITY.visitShape)),
    language: random.chance(COMMUNITY.chinese) ? 'zh' : 'en',
  };
}

/** How well an item of a taste matches: 1 for the shopper's first taste, 0 for one they do not have. */
export function tasteMatch(shopper: Shopper, taste: Taste): number {
  return (shopper.tastes[TASTES.indexOf(taste)] ?? 0) / Math.max(...shopper.tastes);
}

function drawTastes(random: Random): readonly number[] {
  const [one, two] = COMMUNITY.tasteCounts;
  const draw = random.uniform();
  const count = draw < one ? 1 : draw < one + two ? 2 : 3;
  const chosen = random.shuffled(TASTES.map((_, position) => position)).slice(0, count);
  const shares = random.dirichlet(count, COMMUNITY.tasteConcentration);
  const weights = TASTES.map(() => 0);
  chosen.forEach((position, rank) => (weights[position] = shares[rank] ?? 0));
  return weights;
}
