import { AppError } from '../../lib/errors.ts';
import { PLAN_KINDS, type EvaluationPlan, type PlanKind } from '../../lib/model/index.ts';
import { FORMATS, type Format, type RatingScale } from '../sources/read-interactions.ts';

/** Options as cac parses them: true for a missing value, a list for a repeated option. */
export interface ModelOptions {
  readonly train?: unknown;
  readonly test?: unknown;
  readonly folds?: unknown;
  readonly split?: unknown;
  readonly format?: unknown;
  readonly scale?: unknown;
  readonly features?: unknown;
  readonly model?: unknown;
  readonly set?: unknown;
  readonly tune?: unknown;
  readonly tuneState?: unknown;
  readonly budget?: unknown;
  readonly trials?: unknown;
  readonly seed?: unknown;
  readonly device?: unknown;
  readonly k?: unknown;
  readonly json?: unknown;
  readonly save?: unknown;
}

/** What may stand behind a split's colon, and what stands there if nothing does. */
const SPLITS: Readonly<Record<PlanKind, { readonly size: number; readonly rule: string }>> = {
  random: { size: 0.2, rule: 'a share between 0 and 1' },
  kfold: { size: 5, rule: 'a whole number of folds from 2' },
  'leave-k': { size: 1, rule: 'a whole number of entries from 1' },
  time: { size: 0.2, rule: 'a share between 0 and 1' },
  users: { size: 0.2, rule: 'a share between 0 and 1' },
};
/** Of a split that has no share; it has no influence. */
const ANY_SHARE = 0.5;
const DEVICES = ['auto', 'webgpu', 'cpu'] as const;
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
const DEFAULT_BUDGET = '10m';

/** Where train and test come from. */
export type SplitWish =
  | { readonly kind: 'given'; readonly test: string }
  | { readonly kind: 'folds'; readonly folder: string }
  | Pick<EvaluationPlan, 'kind' | 'share' | 'leave'>;

export interface FitPlan {
  /** Empty where folds bring their own. */
  readonly train: string;
  readonly format: Format;
  readonly scale: RatingScale | null;
  /** A file of item categories; null to look beside MovieLens's ratings. */
  readonly features: string | null;
  readonly model: string;
  readonly hyperparameters: Readonly<Record<string, number>>;
  readonly tune: boolean;
  /** Where a search is kept; null to forget it. */
  readonly tuneState: string | null;
  readonly budgetSeconds: number;
  readonly trials: number;
  readonly seed: number;
  readonly device: (typeof DEVICES)[number];
  readonly k: number;
  readonly json: boolean;
}

export interface EvaluatePlan extends FitPlan {
  readonly split: SplitWish;
}

/** Throws `input-invalid` naming the option and what it may be. */
export function parseEvaluateOptions(options: ModelOptions): EvaluatePlan {
  const ways = [options.test, options.folds, options.split].filter((way) => way !== undefined);
  if (ways.length > 1) {
    throw new AppError('input-invalid', 'Give only one of --test, --folds and --split.', {
      remedy: 'See: fairshelf evaluate --help',
    });
  }
  return { ...parseFitOptions(options, options.folds === undefined), split: splitOf(options) };
}

/** As above, of what `train` takes as well. */
export function parseFitOptions(options: ModelOptions, needsTrain = true): FitPlan {
  return {
    train: needsTrain || options.train !== undefined ? text('train', options.train) : '',
    format: choice('format', options.format, FORMATS),
    scale: scaleOf(options.scale),
    features: options.features === undefined ? null : text('features', options.features),
    model: text('model', options.model),
    hyperparameters: assignments(options.set),
    tune: tuneOf(options),
    tuneState: options.tuneState === undefined ? null : text('tune-state', options.tuneState),
    budgetSeconds: seconds(options.budget ?? DEFAULT_BUDGET),
    trials: whole('trials', options.trials ?? 30, 1, 10_000),
    seed: whole('seed', options.seed ?? 1, 0, 2 ** 31 - 1),
    device: choice('device', options.device ?? 'auto', DEVICES),
    k: whole('k', options.k ?? 20, 1, 1000),
    json: options.json === true,
  };
}

export function text(name: string, value: unknown): string {
  // cac makes numbers of what looks like one; a file may be called 2024
  if ((typeof value === 'string' && value !== '') || typeof value === 'number') return String(value);
  throw invalid(name, value, 'one value');
}

export function choice<Choice extends string>(
  name: string,
  value: unknown,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((one) => one === value);
  if (found !== undefined) return found;
  throw invalid(name, value, `one of ${choices.join(', ')}`);
}

export function whole(name: string, value: unknown, min: number, max: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw invalid(name, value, `a whole number from ${min} to ${max}`);
}

function splitOf({ test, folds, split = 'random' }: ModelOptions): SplitWish {
  if (test !== undefined) return { kind: 'given', test: text('test', test) };
  if (folds !== undefined) return { kind: 'folds', folder: text('folds', folds) };
  const [name = '', size, ...more] = (typeof split === 'string' ? split : '').split(':');
  const kind = choice('split', name, PLAN_KINDS);
  const { size: usual, rule } = SPLITS[kind];
  const given = size === undefined ? usual : Number(size === '' ? NaN : size);
  const whole = usual >= 1;
  const sound = whole
    ? Number.isInteger(given) && given >= (kind === 'kfold' ? 2 : 1)
    : given > 0 && given < 1;
  if (!sound || more.length > 0) throw invalid('split', split, `${kind}:SIZE with ${rule}`);
  if (kind === 'leave-k') return { kind, share: ANY_SHARE, leave: given };
  return { kind, share: kind === 'kfold' ? 1 / given : given, leave: 1 };
}

/** What belongs to a search is an error without one: it would be ignored. */
function tuneOf(options: ModelOptions): boolean {
  const tune = options.tune === true;
  for (const [name, value] of [
    ['tune-state', options.tuneState],
    ['budget', options.budget],
    ['trials', options.trials],
  ] as const) {
    if (!tune && value !== undefined) throw invalid(name, value, 'given together with --tune');
  }
  return tune;
}

/** `--set factors=64 --set alpha=2`: names and numbers. That a name is known is for the model to say. */
function assignments(value: unknown): Record<string, number> {
  if (value === undefined) return {};
  const given: Record<string, number> = {};
  for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
    const [, name = '', number = ''] = /^([A-Za-z]\w*)=(\S+)$/u.exec(String(one)) ?? [];
    const parsed = Number(number);
    if (name === '' || (Number.isNaN(parsed) && number !== 'NaN')) {
      throw invalid('set', one, 'NAME=NUMBER, as in factors=64');
    }
    given[name] = parsed;
  }
  return given;
}

/** `1:5`, or nothing for the scale that train shows. */
function scaleOf(value: unknown): RatingScale | null {
  if (value === undefined) return null;
  const [, low = '', high = ''] =
    /^(-?[\d.]+):(-?[\d.]+)$/u.exec(typeof value === 'string' ? value : '') ?? [];
  const scale = { min: Number(low), max: Number(high) };
  if (low !== '' && scale.min < scale.max) return scale;
  throw invalid('scale', value, 'MIN:MAX, as in 1:5');
}

function seconds(value: unknown): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([smh])$/u.exec(String(value)) ?? [];
  const total = Number(number) * (UNITS[unit] ?? 0);
  if (total > 0) return total;
  throw invalid('budget', value, 'a time, as in 90s, 10m or 2h');
}

function invalid(name: string, value: unknown, rule: string): AppError {
  const given = value === undefined || value === true ? 'nothing' : JSON.stringify(value);
  return new AppError('input-invalid', `--${name} must be ${rule}, not ${given}.`, {
    values: { option: name, value: given },
    remedy: 'See: fairshelf evaluate --help',
  });
}
