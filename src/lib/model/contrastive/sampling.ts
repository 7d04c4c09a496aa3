import { AppError } from '../../errors.ts';
import { rowLength, validateCsr, type CsrMatrix } from '../matrix/csr.ts';
import { Random } from '../matrix/random.ts';

/**
 * What users like: the entries above 0. Dislikes are no positives, and may be drawn as negatives like anything else
 * that is not liked. Throws `input-invalid` for a broken matrix and `not-enough-data` where nothing is liked.
 */
export function positivesOf(train: CsrMatrix): CsrMatrix {
  validateCsr(train);
  const indptr = new Int32Array(train.rows + 1);
  const kept: number[] = [];
  for (let row = 0; row < train.rows; row++) {
    const end = train.indptr[row + 1] ?? 0;
    for (let entry = train.indptr[row] ?? 0; entry < end; entry++) {
      if ((train.data[entry] ?? 0) > 0) kept.push(train.indices[entry] ?? 0);
    }
    indptr[row + 1] = kept.length;
  }
  if (kept.length === 0) {
    throw new AppError('not-enough-data', 'Nobody likes anything in this matrix.', {
      values: { users: train.rows, items: train.columns },
      remedy: 'Give at least one interaction of positive strength.',
    });
  }
  const indices = Int32Array.from(kept);
  return { ...train, indptr, indices, data: new Float32Array(kept.length).fill(1) };
}

/** The random numbers of one epoch: the same wherever a run was interrupted. */
export function randomOfEpoch(seed: number, epoch: number): Random {
  return new Random(Math.imul(seed ^ Math.imul(epoch + 1, 0x9e3779b1), 0x85ebca6b) | 0);
}

/** Users with at least one item, in the order of an epoch. */
export function userOrder(positives: CsrMatrix, random: Random): Int32Array<ArrayBuffer> {
  const users: number[] = [];
  for (let user = 0; user < positives.rows; user++) if (rowLength(positives, user) > 0) users.push(user);
  return Int32Array.from(random.shuffle(users));
}

/** Draws pools of items, all items alike, none twice in a pool. */
export class ItemPool {
  readonly #order: Int32Array<ArrayBuffer>;
  readonly #random: Random;

  constructor(items: number, random: Random) {
    this.#order = Int32Array.from({ length: items }, (_, item) => item);
    this.#random = random;
  }

  /** A view until the next draw. All items where `count` is that or more. */
  draw(count: number): Int32Array<ArrayBuffer> {
    const order = this.#order;
    if (count >= order.length) return order;
    // the start of a Fisher–Yates shuffle
    for (let at = 0; at < count; at++) {
      const other = at + this.#random.below(order.length - at);
      const drawn = order[other] ?? 0;
      order[other] = order[at] ?? 0;
      order[at] = drawn;
    }
    return order.subarray(0, count);
  }
}

/**
 * Draws items that a user does not like, in proportion to their number of users to the power of `exponent` (an item
 * without users counts as one with one). A user who likes nearly everything may get an own item: after MAX_TRIES.
 */
export class NegativeSampler {
  readonly #positives: CsrMatrix;
  readonly #random: Random;
  /** Running sums of the weights; null where all items weigh the same. */
  readonly #sums: Float64Array | null;

  constructor(positives: CsrMatrix, exponent: number, random: Random) {
    this.#positives = positives;
    this.#random = random;
    this.#sums = exponent === 0 ? null : weightSums(positives, exponent);
  }

  /** For each entry of the users in turn, `candidates` items. */
  draw(users: Int32Array, candidates: number): Int32Array<ArrayBuffer> {
    const pairs = users.reduce((sum, user) => sum + rowLength(this.#positives, user), 0);
    const drawn = new Int32Array(pairs * candidates);
    let at = 0;
    for (const user of users) {
      const own = this.#positives.indices.subarray(
        this.#positives.indptr[user],
        this.#positives.indptr[user + 1],
      );
      for (let left = own.length * candidates; left > 0; left--) drawn[at++] = this.#notOf(own);
    }
    return drawn;
  }

  #notOf(own: Int32Array): number {
    let item = this.#any();
    for (let attempt = 1; attempt < MAX_TRIES && contains(own, item); attempt++) item = this.#any();
    return item;
  }

  #any(): number {
    if (this.#sums === null) return this.#random.below(this.#positives.columns);
    const target = this.#random.uniform() * (this.#sums.at(-1) ?? 0);
    return Math.min(upperBound(this.#sums, target), this.#sums.length - 1);
  }
}

const MAX_TRIES = 32;

function weightSums({ columns, indices }: CsrMatrix, exponent: number): Float64Array {
  const users = new Float64Array(columns);
  for (const item of indices) users[item] = (users[item] ?? 0) + 1;
  let sum = 0;
  return users.map((count) => (sum += Math.max(1, count) ** exponent));
}

/** The first position whose value is above `target`. */
function upperBound(ascending: Float64Array | Int32Array, target: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) <= target) low = middle + 1;
    else high = middle;
  }
  return low;
}

function contains(ascending: Int32Array, value: number): boolean {
  return ascending[upperBound(ascending, value) - 1] === value;
}
