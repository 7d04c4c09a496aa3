import { AppError } from '../../errors.ts';
import type { ItemIndex } from '../../types.ts';
import { QuantisedItems } from '../backends/cpu/quantised-items.ts';
import { ialsFoldIn } from '../recommend/fold-in.ts';
import { settledOrBasketItems } from '../recommend/filters.ts';
import { SCREEN_FROM } from '../recommend/item-screen.ts';
import type { ProfileEvent } from '../recommend/types.ts';
import { visitorOf } from '../recommend/visitor.ts';
import { ialsHyperparameters } from '../ials/hyperparameters.ts';
import { normalMatrix, Random } from '../matrix/random.ts';
import { repeat, resultOf, timed } from './measure.ts';
import type { BenchRequest, BenchResult } from './types.ts';
import { foldInWork } from './work.ts';

/** Events of the visitor, each on an item of its own. */
export const FOLD_IN_EVENTS = 500;
/** Items of the shelf. */
const K = 20;
const ITEM_SEED = 1;
const EVENT_SEED = 2;

/**
 * What happens after an event of a visitor with 500: the row is made, folded in exactly, all items are scored, and
 * the best 20 that the visitor has not settled are found, by the functions that fill the page's shelf and on the
 * CPU as there: by all scores in floats and, where there are enough items for the page to do so, by a screen in 8
 * bits; a result each. `items` × factors random item factors; of the data only the hyper-parameters are taken. Throws
 * `input-invalid` for another device, or fewer items than events.
 */
export async function benchFoldIn(request: BenchRequest, items: number): Promise<BenchResult[]> {
  const { device, data, factors } = request;
  if (device.backend.kind !== 'cpu') {
    throw new AppError('input-invalid', 'Visitors are folded in on the CPU.', {
      remedy: 'Give --device cpu.',
    });
  }
  if (items < FOLD_IN_EVENTS) {
    throw new AppError('input-invalid', `A fold-in of ${FOLD_IN_EVENTS} events needs as many items.`, {
      values: { items, min: FOLD_IN_EVENTS },
      remedy: `Give --items ${FOLD_IN_EVENTS} or more.`,
    });
  }
  const values = normalMatrix(items, factors, 1 / Math.sqrt(factors), ITEM_SEED);
  const itemFactors = {
    items,
    factors,
    data: values,
    fromText: new Uint8Array(items),
    norms: new Float64Array(items),
  };
  const foldIn = ialsFoldIn(itemFactors, ialsHyperparameters(data.strengths, { factors }));
  const events = distinctEvents(items);
  const measure = async (screen: QuantisedItems | null): Promise<BenchResult> => {
    const rank = (): void => {
      const { scores, threshold } = foldIn.fold(visitorOf(events).row, screen);
      scores.best(K, settledOrBasketItems(events, items), threshold);
    };
    const times = await repeat(request, () => timed(rank));
    return resultOf(request, {
      suite: 'foldin',
      solver: screen === null ? 'cholesky, float' : 'cholesky, int8',
      users: 1,
      items,
      interactions: FOLD_IN_EVENTS,
      times,
      work: foldInWork(FOLD_IN_EVENTS, items, factors),
      usersPerRun: 1,
      deviceBytes: values.byteLength + (screen?.bytes ?? 0),
    });
  };
  const results = [await measure(null)];
  if (items >= SCREEN_FROM) results.push(await measure(await QuantisedItems.load(itemFactors)));
  return results;
}

/** Views, likes and orders of different items. */
function distinctEvents(items: number): ProfileEvent[] {
  const random = new Random(EVENT_SEED);
  const chosen = new Set<number>();
  while (chosen.size < FOLD_IN_EVENTS) chosen.add(random.below(items));
  return Array.from(chosen, (item, at) => ({
    id: String(at),
    item: item as ItemIndex,
    kind: (['view', 'like', 'order'] as const)[at % 3] ?? 'view',
    stars: 0,
    seconds: 0,
    at,
  }));
}
