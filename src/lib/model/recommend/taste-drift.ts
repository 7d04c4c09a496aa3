import type { ItemIndex } from '../../types.ts';
import { dotAt } from '../linear/dense.ts';
import { Random } from '../matrix/random.ts';
import { visitorRow } from '../matrix/visitor-row.ts';
import type { FoldIn } from './fold-in.ts';
import type { ProfileEvent } from './types.ts';

/** Whether what the visitor turned to lately is like what they turned to before. */
export interface TasteDrift {
  /** Products first touched up to training, and since. */
  readonly itemsBefore: number;
  readonly itemsSince: number;
  /** Cosine between the two tastes, −1 to 1; null where a side has too few products, or nothing that speaks for one. */
  readonly cosine: number | null;
  /**
   * How often dividing the same products by chance, into sides as large, gives a cosine as low (permutation test,
   * Fisher 1935), at least 1 / (DRIFT_SPLITS + 1); null with the cosine.
   */
  readonly p: number | null;
}

/** Below this many products on a side nothing is said. */
export const MIN_ITEMS_PER_SIDE = 5;
/** Chance divisions. With 39 the smallest p is 1/40. */
export const DRIFT_SPLITS = 39;
const SEED = 20_261_124;

/**
 * Compares the taste folded in from the products first touched up to `trainedAt` with that from those first touched
 * since: whole products, so that a second look at an old one is no new taste. A taste is the visitor's vector less
 * that of a visitor without events, which the logistic model does not have at 0. Yields after each fold-in.
 */
export function* tasteDrift(
  events: readonly ProfileEvent[],
  trainedAt: number,
  foldIn: FoldIn,
): Generator<undefined, TasteDrift> {
  const byItem = new Map<ItemIndex, ProfileEvent[]>();
  for (const event of events.toSorted((first, second) => first.at - second.at)) {
    const own = byItem.get(event.item);
    if (own === undefined) byItem.set(event.item, [event]);
    else own.push(event);
  }
  const histories = [...byItem.values()]; // by first touch
  const itemsBefore = histories.filter(([first]) => first !== undefined && first.at <= trainedAt).length;
  const itemsSince = histories.length - itemsBefore;
  const said = { itemsBefore, itemsSince };
  if (Math.min(itemsBefore, itemsSince) < MIN_ITEMS_PER_SIDE) return { ...said, cosine: null, p: null };

  const nobody = foldIn.fold(visitorRow([])).vector;
  yield;
  const taste = (side: readonly ProfileEvent[][]): Float64Array =>
    foldIn.fold(visitorRow(side.flat())).vector.map((entry, m) => entry - (nobody[m] ?? 0));
  function* cosineOf(order: readonly ProfileEvent[][]): Generator<undefined, number | null> {
    const before = taste(order.slice(0, itemsBefore));
    yield;
    const since = taste(order.slice(itemsBefore));
    yield;
    return cosine(before, since);
  }

  const observed = yield* cosineOf(histories);
  if (observed === null) return { ...said, cosine: null, p: null };
  const random = new Random(SEED);
  let asLow = 0;
  for (let split = 0; split < DRIFT_SPLITS; split++) {
    const order = [...histories];
    random.shuffle(order);
    const chance = yield* cosineOf(order);
    // a side without a taste cannot be told apart: it speaks against drift
    if (chance === null || chance <= observed) asLow++;
  }
  return { ...said, cosine: observed, p: (asLow + 1) / (DRIFT_SPLITS + 1) };
}

function cosine(first: Float64Array, second: Float64Array): number | null {
  const lengths = Math.sqrt(dotAt(first, first, 0) * dotAt(second, second, 0));
  return lengths > 0 ? dotAt(first, second, 0) / lengths : null;
}
