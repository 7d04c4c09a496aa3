import { AppError } from '../../errors.ts';
import type { Hyperparameters } from '../../types.ts';
import { rowsWithEntries, type CsrMatrix } from '../matrix/csr.ts';
import { softplus, type CellWeights } from './objective.ts';

/** Hyper-parameters of the logistic factorization; the formulas are in `objective.ts`. */
export interface LogisticHyperparameters extends CellWeights {
  /** Latent dimensions. */
  readonly factors: number;
  /** b, the log-odds of a pair that nothing is known of. */
  readonly intercept: number;
  /** λ, on every user and item vector. */
  readonly regularization: number;
  /** Adam's step length. */
  readonly learningRate: number;
  /** Passes over all cells. */
  readonly iterations: number;
}

/** Weight of all unobserved cells together over the weight of the observed ones. */
const UNOBSERVED_TO_OBSERVED = 4;
/** Chosen on the demo pack and MovieLens latest-small with the split of seed 1, which is not the app's. */
const DEFAULTS = { factors: 32, regularization: 3, learningRate: 0.05, iterations: 10 } as const;

const RULES: Readonly<
  Record<keyof LogisticHyperparameters, { readonly min: number; readonly max: number; readonly whole?: true }>
> = {
  factors: { min: 1, max: 512, whole: true },
  alpha: { min: 1e-6, max: 1e6 },
  // Above 0: without unobserved cells as negatives the model learns only that everything is liked.
  unobservedWeight: { min: 1e-6, max: 1e6 },
  intercept: { min: -50, max: 50 },
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
  const { positive, negative, unobserved } = cellsOf(strengths);
  const entries = strengths.data.length;
  const weights = {
    alpha: entries === 0 ? 1 : entries / (positive + negative),
    unobservedWeight: unobserved === 0 ? 1 : Math.min(1, (UNOBSERVED_TO_OBSERVED * entries) / unobserved),
  };
  const { alpha, unobservedWeight } = { ...weights, ...overrides };
  const interest = alpha * positive;
  const rest = alpha * negative + unobservedWeight * unobserved;
  return {
    ...DEFAULTS,
    ...weights,
    intercept: interest > 0 && rest > 0 ? Math.log(interest / rest) : 0,
    ...overrides,
  };
}

/** The objective per observed pair where every factor is 0 and every log-odds the intercept. */
export function blankLoss(
  strengths: CsrMatrix,
  { alpha, unobservedWeight, intercept }: LogisticHyperparameters,
): number {
  const { positive, negative, unobserved } = cellsOf(strengths);
  const interest = alpha * positive * softplus(-intercept);
  const rest = (alpha * negative + unobservedWeight * unobserved) * softplus(intercept);
  return (interest + rest) / Math.max(1, strengths.data.length);
}

/** Sums of |strength| over liked and disliked pairs, and the number of pairs that users with entries leave open. */
function cellsOf(strengths: CsrMatrix): { positive: number; negative: number; unobserved: number } {
  let [positive, negative] = [0, 0];
  for (const strength of strengths.data) {
    if (strength > 0) positive += strength;
    else negative -= strength;
  }
  return {
    positive,
    negative,
    unobserved: rowsWithEntries(strengths) * strengths.columns - strengths.data.length,
  };
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
