import { AppError } from '../../errors.ts';
import { Cholesky } from '../linear/cholesky.ts';
import { checkPosition, type FoldedRater, type RatingHistory } from './factor-model.ts';
import { clip, ratingTable, type RatingColumns, type RatingScale } from './ratings.ts';
import type { SamplerState } from './sampler.ts';

/**
 * One draw from the posterior. Rows are row-major with factors + 1 numbers, the bias first; composites, so that a
 * prediction needs nothing else: w + a_u0 + b_i0 + c_t0 + a_uᵀb_i + c_tᵀ(a_u + b_i).
 */
export interface PosteriorSample {
  readonly intercept: number;
  /** α. */
  readonly noisePrecision: number;
  /** a, users + 1 rows: the last is of a user that nothing is known of. */
  readonly users: Float32Array<ArrayBuffer>;
  /** b, items + 1 rows: the last is of an item that nothing is known of. */
  readonly items: Float32Array<ArrayBuffer>;
  /** c, bins + 1 rows: the last is of a time that train does not have. */
  readonly bins: Float32Array<ArrayBuffer>;
  /** y, items rows; null where users have no sets. */
  readonly implied: Float32Array<ArrayBuffer> | null;
  /** Of p, one number a dimension. */
  readonly userPriorMean: Float64Array<ArrayBuffer>;
  readonly userPriorPrecision: Float64Array<ArrayBuffer>;
}

/** How times become bins. */
export interface TimeBins {
  /** Seconds since the Unix epoch. */
  readonly start: number;
  readonly seconds: number;
  readonly bins: number;
}

/** Everything a Bayesian model is. */
export interface BayesianModelState {
  readonly version: 1;
  readonly users: number;
  readonly items: number;
  readonly factors: number;
  readonly scale: RatingScale;
  readonly time: TimeBins | null;
  /** The bin of each user's latest rating: what a prediction without a time is made for. */
  readonly latestBins: Int32Array<ArrayBuffer>;
  readonly samples: readonly PosteriorSample[];
  /** Where the sampler stood: to go on from. */
  readonly sampler: SamplerState;
}

/** A user's a in each sample. */
type SampledUser = readonly (Float32Array | Float64Array)[];

/** A user who was solved, and the bin of the latest rating. */
interface SolvedUser {
  readonly vectors: readonly Float64Array[];
  readonly bin: number;
}

/**
 * The mean prediction of draws from the posterior of `sampler.ts`'s model. Users and items without ratings are
 * predicted from the priors' means, times of no bin likewise. Without a time the user's latest one in train counts.
 */
export class BayesianModel {
  readonly #state: BayesianModelState;
  readonly #width: number;

  private constructor(state: BayesianModelState) {
    this.#state = state;
    this.#width = state.factors + 1;
  }

  /** Throws `snapshot-corrupt` where the state is not what `toState` gives. */
  static fromState(state: BayesianModelState): BayesianModel {
    const flaw = stateFlaw(state);
    if (flaw === null) return new BayesianModel(state);
    throw new AppError('snapshot-corrupt', `The saved model is damaged (${flaw}).`, {
      values: { flaw },
      remedy: 'Train again; your ratings are not affected.',
    });
  }

  /** What the model is made of; its arrays are not copied. */
  toState(): BayesianModelState {
    return this.#state;
  }

  get users(): number {
    return this.#state.users;
  }

  get items(): number {
    return this.#state.items;
  }

  /** Clipped to the scale. `time` in seconds since the Unix epoch. Throws `input-invalid` for an impossible position. */
  predict(user: number, item: number, time?: number): number {
    return clip(this.score(user, item, time), this.#state.scale);
  }

  /** As `predict`, not clipped. */
  score(user: number, item: number, time?: number): number {
    checkPosition('user', user, this.#state.users);
    checkPosition('item', item, this.#state.items);
    return this.#mean(this.#sampledUser(user), item, this.#binOf(user, time));
  }

  /** A user's predictions of all items, not clipped: for ranking. Throws `input-invalid`. */
  scoresOf(user: number, time?: number): Float64Array {
    checkPosition('user', user, this.#state.users);
    return this.#scores(this.#sampledUser(user), this.#binOf(user, time));
  }

  /**
   * Solves a user against the items of each sample: the exact mean of the user's conditional posterior. Duplicate
   * items: the latest counts. Throws `input-invalid` for what is no rating within the scale.
   */
  foldIn(history: RatingHistory): FoldedRater {
    const { scale, items } = this.#state;
    const { vectors, bin } = this.#solveUser(history);
    return {
      predict: (item) => {
        checkPosition('item', item, items);
        return clip(this.#mean(vectors, item, bin), scale);
      },
      scores: () => this.#scores(vectors, bin),
    };
  }

  /**
   * A model with these users solved anew, without sampling. `ratings` holds all ratings of each user it names; users
   * may be more than the model has, items may not: they need a fit that goes on. Throws as `ratingTable`.
   */
  update(ratings: RatingColumns): BayesianModel {
    const { items, samples, scale } = this.#state;
    const width = this.#width;
    if (ratings.items > items) {
      throw new AppError('input-invalid', 'The ratings have more items than the model.', {
        values: { items: ratings.items, modelItems: items },
        remedy: 'Go on training with them.',
      });
    }
    const table = ratingTable({ ...ratings, items }, scale);
    const users = Math.max(this.#state.users, ratings.users);
    const grown = samples.map((sample) => {
      const rows = new Float32Array((users + 1) * width);
      const unknown = sample.users.subarray(this.#state.users * width);
      for (let user = this.#state.users; user <= users; user++) rows.set(unknown, user * width);
      rows.set(sample.users.subarray(0, this.#state.users * width));
      return { ...sample, users: rows };
    });
    const latestBins = new Int32Array(users).fill(this.#unknownBin);
    latestBins.set(this.#state.latestBins);
    for (let user = 0; user < ratings.users; user++) {
      const [begin, end] = [table.userStarts[user], table.userStarts[user + 1]];
      if (begin === end) continue;
      const { vectors, bin } = this.#solveUser({
        item: table.item.slice(begin, end),
        rating: table.rating.slice(begin, end),
        ...(table.time === null ? {} : { time: table.time.slice(begin, end) }),
      });
      latestBins[user] = bin;
      vectors.forEach((vector, sample) => grown[sample]?.users.set(vector, user * width));
    }
    return new BayesianModel({ ...this.#state, users, latestBins, samples: grown });
  }

  #sampledUser(user: number): SampledUser {
    const width = this.#width;
    return this.#state.samples.map(({ users }) => users.subarray(user * width, (user + 1) * width));
  }

  get #unknownBin(): number {
    return this.#state.time?.bins ?? 0;
  }

  #binOf(user: number, time: number | undefined): number {
    const { time: bins, latestBins } = this.#state;
    if (bins === null) return 0;
    return time === undefined ? (latestBins[user] ?? this.#unknownBin) : binOf(bins, time);
  }

  #scores(vectors: SampledUser, bin: number): Float64Array {
    return Float64Array.from({ length: this.#state.items }, (_, item) => this.#mean(vectors, item, bin));
  }

  #mean(vectors: SampledUser, item: number, bin: number): number {
    const { samples } = this.#state;
    const width = this.#width;
    let total = 0;
    for (let s = 0; s < samples.length; s++) {
      const [sample, a] = [samples[s], vectors[s]];
      if (sample === undefined || a === undefined) continue;
      const { items: b, bins: c, intercept } = sample;
      const [i, t] = [item * width, bin * width];
      total += intercept + (a[0] ?? 0) + (b[i] ?? 0) + (c[t] ?? 0);
      for (let m = 1; m < width; m++) {
        const [left, right] = [a[m] ?? 0, b[i + m] ?? 0];
        total += left * right + (c[t + m] ?? 0) * (left + right);
      }
    }
    return total / samples.length;
  }

  #solveUser(history: RatingHistory): SolvedUser {
    const { items, samples, scale, users, time } = this.#state;
    const width = this.#width;
    if (history.rating.length === 0) {
      const vectors = samples.map((sample) => Float64Array.from(sample.users.subarray(users * width)));
      return { vectors, bin: this.#unknownBin };
    }
    const table = ratingTable(
      { users: 1, items, user: new Int32Array(history.item.length), ...history },
      scale,
    );
    const binAt = (at: number | undefined): number => (time === null ? 0 : binOf(time, at));
    const bins = Int32Array.from(table.item, (_, entry) => binAt(table.time?.[entry]));
    return {
      vectors: samples.map((sample) => solveSample(sample, table.item, table.rating, bins, width)),
      bin: binAt(table.time?.reduce((latest, at) => Math.max(latest, at))),
    };
  }
}

/** The bin of a time; `bins`, one past the last, for none. */
export function binOf({ start, seconds, bins }: TimeBins, time: number | undefined): number {
  const bin = time === undefined ? bins : Math.floor((time - start) / seconds);
  return bin >= 0 && bin < bins ? bin : bins;
}

/**
 * The mean of a user's composite given everything else in a sample. With h = (1, b_i + c_t) the prediction is
 * w + b_i0 + c_t0 + c_tᵀb_i + hᵀ(p + z), z = Σ_j y_j / √n over the user's items: linear in p, whose posterior is
 * normal with the precision P = α Σ h hᵀ + Λ and the mean P⁻¹ (α Σ h (r − …) + Λ μ).
 */
function solveSample(
  sample: PosteriorSample,
  item: Int32Array,
  rating: Float32Array,
  bin: Int32Array,
  width: number,
): Float64Array {
  const { items: b, bins: c, intercept, noisePrecision, implied, userPriorMean, userPriorPrecision } = sample;
  const z = new Float64Array(width);
  if (implied !== null) {
    for (const row of item) {
      for (let m = 0; m < width; m++)
        z[m] = (z[m] ?? 0) + (implied[row * width + m] ?? 0) / Math.sqrt(item.length);
    }
  }
  const matrix = new Float64Array(width * width);
  const right = new Float64Array(width);
  const slopes = new Float64Array(width);
  for (let entry = 0; entry < item.length; entry++) {
    const [i, t] = [(item[entry] ?? 0) * width, (bin[entry] ?? 0) * width];
    let rest = (rating[entry] ?? 0) - intercept - (b[i] ?? 0) - (c[t] ?? 0) - (z[0] ?? 0);
    slopes[0] = 1;
    for (let m = 1; m < width; m++) {
      const [bm, cm] = [b[i + m] ?? 0, c[t + m] ?? 0];
      slopes[m] = bm + cm;
      rest -= cm * bm + (bm + cm) * (z[m] ?? 0);
    }
    for (let row = 0; row < width; row++) {
      const scaled = noisePrecision * (slopes[row] ?? 0);
      right[row] = (right[row] ?? 0) + scaled * rest;
      for (let column = 0; column <= row; column++) {
        matrix[row * width + column] = (matrix[row * width + column] ?? 0) + scaled * (slopes[column] ?? 0);
      }
    }
  }
  for (let m = 0; m < width; m++) {
    const precision = userPriorPrecision[m] ?? 0;
    matrix[m * (width + 1)] = (matrix[m * (width + 1)] ?? 0) + precision;
    right[m] = (right[m] ?? 0) + precision * (userPriorMean[m] ?? 0);
  }
  return new Cholesky(matrix, width).solve(right).map((value, m) => value + (z[m] ?? 0));
}

function stateFlaw(state: BayesianModelState): string | null {
  // from storage, so the declared type promises nothing
  if ((state.version as unknown) !== 1) return `version ${String(state.version)}`;
  const { users, items, factors, samples, time } = state;
  const width = factors + 1;
  if (samples.length === 0) return 'no samples';
  if (state.latestBins.length !== users) return 'length of latestBins';
  for (const sample of samples) {
    const lengths: readonly (readonly [string, Float32Array | Float64Array, number])[] = [
      ['users', sample.users, (users + 1) * width],
      ['items', sample.items, (items + 1) * width],
      ['bins', sample.bins, ((time?.bins ?? 0) + 1) * width],
      ['implied', sample.implied ?? new Float32Array(items * width), items * width],
      ['userPriorMean', sample.userPriorMean, width],
      ['userPriorPrecision', sample.userPriorPrecision, width],
    ];
    for (const [name, values, length] of lengths) {
      if (values.length !== length) return `length of ${name}`;
      if (!values.every(Number.isFinite)) return `non-finite ${name}`;
    }
    if (!Number.isFinite(sample.intercept) || !(sample.noisePrecision > 0)) return 'intercept or noise';
  }
  return null;
}
