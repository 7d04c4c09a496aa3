import { AppError } from '../../errors.ts';
import type { Hyperparameters } from '../../types.ts';
import { BayesianModel, type BayesianModelState, type PosteriorSample } from '../explicit/bayesian-model.ts';
import { bayesianHyperparameters, fitBayesian } from '../explicit/bayesian.ts';
import { savedFloats } from './arrays.ts';
import type { FittedModel, ModelAdapter, SavedModel } from './model.ts';
import { ratingColumns } from './rating-table.ts';

/**
 * Bayesian factorization of ratings by Gibbs sampling (`explicit/bayesian`), without time: what is asked of a model here
 * has none.
 */
export const adapter: ModelAdapter = {
  name: 'bayesian',
  task: 'rating',
  continues: false,
  budget: 'sweeps',
  hyperparameters(train, overrides) {
    if (overrides['binDays'] !== undefined && overrides['binDays'] !== 0) {
      throw new AppError(
        'hyperparameter-invalid',
        'binDays must be 0: predictions are asked for without a time.',
        {
          values: { name: 'binDays', value: String(overrides['binDays']) },
          remedy: 'Leave it out.',
        },
      );
    }
    // a short search must not burn in for longer than it lasts
    const burnIn = Math.floor((overrides['sweeps'] ?? Infinity) / 5);
    return bayesianHyperparameters(
      train.columns,
      Number.isFinite(burnIn) ? { burnIn, ...overrides } : overrides,
    );
  },
  searchSpace: () => [{ name: 'factors', min: 4, max: 32, scale: 'log', whole: true }],
  async fit({ train, hyperparameters, seed, signal, onProgress }) {
    let iterations = 0;
    const model = await fitBayesian(ratingColumns(train, null), hyperparameters, {
      seed,
      ...(signal === undefined ? {} : { signal }),
      onProgress: ({ iteration, iterations: planned, trainRmse }) => {
        iterations = iteration;
        void onProgress?.({ iteration, iterations: planned, loss: trainRmse ** 2, model: null });
      },
    });
    return fitted(model, hyperparameters, iterations);
  },
  load: (saved) => fitted(BayesianModel.fromState(stateOf(saved)), saved.hyperparameters, 0),
};

function fitted(model: BayesianModel, hyperparameters: Hyperparameters, iterations: number): FittedModel {
  return {
    kind: 'bayesian',
    hyperparameters,
    users: model.users,
    items: model.items,
    iterations,
    scoresOf: (user) => model.scoresOf(user),
    foldIn: ({ item, strength }) => model.foldIn({ item, rating: strength }).scores(),
    predict: (user, item) => model.predict(user, item),
    predictFor: ({ item, strength }) => {
      const rater = model.foldIn({ item, rating: strength });
      return (other) => rater.predict(other);
    },
    update: (entries) =>
      Promise.resolve(fitted(model.update(ratingColumns(entries, null)), hyperparameters, iterations)),
    save: () => savedOf(model.toState(), hyperparameters),
  };
}

/** All samples of one part behind one another. */
function stacked(samples: readonly PosteriorSample[], part: (sample: PosteriorSample) => ArrayLike<number>) {
  const length = samples[0] === undefined ? 0 : part(samples[0]).length;
  const values = new Float32Array(samples.length * length);
  samples.forEach((sample, at) => values.set(Array.from(part(sample)), at * length));
  return { shape: [samples.length, length], values };
}

function savedOf(
  { users, items, factors, scale, samples }: BayesianModelState,
  hyperparameters: Hyperparameters,
): SavedModel {
  const width = factors + 1;
  const sets = samples[0]?.implied !== null;
  return {
    ...{ kind: 'bayesian', hyperparameters, users, items },
    arrays: {
      scale: { shape: [2], values: Float32Array.of(scale.min, scale.max) },
      constants: stacked(samples, ({ intercept, noisePrecision }) => [intercept, noisePrecision]),
      userRows: stacked(samples, (sample) => sample.users.subarray(0, users * width)),
      unknownUser: stacked(samples, (sample) => sample.users.subarray(users * width)),
      itemRows: stacked(samples, (sample) => sample.items),
      timeRows: stacked(samples, ({ bins }) => bins),
      ...(sets ? { implied: stacked(samples, ({ implied }) => implied ?? []) } : {}),
      priorMean: stacked(samples, ({ userPriorMean }) => userPriorMean),
      priorPrecision: stacked(samples, ({ userPriorPrecision }) => userPriorPrecision),
    },
  };
}

function stateOf(saved: SavedModel): BayesianModelState {
  const { users, items, arrays } = saved;
  const count = arrays['constants']?.shape[0] ?? 0;
  const width = arrays['unknownUser']?.shape[1] ?? 0;
  const part = (name: string, length: number): Float32Array<ArrayBuffer> =>
    length === 0 ? new Float32Array() : savedFloats(saved, name, [count, length]);
  const [min = NaN, max = NaN] = savedFloats(saved, 'scale', [2]);
  const constants = part('constants', 2);
  const rows = {
    users: part('userRows', users * width),
    unknown: part('unknownUser', width),
    items: part('itemRows', (items + 1) * width),
    bins: part('timeRows', width),
    implied: arrays['implied'] === undefined ? null : part('implied', items * width),
    mean: part('priorMean', width),
    precision: part('priorPrecision', width),
  };
  const cut = (values: Float32Array<ArrayBuffer>, at: number, length: number): Float32Array<ArrayBuffer> =>
    values.slice(at * length, (at + 1) * length);
  const samples = Array.from({ length: count }, (_, at): PosteriorSample => {
    const all = new Float32Array((users + 1) * width);
    all.set(cut(rows.users, at, users * width));
    all.set(cut(rows.unknown, at, width), users * width);
    return {
      intercept: constants[2 * at] ?? NaN,
      noisePrecision: constants[2 * at + 1] ?? NaN,
      users: all,
      items: cut(rows.items, at, (items + 1) * width),
      bins: cut(rows.bins, at, width),
      implied: rows.implied === null ? null : cut(rows.implied, at, items * width),
      userPriorMean: Float64Array.from(cut(rows.mean, at, width)),
      userPriorPrecision: Float64Array.from(cut(rows.precision, at, width)),
    };
  });
  return {
    ...{ version: 1, users, items, factors: width - 1, scale: { min, max }, time: null },
    latestBins: new Int32Array(users),
    samples,
    // a loaded model does not go on (`continues`)
    sampler: blankSampler(users, items, width),
  };
}

function blankSampler(users: number, items: number, width: number): BayesianModelState['sampler'] {
  return {
    ...{ intercept: 0, users, items, userMembers: null, itemMembers: null, binValues: null },
    userValues: new Float32Array(users * width),
    itemValues: new Float32Array(items * width),
  };
}
