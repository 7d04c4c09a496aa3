import { AppError } from '../../errors.ts';
import type { Hyperparameters } from '../../types.ts';
import { rowsWithEntries, type CsrMatrix } from '../matrix/csr.ts';
import type { CellWeights } from './objective.ts';

/** Hyper-parameters of the logistic factorization; the formulas are in `objective.ts`. */
export interface LogisticHyperparameters extends CellWeights {
  /** Latent dimensions. */
  readonly factors: number;
  /** λ, on every user and item vector. */
  readonly regularization: number;
  /** Adam's step length. */
  readonly learningRate: number;
  /** Passes over all cells. */
  readonly iterations: number;
}

/** Weight of all unobserved cells together over the weight of the observed ones. */
const UNOBSERVED_TO_OBSERVED = 4;
const DEFAULTS = { factors: 32, regularization: 4, learningRate: 0.1, iterations: 20 } as const;

const RULES: Readonly<
  Record<keyof LogisticHyperparameters, { readonly min: number; readonly max: number; readonly whole?: true }>
> = {
  factors: { min: 1, max: 512, whole: true },
  alpha: { min: 1e-6, max: 1e6 },
  // Above 0: without unobserved cells as negatives the model learns only that everything is liked.
  unobservedWeight: { min: 1e-6, max: 1e6 },
  // Above 0: fold-in and its explanation divide by it.
  regularization: { min: 1e-6, max: 1e6 },
  learningRate: { min: 1e-9, max: 1e12 },
  iterations: { min: 1, max: 10_000, whole: true },
};

/**
 * Hyper-parameters for this user–item matrix of strengths: defaults, then `overrides`. As with iALS, `alpha` makes
 * the mean confidence of an observed pair 1 and `unobservedWeight` keeps the ratio of unobserved to observed
 * weight, so that the other defaults mean the same for every shop. Throws `hyperparameter-invalid` for an unknown
 * name, a number that is not finite or out of its range.
 */
export function logisticHyperparameters(
  strengths: CsrMatrix,
  overrides: Hyperparameters,
): LogisticHyperparameters {
  for (const [name, value] of Object.entries(overrides)) check(name, value);
  const entries = strengths.data.length;
  const total = strengths.data.reduce((sum, strength) => sum + Math.abs(strength), 0);
  const cells = rowsWithEntries(strengths) * strengths.columns;
  return {
    ...DEFAULTS,
    alpha: total === 0 ? 1 : entries / total,
    unobservedWeight: entries === 0 ? 1 : Math.min(1, (UNOBSERVED_TO_OBSERVED * entries) / cells),
    ...overrides,
  };
}

/** The objective per observed pair where every factor is 0: ln 2 for each cell, times its weight. */
export function blankLoss(strengths: CsrMatrix, { alpha, unobservedWeight }: CellWeights): number {
  const entries = strengths.data.length;
  const observed = strengths.data.reduce((sum, strength) => sum + alpha * Math.abs(strength), 0);
  const unobserved = rowsWithEntries(strengths) * strengths.columns - entries;
  return (Math.LN2 * (observed + unobservedWeight * unobserved)) / Math.max(1, entries);
}

function check(name: string, value: number): void {
  if (!Object.hasOwn(RULES, name)) {
    throw new AppError('hyperparameter-invalid', `The logistic model has no hyper-parameter ${name}.`, {
      values: { name, value: String(value) },
      remedy: 'Leave it to the default.',
    });
  }
  const { min, max, whole } = RULES[name as keyof LogisticHyperparameters];
  if (value >= min && value <= max && (whole !== true || Number.isInteger(value))) return;
  throw new AppError(
    'hyperparameter-invalid',
    `${name} must be ${whole === true ? 'a whole number' : 'a number'} from ${min} to ${max}.`,
    { values: { name, value: String(value), min, max }, remedy: 'Leave it to the default.' },
  );
}
