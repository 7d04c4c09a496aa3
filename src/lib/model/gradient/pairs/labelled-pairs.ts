import { AppError } from '../../../errors.ts';
import { rowMajorOrder, type CsrMatrix } from '../../matrix/csr.ts';
import { Random } from '../../matrix/random.ts';
import { NO_ROW } from '../sparse/batch-rows.ts';

/** Labelled user–item pairs as columns of one length. */
export interface LabelledPairs {
  readonly users: number;
  readonly items: number;
  readonly user: Int32Array<ArrayBuffer>;
  readonly item: Int32Array<ArrayBuffer>;
  /** 0 to 1; 1 is "likes". */
  readonly label: Float32Array<ArrayBuffer>;
  /** Above 0; null where all pairs count 1. */
  readonly weight: Float32Array<ArrayBuffer> | null;
}

/** The observed pairs of a matrix of signed strengths: above 0 is label 1, below it 0, weighted by size × alpha. */
export function pairsOfStrengths(strengths: CsrMatrix, alpha: number): LabelledPairs {
  const user = new Int32Array(strengths.indices.length);
  for (let row = 0; row < strengths.rows; row++) {
    user.fill(row, strengths.indptr[row], strengths.indptr[row + 1]);
  }
  return {
    users: strengths.rows,
    items: strengths.columns,
    user,
    item: strengths.indices,
    label: strengths.data.map((strength) => (strength > 0 ? 1 : 0)),
    weight: strengths.data.map((strength) => alpha * Math.abs(strength)),
  };
}

/** Throws `input-invalid` naming the first pair that is not sound, `not-enough-data` where there is none. */
export function checkPairs({ users, items, user, item, label, weight }: LabelledPairs): void {
  const columns = [user, item, label, ...(weight === null ? [] : [weight])];
  if (columns.some(({ length }) => length !== user.length)) {
    throw new AppError('input-invalid', 'The columns of labelled pairs differ in length.', {
      values: { user: user.length, item: item.length, label: label.length },
    });
  }
  if (user.length === 0) {
    throw new AppError('not-enough-data', 'There is not one labelled pair to train on.');
  }
  for (let pair = 0; pair < user.length; pair++) {
    checkRange('user', user[pair], 0, users - 1, pair);
    checkRange('item', item[pair], 0, items - 1, pair);
    checkRange('label', label[pair], 0, 1, pair);
    if (weight !== null) checkRange('weight', weight[pair], Number.MIN_VALUE, Number.MAX_VALUE, pair);
  }
}

/** Pairs of one step, always of the same length: places past the last pair have no rows and weight 0. */
export interface PairBatch {
  readonly user: Int32Array<ArrayBuffer>;
  readonly item: Int32Array<ArrayBuffer>;
  readonly label: Float32Array<ArrayBuffer>;
  readonly weight: Float32Array<ArrayBuffer>;
}

/**
 * The pairs in batches, shuffled anew in each epoch, with freshly drawn negatives. What an epoch holds depends on the
 * seed and the epoch alone, so that a run can resume.
 */
export class PairBatches {
  readonly #pairs: LabelledPairs;
  readonly #batchSize: number;
  readonly #negatives: number;
  readonly #seed: number;
  /** Items of each user, to draw others than these; null where none are drawn. */
  readonly #known: KnownItems | null;

  constructor(pairs: LabelledPairs, batchSize: number, negatives: number, seed: number) {
    this.#pairs = pairs;
    this.#batchSize = batchSize;
    this.#negatives = negatives;
    this.#seed = seed;
    this.#known = negatives === 0 ? null : knownItems(pairs);
  }

  /** The batches of an epoch (0-based), one after another. */
  *epoch(epoch: number): Generator<PairBatch> {
    // Any odd multiplier keeps the seeds of epochs apart; this is 2^32 / golden ratio (Knuth).
    const random = new Random((this.#seed + Math.imul(epoch + 1, 0x9e3779b1)) | 0);
    const { user, item, label, weight } = this.#withNegatives(random);
    const order = shuffled(user.length, random);
    for (let start = 0; start < order.length; start += this.#batchSize) {
      const batch = {
        user: new Int32Array(this.#batchSize).fill(NO_ROW),
        item: new Int32Array(this.#batchSize).fill(NO_ROW),
        label: new Float32Array(this.#batchSize),
        weight: new Float32Array(this.#batchSize),
      };
      const end = Math.min(order.length, start + this.#batchSize);
      for (let at = start; at < end; at++) {
        const pair = order[at] ?? 0;
        const place = at - start;
        batch.user[place] = user[pair] ?? 0;
        batch.item[place] = item[pair] ?? 0;
        batch.label[place] = label[pair] ?? 0;
        batch.weight[place] = weight === null ? 1 : (weight[pair] ?? 1);
      }
      yield batch;
    }
  }

  #withNegatives(random: Random): LabelledPairs {
    return this.#known === null ? this.#pairs : withDrawn(this.#pairs, this.#known, this.#negatives, random);
  }
}

/**
 * The pairs and, behind them, `negatives` pairs of label 0 for each of label above ½: items that the data has no pair of
 * this user for, each alike. A user who knows everything has nothing to draw.
 */
export function withNegatives(pairs: LabelledPairs, negatives: number, random: Random): LabelledPairs {
  return negatives === 0 ? pairs : withDrawn(pairs, knownItems(pairs), negatives, random);
}

/** Items of each user, ascending. */
interface KnownItems {
  readonly indptr: Int32Array;
  readonly items: Int32Array;
}

function withDrawn(
  { users, items, user, item, label, weight }: LabelledPairs,
  known: KnownItems,
  negatives: number,
  random: Random,
): LabelledPairs {
  const own = user.length;
  const positive = label.reduce((count, value) => count + (value > 0.5 ? 1 : 0), 0);
  const total = own + positive * negatives;
  const all = {
    users,
    items,
    user: new Int32Array(total),
    item: new Int32Array(total),
    label: new Float32Array(total),
    weight: new Float32Array(total).fill(1),
  };
  all.user.set(user);
  all.item.set(item);
  all.label.set(label);
  if (weight !== null) all.weight.set(weight);
  let next = own;
  for (let pair = 0; pair < own; pair++) {
    if ((label[pair] ?? 0) <= 0.5) continue;
    for (let draw = 0; draw < negatives; draw++) {
      const drawn = drawOpen(known, items, user[pair] ?? 0, random);
      if (drawn === null) break;
      all.user[next] = user[pair] ?? 0;
      all.item[next] = drawn;
      next++;
    }
  }
  return {
    ...all,
    user: all.user.slice(0, next),
    item: all.item.slice(0, next),
    label: all.label.slice(0, next),
    weight: all.weight.slice(0, next),
  };
}

/** An item that the data has no pair of this user for; null where there is none. */
function drawOpen({ indptr, items }: KnownItems, count: number, user: number, random: Random): number | null {
  const begin = indptr[user] ?? 0;
  const end = indptr[user + 1] ?? 0;
  const open = count - (end - begin);
  if (open <= 0) return null;
  // the `rank`-th open item: known ones before it push it up, found by halving
  const rank = random.below(open);
  let [low, high] = [begin, end];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle] ?? 0) - (middle - begin) <= rank) low = middle + 1;
    else high = middle;
  }
  return rank + (low - begin);
}

/** Distinct items of each user, ascending. */
function knownItems({ users, items, user, item }: LabelledPairs): KnownItems {
  const order = rowMajorOrder({ rows: users, columns: items, row: user, column: item });
  const indptr = new Int32Array(users + 1);
  const distinct = new Int32Array(order.length);
  let count = 0;
  let [lastUser, lastItem] = [NO_ROW, NO_ROW];
  for (const pair of order) {
    const [row, column] = [user[pair] ?? 0, item[pair] ?? 0];
    if (row === lastUser && column === lastItem) continue;
    [lastUser, lastItem] = [row, column];
    distinct[count++] = column;
    indptr[row + 1] = (indptr[row + 1] ?? 0) + 1;
  }
  for (let row = 0; row < users; row++) indptr[row + 1] = (indptr[row + 1] ?? 0) + (indptr[row] ?? 0);
  return { indptr, items: distinct.slice(0, count) };
}

/** 0 to length − 1 in random order (Fisher–Yates on a typed array: there may be millions). */
function shuffled(length: number, random: Random): Int32Array {
  const order = new Int32Array(length);
  for (let at = 0; at < length; at++) {
    const other = random.below(at + 1);
    order[at] = order[other] ?? 0;
    order[other] = at;
  }
  return order;
}

function checkRange(name: string, value: number | undefined, min: number, max: number, pair: number): void {
  if (value !== undefined && value >= min && value <= max) return;
  throw new AppError('input-invalid', `The ${name} of pair ${pair} is out of range.`, {
    values: { pair, name, value: String(value), min, max },
  });
}
