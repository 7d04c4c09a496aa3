import { AppError } from '../../errors.ts';
import type { Hyperparameters } from '../../types.ts';
import { confidenceOf } from '../matrix/confidence.ts';
import { rowsWithEntries, type CsrMatrix } from '../matrix/csr.ts';

/** Names of iALS's hyper-parameters, as they stand in snapshots. */
export const IALS_HYPERPARAMETERS = [
  /** Latent dimensions. */
  'factors',
  /** Scale of the confidence (`matrix/confidence`). */
  'alpha',
  /** α0, the weight of every pair, observed or not. */
  'unobservedWeight',
  /** λ. */
  'regularization',
  /** ν: 0 regularizes every row alike, 1 in proportion to its observations. */
  'frequencyScaling',
  /** Standard deviation of the first item factors, times √factors. */
  'initialScale',
  'iterations',
  /** Steps of conjugate gradients a row instead of its solution, where the engine has them; 0: exact. */
  'cgSteps',
] as const;

export type IalsHyperparameters = Readonly<Record<(typeof IALS_HYPERPARAMETERS)[number], number>>;

/*
 * The figures below are NDCG@10 of users cut from train (one split, 8 or 12 iterations), measured with the confidence
 * |s|, one value varied at a time. Differences below about .01 are noise.
 */

/**
 * Up to how many items a dimension is the default. With 32 / 64: Online Retail (3,660 items) .198 / .221, MovieLens
 * latest-small (9,742) .324 / .348.
 */
const FACTORS_BY_ITEMS = [
  { items: 200, factors: 16 },
  { items: 2_000, factors: 32 },
  { items: Number.POSITIVE_INFINITY, factors: 64 },
] as const;

/**
 * Weight of all unobserved pairs together over the weight of the observed ones. Rendle et al. (2021) tuned
 * α0 = .1 on ML-20M, which is 14 in these terms, and .01 is best on Gowalla, which is 15. At 5 / 14 / 40: MovieLens
 * .293 / .327 / .304, Online Retail .186 / .195 / .154, the demo community .350 / .363 / .373.
 */
const UNOBSERVED_TO_OBSERVED = 14;
/**
 * At .003 / .006 / .01 / .03: Online Retail .198 / .200 / .195 / .103, MovieLens .325 / .324 / .327 / .266,
 * the demo community .358 / .363 / .373 / .382.
 */
const REGULARIZATION = 0.01;
const FREQUENCY_SCALING = 1;
const INITIAL_SCALE = 0.1;
/** From the 8th to the 12th the curves (32 factors) of all three move less than .006, up or down. */
const ITERATIONS = 10;
/**
 * Steps of conjugate gradients that rank as exact solves do: the fewest within 1e-3 of NDCG@20 on a part cut from
 * Gowalla's train part (`npm run bench -- --suite quality --validation`, docs/adr/0010).
 * Not the default: of small data an iteration takes milliseconds either way.
 */
export const CG_STEPS = 2;

/**
 * Hyper-parameters for this user–item matrix of strengths: defaults from its shape, then `overrides`.
 * `alpha` makes the mean confidence of an observed pair 1, so that the other defaults mean the same for every
 * shop's mix of events; `unobservedWeight` keeps the ratio of unobserved to observed weight. Throws
 * `hyperparameter-invalid` for an unknown name or a value out of range.
 */
export function ialsHyperparameters(strengths: CsrMatrix, overrides: Hyperparameters): IalsHyperparameters {
  const entries = strengths.data.length;
  const density = entries / Math.max(1, rowsWithEntries(strengths) * strengths.columns);
  const total = strengths.data.reduce((sum, strength) => sum + Math.abs(confidenceOf(strength, 1)), 0);
  const defaults: IalsHyperparameters = {
    factors: defaultFactors(strengths.columns),
    alpha: total === 0 ? 1 : entries / total,
    unobservedWeight: entries === 0 ? 1 : Math.min(1, UNOBSERVED_TO_OBSERVED * density),
    regularization: REGULARIZATION,
    frequencyScaling: FREQUENCY_SCALING,
    initialScale: INITIAL_SCALE,
    iterations: ITERATIONS,
    cgSteps: 0,
  };
  return validated({ ...defaults, ...overrides });
}

/** By the number of items, and never more than there are. */
function defaultFactors(columns: number): number {
  const factors = FACTORS_BY_ITEMS.find(({ items }) => columns <= items)?.factors ?? 0;
  return columns === 0 ? factors : Math.min(factors, columns);
}

/** The hyper-parameters of a saved model. Throws `hyperparameter-invalid` as above, and for a missing one. */
export function savedIalsHyperparameters(saved: Hyperparameters): IalsHyperparameters {
  // models of before there was a choice were solved exactly
  return validated({ cgSteps: 0, ...saved });
}

function validated(values: Hyperparameters): IalsHyperparameters {
  const known = new Set<string>(IALS_HYPERPARAMETERS);
  for (const [name, value] of Object.entries(values)) {
    if (!known.has(name)) throw invalid(name, value, 'is not a hyper-parameter of iALS');
  }
  const whole = (name: keyof IalsHyperparameters, max: number): number => {
    const value = values[name] ?? Number.NaN;
    if (Number.isInteger(value) && value >= 1 && value <= max) return value;
    throw invalid(name, value, `must be a whole number from 1 to ${max}`);
  };
  const number = (name: keyof IalsHyperparameters, min: number, max: number): number => {
    const value = values[name] ?? Number.NaN;
    if (value > min && value <= max) return value;
    throw invalid(name, value, `must be above ${min} and at most ${max}`);
  };
  return {
    factors: whole('factors', 512),
    alpha: number('alpha', 0, 1e6),
    unobservedWeight: number('unobservedWeight', 0, 1e6),
    regularization: number('regularization', 0, 1e6),
    // may be 0
    frequencyScaling: values['frequencyScaling'] === 0 ? 0 : number('frequencyScaling', 0, 2),
    initialScale: number('initialScale', 0, 1e3),
    iterations: whole('iterations', 10_000),
    cgSteps: values['cgSteps'] === 0 ? 0 : whole('cgSteps', 1_000),
  };
}

function invalid(name: string, value: number, rule: string): AppError {
  return new AppError('hyperparameter-invalid', `${name} ${rule}.`, {
    values: { name, value: String(value) },
    remedy: 'Leave it to the default.',
  });
}
