import type { Hyperparameters } from '../../types.ts';
import type { CsrMatrix } from '../matrix/csr.ts';
import type { TrainingDevice } from '../train/devices.ts';

/** Models over users and items, by the names that the command line and saved models use. */
export const MODEL_NAMES = [
  'ials',
  'mf',
  'svdpp',
  'bayesian',
  'logistic',
  'ncf',
  'logreg',
  'deep',
  'bpr',
  'ccl',
  'ease',
  'itemknn',
  'rp3beta',
  'popularity',
  'recent-popularity',
  'graph-filter',
] as const;
export type ModelName = (typeof MODEL_NAMES)[number];

/**
 * What a model's numbers are: `rating` predicts the value of a pair (stars: RMSE, MAE), `probability` that a pair is
 * positive (log-loss, AUC), `ranking` only an order.
 */
export type Task = 'rating' | 'probability' | 'ranking';

/** The task of each model, for whoever must know it before its adapter is loaded. */
export const MODEL_TASKS: Readonly<Record<ModelName, Task>> = {
  ials: 'ranking',
  mf: 'rating',
  svdpp: 'rating',
  bayesian: 'rating',
  logistic: 'probability',
  ncf: 'probability',
  logreg: 'probability',
  deep: 'probability',
  bpr: 'ranking',
  ccl: 'ranking',
  ease: 'ranking',
  itemknn: 'ranking',
  rp3beta: 'ranking',
  popularity: 'ranking',
  'recent-popularity': 'ranking',
  'graph-filter': 'ranking',
};

/** Models that compute on WebGPU where there is one; for the others the device has no influence: they use the CPU. */
export const GPU_MODELS: ReadonlySet<ModelName> = new Set(['ials', 'ease', 'logistic', 'ncf']);

/** Models that learn from `FitRequest.features`. */
export const FEATURE_MODELS: ReadonlySet<ModelName> = new Set(['logreg', 'deep']);

/** What a user is known by: item positions, ascending, and what the train matrix would hold for them. */
export interface History {
  readonly item: Int32Array<ArrayBuffer>;
  readonly strength: Float32Array<ArrayBuffer>;
}

/** One pass over the data has ended. */
export interface FitProgress {
  /** 1-based. */
  readonly iteration: number;
  /** How many there will be unless stopped. */
  readonly iterations: number;
  /** Train objective per observed interaction, by the model's own definition; null where it is not computed. */
  readonly loss: number | null;
  /** The model as it is now, for a validation curve and early stopping. Null where reading it back is not possible. */
  readonly model: (() => Promise<FittedModel>) | null;
}

export interface FitRequest {
  /** users × items: ratings for a `rating` model, 0/1 for `probability`, else signed strengths (0/1 on implicit data). */
  readonly train: CsrMatrix;
  /** Seconds since the Unix epoch of each entry of `train`, in its order; null where the data has none. */
  readonly timestamps: Float64Array<ArrayBuffer> | null;
  /** items × features (categories), which the classifiers learn from; null where the data has none. */
  readonly features: CsrMatrix | null;
  /** Complete: what `ModelAdapter.hyperparameters` gave. */
  readonly hyperparameters: Hyperparameters;
  /** A 32-bit whole number. Same seed, same device: the same model. */
  readonly seed: number;
  /** Where to compute. Stays the caller's: a model keeps nothing on it after `fit` but what its `rank` takes. */
  readonly device: TrainingDevice;
  readonly signal: AbortSignal | undefined;
  /** Awaited after each pass of an iterative model; `stop` ends training with the model as it is. */
  readonly onProgress?: (progress: FitProgress) => Promise<'stop' | undefined> | 'stop' | undefined;
  /** Goes on from an earlier model of the same kind and shape where the model can (`ModelAdapter.continues`). */
  readonly start?: SavedModel;
}

/** An array of a saved model, row-major. */
export interface SavedArray {
  readonly shape: readonly number[];
  readonly values: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;
}

/**
 * A model as plain data: what a file or IndexedDB holds of it. Arrays whose names begin with `user` hold rows of
 * persons: `itemSide` leaves them out, and the model can then still fold in, with `users` 0.
 */
export interface SavedModel {
  readonly kind: ModelName;
  readonly hyperparameters: Hyperparameters;
  readonly users: number;
  readonly items: number;
  readonly arrays: Readonly<Record<string, SavedArray>>;
}

/** What of a model may be handed on: no row of a person. */
export function itemSide(saved: SavedModel): SavedModel {
  const arrays = Object.entries(saved.arrays).filter(([name]) => !name.startsWith('user'));
  return { ...saved, users: 0, arrays: Object.fromEntries(arrays) };
}

/** The first k of each user. */
export interface Ranking {
  readonly k: number;
  /** users × k item positions, best first; -1 where fewer were left. */
  readonly items: Int32Array<ArrayBuffer>;
}

/** A trained model. Positions are the train matrix's. */
export interface FittedModel {
  readonly kind: ModelName;
  readonly hyperparameters: Hyperparameters;
  readonly users: number;
  readonly items: number;
  /** Passes over the data that it took; 0 for a closed form. */
  readonly iterations: number;

  /**
   * One finite number an item, higher is better. A user without train entries gets what an empty history gets. Throws
   * `input-invalid` for a position that is not below `users`.
   */
  scoresOf(user: number): ArrayLike<number>;
  /** The same for a person who was not in train, from what is known of them. */
  foldIn(history: History): ArrayLike<number>;
  /** The rating or probability of a pair; present where the task is not `ranking`. */
  predict?(user: number, item: number): number;
  /** The same for a person who was not in train: folded in once, then asked for items. Present where `predict` is. */
  predictFor?(history: History): (item: number) => number;
  /**
   * Ranks many users of train at once, faster than by `scoresOf`, with the same result but for rounding; row r of
   * `seen` are the items to leave out for `users[r]`. Equal scores go to the lower item position.
   */
  rank?(users: Int32Array<ArrayBuffer>, seen: CsrMatrix, k: number, signal?: AbortSignal): Promise<Ranking>;
  /** The same for people folded in: a row a history, and a row of what to leave out. */
  rankHistories?(histories: CsrMatrix, seen: CsrMatrix, k: number, signal?: AbortSignal): Promise<Ranking>;
  /** What each entry of the history adds to the item's score by `foldIn`; the sum is the score, but for `rest`. */
  contributions?(history: History, item: number): { readonly parts: Float64Array; readonly rest: number };
  /**
   * Takes up events that came since without training again. `entries` has the model's columns and at least its rows:
   * rows beyond are new users. Rows given replace what the model knew of that user.
   */
  update?(entries: CsrMatrix): Promise<FittedModel>;
  save(): SavedModel;
}

/** A hyper-parameter's range for a search; `whole` rounds, `log` draws evenly over magnitudes. */
export interface SearchRange {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly scale: 'linear' | 'log';
  readonly whole?: boolean;
}

/** How the zoo fits one kind of model. One small module a model: `zoo/<name>.ts` exports `adapter`. */
export interface ModelAdapter {
  readonly name: ModelName;
  readonly task: Task;
  /** True where `FitRequest.start` is understood. */
  readonly continues: boolean;
  /**
   * Defaults by a documented rule from the data's shape, then `overrides`. Throws `hyperparameter-invalid` for an
   * unknown name or a value out of range, NaN included.
   */
  hyperparameters(train: CsrMatrix, overrides: Hyperparameters): Hyperparameters;
  /** What a search varies. */
  searchSpace(train: CsrMatrix): readonly SearchRange[];
  /** The hyper-parameter that successive halving gives out in growing portions (`iterations`); null for a closed form. */
  readonly budget: string | null;
  /** Rejects with `not-enough-data`, `cancelled`, `training-diverged`, and with what the device throws. */
  fit(request: FitRequest): Promise<FittedModel>;
  /** Of a whole model or of its item side. Throws `snapshot-corrupt` for arrays of another shape than the model's. */
  load(saved: SavedModel): FittedModel;
}
