import { AppError } from '../../errors.ts';
import { checkPairs, type LabelledPairs } from '../gradient/pairs/labelled-pairs.ts';
import type { CsrMatrix } from '../matrix/csr.ts';
import type { DenseFeatures } from './features.ts';
import { Tally, type TallyState } from './tally.ts';

/** Columns before the item's own features. */
const SUMMARIES = 5;
/** More would not fit a browser's memory beside what else is there. */
const MAX_VALUES = 2 ** 28;

/** What is known of one user: their labels in all, and over each of the items' features by its size. */
export interface UserSummary {
  /** One slot. */
  readonly labels: Tally;
  /** A slot a feature. */
  readonly byFeature: Tally;
}

/** As plain values, to be saved. */
export interface PairFeaturesState {
  readonly mean: number;
  readonly drawn: boolean;
  readonly itemFeatures: CsrMatrix;
  readonly users: TallyState;
  readonly items: TallyState;
  /** users × item features. */
  readonly usersByFeature: TallyState;
}

/**
 * Features of user–item pairs for the classifiers, from labelled pairs and the items' own features (categories, text
 * vectors; one row an item, may have no column):
 *
 *   user's mean label · log(1 + user's pairs) · item's mean label · log(1 + item's pairs) ·
 *   user's mean label over the item's features, by their size · the item's own features
 *
 * Means are smoothed towards the overall mean. For pairs that were counted (`training`), a pair's own label is taken
 * out of every mean first: with it in, a classifier learns to read the label off its features, and fails on new pairs.
 *
 * Where negatives were `drawn` for every like, each user has the same share of likes: their mean says nothing of them,
 * and without its own label would give a training pair away. The overall mean stands in its place.
 */
export class PairFeatures {
  readonly columns: number;
  readonly #features: CsrMatrix;
  readonly #mean: number;
  readonly #drawn: boolean;
  readonly #users: Tally;
  readonly #items: Tally;
  /** users × item features, weighted by the feature's size. */
  readonly #byFeature: Tally;
  /** items × columns with what is the item's alone, made when all items are first asked for. */
  #catalogue: Float32Array<ArrayBuffer> | null = null;

  private constructor({ mean, drawn, itemFeatures, users, items, usersByFeature }: PairFeaturesState) {
    this.columns = SUMMARIES + itemFeatures.columns;
    this.#features = itemFeatures;
    this.#mean = mean;
    this.#drawn = drawn;
    this.#users = Tally.fromState(users);
    this.#items = Tally.fromState(items);
    this.#byFeature = Tally.fromState(usersByFeature);
  }

  /** Counts pairs. Throws `input-invalid` where items differ, and what `checkPairs` throws. */
  static count(pairs: LabelledPairs, itemFeatures: CsrMatrix, { drawn = false } = {}): PairFeatures {
    checkPairs(pairs);
    if (itemFeatures.rows !== pairs.items) {
      throw new AppError('input-invalid', 'The items of the pairs and of the features differ.', {
        values: { pairs: pairs.items, features: itemFeatures.rows },
      });
    }
    const counted = new PairFeatures({
      mean: pairs.label.reduce((sum, label) => sum + label, 0) / pairs.label.length,
      drawn,
      itemFeatures,
      users: Tally.empty(pairs.users).toState(),
      items: Tally.empty(pairs.items).toState(),
      usersByFeature: Tally.empty(pairs.users * itemFeatures.columns).toState(),
    });
    for (let pair = 0; pair < pairs.user.length; pair++) {
      const [user, item, label] = [pairs.user[pair] ?? 0, pairs.item[pair] ?? 0, pairs.label[pair] ?? 0];
      counted.#users.add(user, label, 1);
      counted.#items.add(item, label, 1);
      counted.#eachFeature(item, (feature, value) => {
        counted.#byFeature.add(user * itemFeatures.columns + feature, label, Math.abs(value));
      });
    }
    return counted;
  }

  /** The arrays are kept, not copied. Throws `input-invalid` where the parts do not fit together. */
  static fromState(state: PairFeaturesState): PairFeatures {
    const { itemFeatures, users, items, usersByFeature } = state;
    const fits =
      items.sums.length === itemFeatures.rows &&
      usersByFeature.sums.length === users.sums.length * itemFeatures.columns &&
      [users, items, usersByFeature].every(({ sums, weights }) => sums.length === weights.length);
    if (fits) return new PairFeatures(state);
    throw new AppError('input-invalid', 'The parts of the features of pairs do not fit together.', {
      values: { items: items.sums.length, features: itemFeatures.rows },
    });
  }

  toState(): PairFeaturesState {
    return {
      mean: this.#mean,
      drawn: this.#drawn,
      itemFeatures: this.#features,
      users: this.#users.toState(),
      items: this.#items.toState(),
      usersByFeature: this.#byFeature.toState(),
    };
  }

  get users(): number {
    return this.#users.slots;
  }

  get items(): number {
    return this.#items.slots;
  }

  /** Features of the pairs that were counted, each without its own label. */
  training({ user, item, label }: LabelledPairs): DenseFeatures {
    return this.#rows(user, item, label);
  }

  /** Features of other pairs. Throws `input-invalid` for a user or item that was not counted. */
  of(user: ArrayLike<number>, item: ArrayLike<number>): DenseFeatures {
    for (let pair = 0; pair < user.length; pair++) {
      const [u, i] = [user[pair] ?? -1, item[pair] ?? -1];
      if (u >= 0 && u < this.users && i >= 0 && i < this.items) continue;
      throw new AppError('input-invalid', `Pair ${pair} has a user or item that does not exist.`, {
        values: { pair, user: u, item: i, users: this.users, items: this.items },
      });
    }
    return this.#rows(user, item, null);
  }

  /** Features of one user with every item, a row an item. The next call writes over them. */
  ofAllItems(user: UserSummary): DenseFeatures {
    const { columns } = this;
    this.#catalogue ??= this.#catalogueRows();
    const data = this.#catalogue;
    const mean = this.#userMean(user.labels, 0, null);
    const count = Math.log1p(user.labels.weight(0));
    for (let item = 0; item < this.items; item++) {
      const base = item * columns;
      data[base] = mean;
      data[base + 1] = count;
      data[base + 4] = this.#affinity(user.byFeature, 0, item, mean, null);
    }
    return { rows: this.items, columns, data };
  }

  /** A user who was counted. */
  summaryOf(user: number): UserSummary {
    const { columns } = this.#features;
    return {
      labels: this.#users.slice(user, user + 1),
      byFeature: this.#byFeature.slice(user * columns, (user + 1) * columns),
    };
  }

  /** Somebody who was not, from their labelled items. Throws `input-invalid` for an item that does not exist. */
  summarise(item: ArrayLike<number>, label: ArrayLike<number>): UserSummary {
    const summary = { labels: Tally.empty(1), byFeature: Tally.empty(this.#features.columns) };
    for (let at = 0; at < item.length; at++) {
      const [i, y] = [item[at] ?? -1, label[at] ?? 0];
      if (!(i >= 0 && i < this.items)) {
        throw new AppError('input-invalid', `There is no item ${i}.`, {
          values: { item: i, items: this.items },
        });
      }
      summary.labels.add(0, y, 1);
      this.#eachFeature(i, (feature, value) => summary.byFeature.add(feature, y, Math.abs(value)));
    }
    return summary;
  }

  /** The same, but with these summaries of users by position, who may be new. */
  withUsers(summaries: ReadonlyMap<number, UserSummary>): PairFeatures {
    let { users } = this;
    for (const user of summaries.keys()) users = Math.max(users, user + 1);
    const { columns } = this.#features;
    const given = [...summaries];
    const labels = given.map(([user, summary]) => [user, summary.labels] as const);
    const byFeature = given.map(([user, summary]) => [user * columns, summary.byFeature] as const);
    return new PairFeatures({
      ...this.toState(),
      users: this.#users.with(labels, users).toState(),
      usersByFeature: this.#byFeature.with(byFeature, users * columns).toState(),
    });
  }

  #rows(user: ArrayLike<number>, item: ArrayLike<number>, own: Float32Array | null): DenseFeatures {
    const { columns } = this;
    const data = this.#values(user.length);
    for (let pair = 0; pair < user.length; pair++) {
      const [u, i] = [user[pair] ?? 0, item[pair] ?? 0];
      const label = own?.[pair] ?? null;
      const base = pair * columns;
      const userMean = this.#userMean(this.#users, u, label);
      data[base] = userMean;
      data[base + 1] = Math.log1p(this.#users.weight(u) - (label === null ? 0 : 1));
      data[base + 4] = this.#affinity(this.#byFeature, u * this.#features.columns, i, userMean, label);
      this.#writeItem(data, base, i, label);
    }
    return { rows: user.length, columns, data };
  }

  #catalogueRows(): Float32Array<ArrayBuffer> {
    const data = this.#values(this.items);
    for (let item = 0; item < this.items; item++) this.#writeItem(data, item * this.columns, item, null);
    return data;
  }

  #writeItem(data: Float32Array, base: number, item: number, label: number | null): void {
    data[base + 2] = this.#items.mean(item, this.#mean, label, 1);
    data[base + 3] = Math.log1p(this.#items.weight(item) - (label === null ? 0 : 1));
    this.#eachFeature(item, (feature, value) => (data[base + SUMMARIES + feature] = value));
  }

  #userMean(labels: Tally, slot: number, label: number | null): number {
    return this.#drawn ? this.#mean : labels.mean(slot, this.#mean, label, 1);
  }

  /** The user's mean label over the item's features; their slots begin at `first`. */
  #affinity(tally: Tally, first: number, item: number, userMean: number, label: number | null): number {
    let [sum, weights] = [0, 0];
    this.#eachFeature(item, (feature, value) => {
      const weight = Math.abs(value);
      sum += weight * tally.mean(first + feature, userMean, label, weight);
      weights += weight;
    });
    return weights > 0 ? sum / weights : userMean;
  }

  #values(rows: number): Float32Array<ArrayBuffer> {
    if (rows * this.columns <= MAX_VALUES) return new Float32Array(rows * this.columns);
    throw new AppError('input-invalid', `${rows} pairs with ${this.columns} features each are too many.`, {
      values: { rows, columns: this.columns, most: MAX_VALUES },
      remedy: 'Give fewer item features, or draw fewer negatives.',
    });
  }

  #eachFeature(item: number, visit: (feature: number, value: number) => void): void {
    const { indptr, indices, data } = this.#features;
    const end = indptr[item + 1] ?? 0;
    for (let at = indptr[item] ?? 0; at < end; at++) visit(indices[at] ?? 0, data[at] ?? 0);
  }
}
