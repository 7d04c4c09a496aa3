import { AppError } from '../../errors.ts';
import type { Hyperparameters } from '../../types.ts';
import { runInSlices } from '../backends/slices.ts';
import { checkFactors, checkHyperparameters, type HyperparameterRule } from '../hyperparameters.ts';
import { BayesianModel, binOf, type PosteriorSample, type TimeBins } from './bayesian-model.ts';
import { defaultFactors } from './biased.ts';
import { NormalStream } from './normal-stream.ts';
import { checkConverging, ratingErrors, type RatingFitOptions } from './options.ts';
import { ratingTable, type RatingColumns, type RatingTable } from './ratings.ts';
import { Sampler } from './sampler.ts';

/** `patience` has no say here: a mean of more draws is not worse, so sampling does not end early. */
export interface BayesianFitOptions extends Omit<RatingFitOptions, 'patience'> {
  /** A model to go on from, of the same hyper-parameters: no burn-in is needed then (`burnIn: 0`). */
  readonly start?: BayesianModel;
}

const RULES = {
  factors: { min: 1, max: 128, whole: true },
  /** Sweeps over all parameters, burn-in included. */
  sweeps: { min: 1, max: 100_000, whole: true },
  burnIn: { min: 0, max: 100_000, whole: true },
  /** Draws to keep, evenly spaced after the burn-in. The model's size and the cost of a prediction grow with it. */
  samples: { min: 1, max: 10_000, whole: true },
  /** 1: the items that a user rated are features of the user (SVD++); 0: not. */
  itemSets: { min: 0, max: 1, whole: true },
  /** 1: the users who rated an item are features of the item (SVD++ "flipped"); 0: not. */
  userSets: { min: 0, max: 1, whole: true },
  /** Days that share a time bin; 0 for a model without time. Without effect where the ratings have no times. */
  binDays: { min: 0, max: 100_000 },
  initialScale: { min: 1e-9, max: 10 },
} as const satisfies Record<string, HyperparameterRule>;

const MAX_FACTORS = 12;
const SECONDS_PER_DAY = 86_400;
/** Bins at most: a bin costs as much memory as an item. */
const MAX_BINS = 100_000;

/** Chosen on a tenth of MovieLens 100K's u1.base, cut off at random (seed 1): docs/models/bayesian.md. */
const DEFAULTS = {
  sweeps: 300,
  burnIn: 60,
  samples: 60,
  itemSets: 1,
  userSets: 1,
  // what time adds is lost many times over where a prediction is asked for without one, or for one after train
  binDays: 0,
  initialScale: 0.1,
};

/** Hyper-parameters of `fitBayesian` for this many items: defaults, then `overrides`. Throws `hyperparameter-invalid`. */
export function bayesianHyperparameters(
  items: number,
  overrides: Hyperparameters,
): Readonly<Record<keyof typeof RULES, number>> {
  const defaults = { factors: defaultFactors(items, MAX_FACTORS), ...DEFAULTS };
  const chosen = checkHyperparameters('Bayesian factorization', RULES, { ...defaults, ...overrides });
  checkFactors(chosen.factors, items);
  if (chosen.burnIn < chosen.sweeps) return chosen;
  throw new AppError('hyperparameter-invalid', 'burnIn must be less than sweeps.', {
    values: { name: 'burnIn', value: chosen.burnIn, sweeps: chosen.sweeps },
    remedy: 'Leave it to the default.',
  });
}

/**
 * Bayesian factorization by Gibbs sampling, with both sides' implicit sets and time bins ("timeSVD++ flipped": Rendle,
 * Zhang, Koren 2019); with all three switched off it is BPMF with diagonal priors (Salakhutdinov and Mnih 2008). The
 * model is in `sampler.ts`. No learning rate and no regularization: their part is sampled. Rejects as `fitBiased`.
 */
export async function fitBayesian(
  ratings: RatingColumns,
  hyperparameters: Hyperparameters,
  options: BayesianFitOptions,
): Promise<BayesianModel> {
  const chosen = bayesianHyperparameters(ratings.items, hyperparameters);
  const table = ratingTable(ratings, options.scale);
  const time = timeBinsOf(table, chosen.binDays, options.start);
  const bin = binsOf(table, time);
  const sampler = new Sampler(
    table,
    {
      factors: chosen.factors,
      itemSets: chosen.itemSets === 1,
      userSets: chosen.userSets === 1,
      bin,
      bins: time?.bins ?? 0,
      initialScale: chosen.initialScale,
    },
    new NormalStream(options.seed),
  );
  if (options.start !== undefined) resume(sampler, options.start, table, chosen.factors);
  const samples: PosteriorSample[] = [];
  const stateOf = (kept: readonly PosteriorSample[]) => ({
    version: 1 as const,
    users: table.users,
    items: table.items,
    factors: chosen.factors,
    scale: table.scale,
    time,
    latestBins: latestBinsOf(table, bin, time?.bins ?? 0),
    samples: kept,
    sampler: sampler.state(),
  });
  const { validation } = options;
  const sums = new Float64Array(validation?.rating.length ?? 0);
  const drawn = chosen.sweeps - chosen.burnIn;
  for (let sweep = 1; sweep <= chosen.sweeps; sweep++) {
    const trainRmse = await runInSlices(sampler.sweep(), options.signal, 1);
    checkConverging(trainRmse);
    const after = sweep - chosen.burnIn;
    let validationRmse: number | null = null;
    if (after > 0 && isKept(after, drawn, chosen.samples)) {
      const sample = sampler.sample();
      samples.push(sample);
      if (validation !== undefined && validation.rating.length > 0) {
        const latest = BayesianModel.fromState(stateOf([sample]));
        validationRmse = meanError(validation, latest, sums, samples.length);
      }
    }
    options.onProgress?.({ iteration: sweep, iterations: chosen.sweeps, trainRmse, validationRmse });
  }
  return BayesianModel.fromState(stateOf(samples));
}

/** Whether the n-th of `drawn` draws is one of `wanted`, evenly spaced, the last among them. */
function isKept(n: number, drawn: number, wanted: number): boolean {
  return Math.floor((n * wanted) / drawn) > Math.floor(((n - 1) * wanted) / drawn);
}

/** RMSE of the mean of all samples so far, whose earlier sums are kept in `sums`. */
function meanError(
  validation: RatingColumns,
  latest: BayesianModel,
  sums: Float64Array,
  count: number,
): number {
  const { user, item, time } = validation;
  for (let entry = 0; entry < sums.length; entry++) {
    const predicted = latest.score(user[entry] ?? 0, item[entry] ?? 0, time?.[entry]);
    sums[entry] = (sums[entry] ?? 0) + predicted;
  }
  let entry = 0;
  return ratingErrors(validation, latest.toState().scale, () => (sums[entry++] ?? 0) / count).rmse;
}

/** Bins from the earliest rating on; a model to go on from keeps its bins and gets more. */
function timeBinsOf(table: RatingTable, days: number, start: BayesianModel | undefined): TimeBins | null {
  const had = start?.toState().time;
  if (table.time === null || days === 0 || had === null) return null;
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const time of table.time) {
    if (time < first) first = time;
    if (time > last) last = time;
  }
  const begin = had?.start ?? first;
  const seconds = had?.seconds ?? days * SECONDS_PER_DAY;
  const bins = Math.max(had?.bins ?? 1, Math.floor((last - begin) / seconds) + 1);
  if (bins <= MAX_BINS) return { start: begin, seconds, bins };
  throw new AppError(
    'hyperparameter-invalid',
    `binDays makes ${bins} time bins; at most ${MAX_BINS} are possible.`,
    {
      values: { name: 'binDays', value: days, bins },
      remedy: 'Raise it, or check that times are in seconds.',
    },
  );
}

/** The bin of each entry; what is before the first bin, as may be where a fit goes on, counts to it. */
function binsOf(table: RatingTable, time: TimeBins | null): Int32Array<ArrayBuffer> | null {
  if (time === null || table.time === null) return null;
  return Int32Array.from(table.time, (at) => binOf(time, Math.max(at, time.start)));
}

/** The latest bin of each user's ratings; `none` for users without. */
function latestBinsOf(table: RatingTable, bin: Int32Array | null, none: number): Int32Array<ArrayBuffer> {
  const latest = new Int32Array(table.users).fill(none);
  if (bin === null) return latest;
  for (let at = 0; at < bin.length; at++) {
    const [user, own] = [table.user[at] ?? 0, bin[at] ?? 0];
    const had = latest[user] ?? none;
    if (had === none || own > had) latest[user] = own;
  }
  return latest;
}

function resume(sampler: Sampler, start: BayesianModel, table: RatingTable, factors: number): void {
  const { sampler: state, factors: had } = start.toState();
  const sameSets =
    (state.userMembers === null) === (sampler.userSide.sets === null) &&
    (state.itemMembers === null) === (sampler.itemSide.sets === null) &&
    (state.binValues === null) === (sampler.timeSide === null);
  if (had !== factors || !sameSets || state.users > table.users || state.items > table.items) {
    throw new AppError(
      'input-invalid',
      'The model to go on from is of another kind or shape than this fit.',
      {
        values: { factors: had, users: state.users, items: state.items },
        remedy: 'Go on with the same hyper-parameters, and at least its users and items.',
      },
    );
  }
  sampler.resume(state);
}
