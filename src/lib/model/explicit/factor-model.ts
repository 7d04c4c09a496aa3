import { AppError } from '../../errors.ts';
import { gatherRows } from '../linear/dense.ts';
import { grown, impliedSum, userVectorsOf, type PointFactors } from './point-factors.ts';
import {
  clip,
  itemOrder,
  ratingTable,
  type RatingColumns,
  type RatingScale,
  type RatingTable,
} from './ratings.ts';
import { ridgeRow, type RowPenalty, type RowSolution } from './ridge-row.ts';

/** Ratings of one user, one entry an item. */
export interface RatingHistory {
  readonly item: Int32Array<ArrayBuffer>;
  readonly rating: Float32Array<ArrayBuffer>;
  /** Seconds since the Unix epoch, for models with time. */
  readonly time?: Float64Array<ArrayBuffer>;
}

/** A user who is not in the model, solved against it. */
export interface FoldedRater {
  /** Clipped to the scale. */
  predict(item: number): number;
  /** Of all items, not clipped: for ranking. */
  scores(): Float64Array;
}

/** Penalties of one more rating of a row, and how they grow with its ratings: λ nᵛ. */
export interface Penalties {
  readonly factor: number;
  readonly bias: number;
  /** ν. */
  readonly frequencyScaling: number;
}

/** Everything a factor model is, to be kept and to be made again. */
export interface FactorModelState extends PointFactors {
  readonly version: 1;
  readonly kind: 'biased' | 'svdpp';
  readonly users: number;
  readonly items: number;
  readonly factors: number;
  readonly scale: RatingScale;
  readonly penalties: Penalties;
  /** users × factors, p + Σ y / √n; null where the model has no y, and p is it. */
  readonly userVectors: Float32Array<ArrayBuffer> | null;
}

/**
 * r̂ = μ + b_u + b_i + a_uᵀq_i, where a_u = p_u, or with SVD++ p_u + Σ_{j ∈ N(u)} y_j / √|N(u)|. Users and items
 * without ratings have biases and factors of 0: their predictions are what is left of the formula, μ for both unknown.
 */
export class FactorModel {
  readonly #state: FactorModelState;

  private constructor(state: FactorModelState) {
    this.#state = state;
  }

  /** A model of what training found. `table` is what it was trained on. */
  static of(
    factors: PointFactors,
    table: RatingTable,
    penalties: Penalties,
    scale: RatingScale,
  ): FactorModel {
    const { users, items } = table;
    const width = factors.itemFactors.length / items;
    const { impliedFactors } = factors;
    return new FactorModel({
      version: 1,
      kind: impliedFactors === null ? 'biased' : 'svdpp',
      users,
      items,
      factors: width,
      scale,
      penalties,
      ...factors,
      userVectors:
        impliedFactors === null ? null : userVectorsOf(factors.userFactors, impliedFactors, table, width),
    });
  }

  /** Throws `snapshot-corrupt` where the state is not what `toState` gives. */
  static fromState(state: FactorModelState): FactorModel {
    const flaw = stateFlaw(state);
    if (flaw === null) return new FactorModel(state);
    throw new AppError('snapshot-corrupt', `The saved model is damaged (${flaw}).`, {
      values: { flaw },
      remedy: 'Train again; your ratings are not affected.',
    });
  }

  /** What the model is made of; its arrays are not copied. */
  toState(): FactorModelState {
    return this.#state;
  }

  get users(): number {
    return this.#state.users;
  }

  get items(): number {
    return this.#state.items;
  }

  /** Clipped to the scale. Throws `input-invalid` for a position that the model does not have. */
  predict(user: number, item: number): number {
    const { users, items, scale, userBiases } = this.#state;
    checkPosition('user', user, users);
    checkPosition('item', item, items);
    return clip(this.#score(this.#vectorOf(user), userBiases[user] ?? 0, item), scale);
  }

  /** A user's predictions of all items, not clipped: for ranking. Throws `input-invalid`. */
  scoresOf(user: number): Float64Array {
    const { users, userBiases } = this.#state;
    checkPosition('user', user, users);
    return this.#scores(this.#vectorOf(user), userBiases[user] ?? 0);
  }

  /**
   * Solves a user against the items as they are: the exact minimum of the training objective over that user's bias
   * and factors. Duplicate items: the last counts. Throws `input-invalid` for what is no rating within the scale.
   */
  foldIn(history: RatingHistory): FoldedRater {
    const { bias, vector } = this.#solveUser(history);
    return {
      predict: (item) => {
        checkPosition('item', item, this.#state.items);
        return clip(this.#score(vector, bias, item), this.#state.scale);
      },
      scores: () => this.#scores(vector, bias),
    };
  }

  /**
   * A model with these users solved anew, without training. `ratings` holds all ratings of each user it names; users
   * and items may be more than the model has. After the users, items that had no rating yet are solved from theirs. The
   * rest of the model stays. Throws as `ratingTable`.
   */
  update(ratings: RatingColumns): FactorModel {
    const old = this.#state;
    const table = ratingTable(ratings, old.scale);
    const users = Math.max(old.users, ratings.users);
    const items = Math.max(old.items, ratings.items);
    const width = old.factors;
    const state: FactorModelState = {
      ...old,
      users,
      items,
      userBiases: grown(old.userBiases, users),
      itemBiases: grown(old.itemBiases, items),
      userFactors: grown(old.userFactors, users * width),
      itemFactors: grown(old.itemFactors, items * width),
      impliedFactors: old.impliedFactors === null ? null : grown(old.impliedFactors, items * width),
      userVectors: old.userVectors === null ? null : grown(old.userVectors, users * width),
    };
    const model = new FactorModel(state);
    for (let user = 0; user < ratings.users; user++) {
      const [begin, end] = [table.userStarts[user], table.userStarts[user + 1]];
      if (begin === end) continue;
      const solution = model.#solveUser({
        item: table.item.slice(begin, end),
        rating: table.rating.slice(begin, end),
      });
      state.userBiases[user] = solution.bias;
      state.userFactors.set(solution.own, user * width);
      state.userVectors?.set(solution.vector, user * width);
    }
    const order = itemOrder(table);
    for (let item = 0; item < ratings.items; item++) {
      const known = state.itemFactors.subarray(item * width, (item + 1) * width).some((value) => value !== 0);
      const entries = order.subarray(table.itemStarts[item], table.itemStarts[item + 1]);
      if (known || entries.length === 0) continue;
      const solution = model.#solveItem(table, entries);
      state.itemBiases[item] = solution.bias;
      state.itemFactors.set(solution.vector, item * width);
    }
    return model;
  }

  #vectorOf(user: number): Float32Array {
    const { userVectors, userFactors, factors } = this.#state;
    return (userVectors ?? userFactors).subarray(user * factors, (user + 1) * factors);
  }

  #score(vector: Float32Array | Float64Array, bias: number, item: number): number {
    const { mean, itemBiases, itemFactors, factors } = this.#state;
    let score = mean + bias + (itemBiases[item] ?? 0);
    const start = item * factors;
    for (let m = 0; m < factors; m++) score += (vector[m] ?? 0) * (itemFactors[start + m] ?? 0);
    return score;
  }

  #scores(vector: Float32Array | Float64Array, bias: number): Float64Array {
    return Float64Array.from({ length: this.#state.items }, (_, item) => this.#score(vector, bias, item));
  }

  /** `vector` is a_u, `own` p_u. */
  #solveUser(history: RatingHistory): RowSolution & { readonly own: Float64Array } {
    const { mean, items, scale, itemBiases, itemFactors, impliedFactors, factors } = this.#state;
    if (history.rating.length === 0) {
      return { bias: 0, vector: new Float64Array(factors), own: new Float64Array(factors) };
    }
    const { item, rating } = ratingTable(
      {
        users: 1,
        items,
        user: new Int32Array(history.item.length),
        ...history,
      },
      scale,
    );
    const implied = impliedSum(impliedFactors, item, factors);
    const design = gatherRows(itemFactors, item, factors);
    const targets = Float64Array.from(rating, (value, entry) => {
      let target = value - mean - (itemBiases[item[entry] ?? 0] ?? 0);
      for (let m = 0; m < factors; m++) target -= (implied[m] ?? 0) * (design[entry * factors + m] ?? 0);
      return target;
    });
    const { bias, vector } = ridgeRow(design, factors, targets, this.#penalty(rating.length));
    return { bias, own: vector, vector: vector.map((value, m) => value + (implied[m] ?? 0)) };
  }

  #solveItem(table: RatingTable, entries: Int32Array): RowSolution {
    const { mean, userBiases, userFactors, userVectors, factors } = this.#state;
    const raters = Int32Array.from(entries, (entry) => table.user[entry] ?? 0);
    const targets = Float64Array.from(
      entries,
      (entry) => (table.rating[entry] ?? 0) - mean - (userBiases[table.user[entry] ?? 0] ?? 0),
    );
    const design = gatherRows(userVectors ?? userFactors, raters, factors);
    return ridgeRow(design, factors, targets, this.#penalty(entries.length));
  }

  #penalty(ratings: number): RowPenalty {
    const { factor, bias, frequencyScaling } = this.#state.penalties;
    const weight = ratings ** frequencyScaling;
    return { factor: factor * weight, bias: bias * weight };
  }
}

/** Throws `input-invalid` for a position beyond `size`. */
export function checkPosition(name: 'user' | 'item', position: number, size: number): void {
  if (Number.isInteger(position) && position >= 0 && position < size) return;
  throw new AppError('input-invalid', `The model has no ${name} ${String(position)}.`, {
    values: { name, position: String(position), size },
  });
}

function stateFlaw(state: FactorModelState): string | null {
  // from storage, so the declared type promises nothing
  if ((state.version as unknown) !== 1) return `version ${String(state.version)}`;
  const { users, items, factors } = state;
  const lengths = {
    userBiases: users,
    itemBiases: items,
    userFactors: users * factors,
    itemFactors: items * factors,
    impliedFactors: items * factors,
    userVectors: users * factors,
  };
  for (const name of Object.keys(lengths) as (keyof typeof lengths)[]) {
    const values = state[name];
    if (values === null && (name === 'impliedFactors' || name === 'userVectors')) continue;
    if (values?.length !== lengths[name]) return `length of ${name}`;
    if (!values.every(Number.isFinite)) return `non-finite ${name}`;
  }
  const { factor, bias, frequencyScaling } = state.penalties;
  const numbers = [state.mean, state.scale.min, state.scale.max, factor, bias, frequencyScaling];
  return numbers.every(Number.isFinite) ? null : 'a number that is not finite';
}
