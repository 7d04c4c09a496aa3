import { AppError } from '../../errors.ts';
import { dotAt } from '../linear/dense.ts';
import { Random } from '../matrix/random.ts';
import { bprOfUser, cclOfUser, type ItemRows, type UserLoss } from './objective.ts';
import type { BprHyperparameters, CclHyperparameters } from './hyperparameters.ts';

const MAX_STEPS = 60;
/** A step that makes the loss smaller by less than this share of it is the last. */
const ENOUGH = 1e-5;
/** Halvings before a step is given up: nothing gets smaller any more. */
const MAX_HALVINGS = 30;
/** Negatives of a visitor under BPR. */
const BPR_NEGATIVES = 1_000;
const BPR_SEED = 1;

/**
 * The row of a user who was not in training, of length 1: descent on the sphere over CCL with the items fixed and all
 * other items as negatives (`cclOfUser`), from the mean of the history's rows. All 0 for an empty history. The same
 * history gives the same row. Throws `input-invalid` for a position that is no item's.
 */
export function foldInCcl(
  items: ItemRows,
  hyperparameters: CclHyperparameters,
  history: ArrayLike<number>,
): Float64Array {
  const own = distinctItems(items, history);
  const start = meanOf(items, own);
  if (!normalise(start)) return start;
  return descend(
    start,
    (row) => cclOfUser(items, own, row, hyperparameters),
    (row) => void normalise(row),
  );
}

/**
 * As foldInCcl, under BPR: against 1,000 negatives, drawn with a fixed seed from what is not in the history. The loss
 * is convex, so that the start does not matter.
 */
export function foldInBpr(
  items: ItemRows,
  { regularization }: BprHyperparameters,
  history: ArrayLike<number>,
): Float64Array {
  const own = distinctItems(items, history);
  const start = meanOf(items, own);
  const negatives = someOthers(items.data.length / items.factors, new Set(own));
  if (own.length === 0 || negatives.length === 0) return start;
  return descend(
    start,
    (row) => bprOfUser(items, own, negatives, row, regularization),
    () => undefined,
  );
}

/** Gradient descent; a step is halved until the loss falls, the next begins twice as long. */
function descend(
  start: Float64Array,
  lossAt: (row: Float64Array) => UserLoss,
  project: (row: Float64Array) => void,
): Float64Array {
  let [row, loss] = [start, lossAt(start)];
  let length = 1;
  for (let step = 0; step < MAX_STEPS; step++) {
    const before: UserLoss = loss;
    let next: Float64Array | null = null;
    for (let halving = 0; halving < MAX_HALVINGS && next === null; halving++) {
      const tried: Float64Array = row.map((value, p) => value - length * (before.gradient[p] ?? 0));
      project(tried);
      const triedLoss = lossAt(tried);
      if (triedLoss.value < before.value) [next, loss] = [tried, triedLoss];
      else length /= 2;
    }
    if (next === null) return row;
    row = next;
    length *= 2;
    if (before.value - loss.value < ENOUGH * Math.abs(before.value)) return row;
  }
  return row;
}

function distinctItems({ factors, data }: ItemRows, history: ArrayLike<number>): number[] {
  const items = data.length / factors;
  return [...new Set(Array.from(history))].map((item) => {
    if (Number.isInteger(item) && item >= 0 && item < items) return item;
    throw new AppError('input-invalid', 'A history names an item that the model does not have.', {
      values: { item: String(item), items },
    });
  });
}

function meanOf({ factors, data }: ItemRows, own: readonly number[]): Float64Array {
  const mean = new Float64Array(factors);
  for (const item of own) {
    for (let p = 0; p < factors; p++) {
      mean[p] = (mean[p] ?? 0) + (data[item * factors + p] ?? 0) / own.length;
    }
  }
  return mean;
}

/** Scales to length 1, in place. False where there is no direction. */
function normalise(row: Float64Array): boolean {
  const length = Math.sqrt(dotAt(row, row, 0));
  if (!(length > 0)) return false;
  row.forEach((value, p) => (row[p] = value / length));
  return true;
}

function someOthers(items: number, own: ReadonlySet<number>): number[] {
  if (items - own.size <= BPR_NEGATIVES) {
    return Array.from({ length: items }, (_, item) => item).filter((item) => !own.has(item));
  }
  const random = new Random(BPR_SEED);
  const drawn = new Set<number>();
  while (drawn.size < BPR_NEGATIVES) {
    const item = random.below(items);
    if (!own.has(item)) drawn.add(item);
  }
  return [...drawn];
}
