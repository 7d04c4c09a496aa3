import { AppError } from '../../errors.ts';
import { checkPairs, type LabelledPairs } from '../gradient/pairs/labelled-pairs.ts';
import type { CsrMatrix } from '../matrix/csr.ts';
import type { DenseFeatures } from './features.ts';

/** Pairs that a mean is pulled to the mean above it by: as if so many more had been average. */
const SMOOTHING = 5;
/** Columns before the item's own features. */
const SUMMARIES = 5;

/**
 * Features of user–item pairs for the classifiers, from labelled pairs and the items' own features (categories, text
 * vectors; one row an item, may have no column):
 *
 *   user's mean label · log(1 + user's pairs) · item's mean label · log(1 + item's pairs) ·
 *   user's mean label over the item's features, by their size · the item's own features
 *
 * Means are smoothed towards the overall mean. For pairs that were counted (`training`), a pair's own label is taken
 * out of every mean first: with it in, a classifier learns to read the label off its features, and fails on new pairs.
 */
export class PairFeatures {
  readonly columns: number;
  readonly #items: CsrMatrix;
  readonly #pairs: LabelledPairs;
  readonly #mean: number;
  readonly #user: Tally;
  readonly #item: Tally;
  /** users × item features, weighted by the feature's size. */
  readonly #userByFeature: Tally;

  /** Throws `input-invalid` where items differ, and what `checkPairs` throws. */
  constructor(pairs: LabelledPairs, itemFeatures: CsrMatrix) {
    checkPairs(pairs);
    if (itemFeatures.rows !== pairs.items) {
      throw new AppError('input-invalid', 'The items of the pairs and of the features differ.', {
        values: { pairs: pairs.items, features: itemFeatures.rows },
      });
    }
    this.#items = itemFeatures;
    this.#pairs = pairs;
    this.columns = SUMMARIES + itemFeatures.columns;
    this.#mean = pairs.label.reduce((sum, label) => sum + label, 0) / pairs.label.length;
    this.#user = new Tally(pairs.users);
    this.#item = new Tally(pairs.items);
    this.#userByFeature = new Tally(pairs.users * itemFeatures.columns);
    for (let pair = 0; pair < pairs.user.length; pair++) {
      const [user, item, label] = [pairs.user[pair] ?? 0, pairs.item[pair] ?? 0, pairs.label[pair] ?? 0];
      this.#user.add(user, label, 1);
      this.#item.add(item, label, 1);
      this.#eachFeature(item, (feature, value) => {
        this.#userByFeature.add(user * itemFeatures.columns + feature, label, Math.abs(value));
      });
    }
  }

  /** Features of the pairs that the means were made from, each without its own label. */
  training(): DenseFeatures {
    return this.#rows(this.#pairs.user, this.#pairs.item, this.#pairs.label);
  }

  /** Features of other pairs. Throws `input-invalid` for a user or item that was not counted. */
  of(user: ArrayLike<number>, item: ArrayLike<number>): DenseFeatures {
    for (let pair = 0; pair < user.length; pair++) {
      const [u, i] = [user[pair] ?? -1, item[pair] ?? -1];
      if (u >= 0 && u < this.#pairs.users && i >= 0 && i < this.#pairs.items) continue;
      throw new AppError('input-invalid', `Pair ${pair} has a user or item that does not exist.`, {
        values: { pair, user: u, item: i, users: this.#pairs.users, items: this.#pairs.items },
      });
    }
    return this.#rows(user, item, null);
  }

  #rows(user: ArrayLike<number>, item: ArrayLike<number>, own: Float32Array | null): DenseFeatures {
    const { columns } = this;
    const data = new Float32Array(user.length * columns);
    for (let pair = 0; pair < user.length; pair++) {
      const [u, i] = [user[pair] ?? 0, item[pair] ?? 0];
      const label = own?.[pair] ?? null;
      const base = pair * columns;
      const userMean = this.#user.mean(u, this.#mean, label, 1);
      data[base] = userMean;
      data[base + 1] = Math.log1p(this.#user.weight(u) - (label === null ? 0 : 1));
      data[base + 2] = this.#item.mean(i, this.#mean, label, 1);
      data[base + 3] = Math.log1p(this.#item.weight(i) - (label === null ? 0 : 1));
      let [sum, weights] = [0, 0];
      this.#eachFeature(i, (feature, value) => {
        const weight = Math.abs(value);
        const slot = u * this.#items.columns + feature;
        sum += weight * this.#userByFeature.mean(slot, userMean, label, weight);
        weights += weight;
        data[base + SUMMARIES + feature] = value;
      });
      data[base + 4] = weights > 0 ? sum / weights : userMean;
    }
    return { rows: user.length, columns, data };
  }

  #eachFeature(item: number, visit: (feature: number, value: number) => void): void {
    const { indptr, indices, data } = this.#items;
    for (let at = indptr[item] ?? 0; at < (indptr[item + 1] ?? 0); at++) {
      visit(indices[at] ?? 0, data[at] ?? 0);
    }
  }
}

/** Weighted sums of labels. */
class Tally {
  readonly #sums: Float64Array;
  readonly #weights: Float64Array;

  constructor(length: number) {
    this.#sums = new Float64Array(length);
    this.#weights = new Float64Array(length);
  }

  add(slot: number, label: number, weight: number): void {
    this.#sums[slot] = (this.#sums[slot] ?? 0) + weight * label;
    this.#weights[slot] = (this.#weights[slot] ?? 0) + weight;
  }

  weight(slot: number): number {
    return this.#weights[slot] ?? 0;
  }

  /** Smoothed towards `prior`, without one label where that is not null. */
  mean(slot: number, prior: number, without: number | null, weight: number): number {
    const sum = (this.#sums[slot] ?? 0) - (without === null ? 0 : weight * without);
    const total = (this.#weights[slot] ?? 0) - (without === null ? 0 : weight);
    return (sum + SMOOTHING * prior) / (total + SMOOTHING);
  }
}
