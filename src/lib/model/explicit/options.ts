import { AppError } from '../../errors.ts';
import { Random } from '../matrix/random.ts';
import { clip, type RatingColumns, type RatingScale, type RatingTable } from './ratings.ts';

/** How far a fit has come. */
export interface RatingProgress {
  /** 1-based: an epoch, an iteration of both sides or a sweep. */
  readonly iteration: number;
  readonly iterations: number;
  /** RMSE over the training ratings, each as it was met in this pass. */
  readonly trainRmse: number;
  /** RMSE over the validation ratings, predictions clipped to the scale; null without them. */
  readonly validationRmse: number | null;
}

/** What every fit of explicit ratings takes. */
export interface RatingFitOptions {
  /** A 32-bit whole number: the same seed gives the same model. */
  readonly seed: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RatingProgress) => void;
  /** Default: from the least to the greatest rating. */
  readonly scale?: RatingScale;
  /** Cut from train, never test: training ends early, and keeps its best state, by them alone. */
  readonly validation?: RatingColumns;
  /** Passes without a better validation RMSE before training ends. Default: 3. */
  readonly patience?: number;
}

const PATIENCE = 3;

/** Ratings cut in two at random: `share` of them become the second part. Throws `input-invalid` for an impossible share. */
export function holdOutRatings(
  columns: RatingColumns,
  share: number,
  seed: number,
): { readonly train: RatingColumns; readonly heldOut: RatingColumns } {
  if (!(share > 0 && share < 1)) {
    throw new AppError('input-invalid', 'The share to hold out must be between 0 and 1.', {
      values: { share: String(share) },
    });
  }
  const entries = columns.rating.length;
  const order = new Random(seed).shuffle(Array.from({ length: entries }, (_, entry) => entry));
  const cut = Math.round(share * entries);
  const ascending = (part: number[]): number[] => part.sort((first, second) => first - second);
  return {
    train: selectRatings(columns, ascending(order.slice(cut))),
    heldOut: selectRatings(columns, ascending(order.slice(0, cut))),
  };
}

function selectRatings(columns: RatingColumns, entries: readonly number[]): RatingColumns {
  const { users, items, time } = columns;
  return {
    users,
    items,
    user: Int32Array.from(entries, (entry) => columns.user[entry] ?? 0),
    item: Int32Array.from(entries, (entry) => columns.item[entry] ?? 0),
    rating: Float32Array.from(entries, (entry) => columns.rating[entry] ?? 0),
    ...(time === undefined ? {} : { time: Float64Array.from(entries, (entry) => time[entry] ?? 0) }),
  };
}

/** Predicts a rating that was held out. */
export type PredictRating = (user: number, item: number, time: number | undefined) => number;

/** RMSE and MAE of predictions, each clipped to the scale. */
export function ratingErrors(
  columns: RatingColumns,
  scale: RatingScale,
  predict: PredictRating,
): { readonly rmse: number; readonly mae: number } {
  const { user, item, rating, time } = columns;
  let [squares, absolutes] = [0, 0];
  for (let entry = 0; entry < rating.length; entry++) {
    const predicted = clip(predict(user[entry] ?? 0, item[entry] ?? 0, time?.[entry]), scale);
    const error = predicted - (rating[entry] ?? 0);
    squares += error * error;
    absolutes += Math.abs(error);
  }
  return { rmse: Math.sqrt(squares / rating.length), mae: absolutes / rating.length };
}

/**
 * Keeps the best state by validation RMSE. Without validation ratings the latest state is the best, and training
 * never ends early.
 */
export class EarlyStopping<State> {
  readonly #validation: RatingColumns | null;
  readonly #patience: number;
  #best: { readonly state: State; readonly rmse: number } | null = null;
  #worse = 0;

  /** Throws `input-invalid` for validation ratings of users or items that the table does not have. */
  constructor({ validation, patience = PATIENCE }: RatingFitOptions, table: RatingTable) {
    this.#validation = validation === undefined || validation.rating.length === 0 ? null : validation;
    this.#patience = patience;
    if (validation === undefined) return;
    if (validation.users > table.users || validation.items > table.items) {
      throw new AppError('input-invalid', 'The validation ratings have more users or items than train.', {
        values: { users: validation.users, items: validation.items },
      });
    }
  }

  /** Looks at a state that can predict; `stateOf` is asked for a copy where it is the best so far. */
  look(
    scale: RatingScale,
    predict: () => PredictRating,
    stateOf: () => State,
  ): { readonly rmse: number | null; readonly stop: boolean } {
    if (this.#validation === null) return { rmse: null, stop: false };
    const { rmse } = ratingErrors(this.#validation, scale, predict());
    if (this.#best === null || rmse < this.#best.rmse) {
      this.#best = { state: stateOf(), rmse };
      this.#worse = 0;
    } else {
      this.#worse++;
    }
    return { rmse, stop: this.#worse >= this.#patience };
  }

  /** Null without validation ratings. */
  get best(): State | null {
    return this.#best?.state ?? null;
  }
}

/** Throws `training-diverged` where a fit's error is no finite number. */
export function checkConverging(rmse: number): void {
  if (Number.isFinite(rmse)) return;
  throw new AppError('training-diverged', 'The error of the training ratings is no finite number.', {
    values: { rmse: String(rmse) },
    remedy: 'Lower the learning rate or raise the regularization.',
  });
}
