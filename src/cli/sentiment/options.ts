import { AppError } from '../../lib/errors.ts';
import type { ReviewColumns } from '../sources/labelled-reviews.ts';
import { text, whole } from '../evaluate/options.ts';

/** Options as cac parses them: true for a missing value, a list for a repeated option. */
export interface SentimentOptions {
  readonly reviews?: unknown;
  readonly out?: unknown;
  readonly pack?: unknown;
  readonly text?: unknown;
  readonly label?: unknown;
  readonly group?: unknown;
  readonly stars?: unknown;
  readonly features?: unknown;
  readonly regularization?: unknown;
  readonly seed?: unknown;
  readonly crossValidate?: unknown;
  readonly leaveCategoryOut?: unknown;
  readonly json?: unknown;
}

export interface SentimentPlan {
  readonly files: readonly string[];
  /** Folder to write the model to; null for none. */
  readonly out: string | null;
  /** Folder of the pack that gets the model; null for none. */
  readonly pack: string | null;
  readonly columns: ReviewColumns;
  readonly hyperparameters: Readonly<Record<string, number>>;
  readonly seed: number;
  /** Null: a fifth of the texts is held out, once. */
  readonly folds: number | null;
  readonly leaveGroupOut: boolean;
  readonly json: boolean;
}

/** Throws `input-invalid` naming the option and what it may be. */
export function parseSentimentOptions(options: SentimentOptions): SentimentPlan {
  const optional = (name: 'out' | 'pack' | 'text' | 'label' | 'group'): string | null =>
    options[name] === undefined ? null : text(name, options[name]);
  const [column, label, group] = [optional('text'), optional('label'), optional('group')];
  const files = Array.isArray(options.reviews) ? (options.reviews as unknown[]) : [options.reviews];
  return {
    files: files.map((file) => text('reviews', file)),
    out: optional('out'),
    pack: optional('pack'),
    columns: {
      ...(column === null ? {} : { text: column }),
      ...(label === null ? {} : { label }),
      ...(group === null ? {} : { group }),
      stars: options.stars === true,
    },
    hyperparameters: {
      ...(options.features === undefined ? {} : { features: number('features', options.features) }),
      ...(options.regularization === undefined
        ? {}
        : { regularization: number('regularization', options.regularization) }),
    },
    seed: whole('seed', options.seed ?? 1, 0, 2 ** 31 - 1),
    folds:
      options.crossValidate === undefined ? null : whole('cross-validate', options.crossValidate, 2, 100),
    leaveGroupOut: options.leaveCategoryOut === true,
    json: options.json === true,
  };
}

/** That it is in range is for the model to say. */
function number(name: string, value: unknown): number {
  if (typeof value === 'number') return value;
  throw new AppError('input-invalid', `--${name} must be a number.`, {
    values: { option: name, value: String(value) },
    remedy: 'See: fairshelf sentiment --help',
  });
}
