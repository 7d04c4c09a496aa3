import type { Hyperparameters } from '../../types.ts';
import { FactorModel, type FactorModelState } from '../explicit/factor-model.ts';
import type { RatingFitOptions } from '../explicit/options.ts';
import type { RatingColumns } from '../explicit/ratings.ts';
import { savedFloats } from './arrays.ts';
import type { FittedModel, ModelAdapter, SavedModel, SearchRange } from './model.ts';
import { ratingColumns } from './rating-table.ts';

/** The two factorizations of star ratings. */
type FactorName = 'mf' | 'svdpp';

/** What tells one factor model from the other. */
export interface FactorKind {
  readonly name: FactorName;
  readonly searchSpace: readonly SearchRange[];
  readonly hyperparameters: (items: number, overrides: Hyperparameters) => Hyperparameters;
  readonly fit: (
    ratings: RatingColumns,
    hyperparameters: Hyperparameters,
    options: RatingFitOptions & { readonly start?: FactorModel },
  ) => Promise<FactorModel>;
}

/** Numbers of a factor model's state that are no arrays, in the order in which they are saved. */
const CONSTANTS = 6;

/** The adapter of a factorization of star ratings. */
export function factorAdapter({ name, searchSpace, hyperparameters, fit }: FactorKind): ModelAdapter {
  return {
    name,
    task: 'rating',
    continues: true,
    budget: 'epochs',
    hyperparameters: (train, overrides) => hyperparameters(train.columns, overrides),
    searchSpace: () => searchSpace,
    async fit({ train, timestamps, hyperparameters: chosen, seed, signal, onProgress, start }) {
      let iterations = 0;
      const model = await fit(ratingColumns(train, timestamps), chosen, {
        seed,
        ...(signal === undefined ? {} : { signal }),
        ...(start === undefined ? {} : { start: FactorModel.fromState(stateOf(start)) }),
        onProgress: ({ iteration, iterations: planned, trainRmse }) => {
          iterations = iteration;
          void onProgress?.({ iteration, iterations: planned, loss: trainRmse ** 2, model: null });
        },
      });
      return fitted(name, model, chosen, iterations);
    },
    load: (saved) => fitted(name, FactorModel.fromState(stateOf(saved)), saved.hyperparameters, 0),
  };
}

function fitted(
  kind: FactorName,
  model: FactorModel,
  hyperparameters: Hyperparameters,
  iterations: number,
): FittedModel {
  return {
    kind,
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
      Promise.resolve(fitted(kind, model.update(ratingColumns(entries, null)), hyperparameters, iterations)),
    save: () => savedOf(kind, model.toState(), hyperparameters),
  };
}

function savedOf(kind: FactorName, state: FactorModelState, hyperparameters: Hyperparameters): SavedModel {
  const { users, items, factors, mean, scale, penalties } = state;
  const { factor, bias, frequencyScaling } = penalties;
  return {
    ...{ kind, hyperparameters, users, items },
    arrays: {
      constants: {
        shape: [CONSTANTS],
        values: Float32Array.of(mean, scale.min, scale.max, factor, bias, frequencyScaling),
      },
      userBiases: { shape: [users], values: state.userBiases },
      itemBiases: { shape: [items], values: state.itemBiases },
      userFactors: { shape: [users, factors], values: state.userFactors },
      itemFactors: { shape: [items, factors], values: state.itemFactors },
      ...(state.impliedFactors === null
        ? {}
        : { impliedFactors: { shape: [items, factors], values: state.impliedFactors } }),
      ...(state.userVectors === null
        ? {}
        : { userVectors: { shape: [users, factors], values: state.userVectors } }),
    },
  };
}

function stateOf(saved: SavedModel): FactorModelState {
  const { users, items, arrays } = saved;
  const factors = arrays['itemFactors']?.shape[1] ?? 0;
  const [mean = NaN, min = NaN, max = NaN, factor = NaN, bias = NaN, frequencyScaling = NaN] = savedFloats(
    saved,
    'constants',
    [CONSTANTS],
  );
  const svdpp = saved.kind === 'svdpp';
  const ofUsers = (name: string, shape: readonly number[]): Float32Array<ArrayBuffer> =>
    users === 0 ? new Float32Array() : savedFloats(saved, name, shape);
  return {
    version: 1,
    kind: svdpp ? 'svdpp' : 'biased',
    ...{ users, items, factors, mean },
    scale: { min, max },
    penalties: { factor, bias, frequencyScaling },
    userBiases: ofUsers('userBiases', [users]),
    itemBiases: savedFloats(saved, 'itemBiases', [items]),
    userFactors: ofUsers('userFactors', [users, factors]),
    itemFactors: savedFloats(saved, 'itemFactors', [items, factors]),
    impliedFactors: svdpp ? savedFloats(saved, 'impliedFactors', [items, factors]) : null,
    userVectors: svdpp ? ofUsers('userVectors', [users, factors]) : null,
  };
}
