import type { Hyperparameters } from '../../types.ts';
import { checkFactors, checkHyperparameters, type HyperparameterRule } from '../hyperparameters.ts';
import { fitByAlternation } from './alternation-fit.ts';
import { fitByDescent } from './descent-fit.ts';
import type { FactorModel } from './factor-model.ts';
import type { RatingFitOptions } from './options.ts';
import type { RatingColumns } from './ratings.ts';

/** `sgd`: stochastic gradient descent. `als`: each row's exact ridge solution in turn. */
export type BiasedSolver = 'sgd' | 'als';

export interface BiasedFitOptions extends RatingFitOptions {
  /** Default: `sgd`. */
  readonly solver?: BiasedSolver;
  /** A model to go on from: as many factors, no more users and items. Its mean is kept. */
  readonly start?: FactorModel;
}

const MODEL = 'biased factorization';

const SGD_RULES = {
  factors: { min: 1, max: 512, whole: true },
  epochs: { min: 1, max: 10_000, whole: true },
  learningRate: { min: 1e-9, max: 10 },
  biasLearningRate: { min: 0, max: 10 },
  regularization: { min: 0, max: 1e3 },
  biasRegularization: { min: 0, max: 1e3 },
  initialScale: { min: 1e-9, max: 10 },
} as const satisfies Record<string, HyperparameterRule>;

const ALS_RULES = {
  factors: { min: 1, max: 512, whole: true },
  iterations: { min: 1, max: 10_000, whole: true },
  // above 0: a row of fewer ratings than factors has no unique solution without
  regularization: { min: 1e-9, max: 1e6 },
  biasRegularization: { min: 1e-9, max: 1e6 },
  frequencyScaling: { min: 0, max: 2 },
  initialScale: { min: 1e-9, max: 10 },
} as const satisfies Record<string, HyperparameterRule>;

/** Factors at most, and no more than a quarter of the items, so that they can be told apart. */
const MAX_FACTORS = 64;

/** Chosen on a tenth of MovieLens 100K's u1.base, cut off at random (seed 1): docs/models/explicit.md. */
const SGD_DEFAULTS = {
  epochs: 10,
  learningRate: 0.12,
  biasLearningRate: 0.02,
  regularization: 0.11,
  biasRegularization: 0.02,
  initialScale: 0.1,
};
const ALS_DEFAULTS = {
  iterations: 10,
  regularization: 0.14,
  biasRegularization: 0.02,
  frequencyScaling: 1,
  initialScale: 0.1,
};

/** As many factors as the data's shape lets one learn, at most `most`. */
export function defaultFactors(items: number, most: number): number {
  return Math.max(1, Math.min(most, Math.floor(items / 4)));
}

/**
 * Hyper-parameters of `fitBiased` by that solver for this many items: defaults, then `overrides`. Throws
 * `hyperparameter-invalid`.
 */
export function biasedHyperparameters(
  solver: BiasedSolver,
  items: number,
  overrides: Hyperparameters,
): Hyperparameters {
  return solver === 'als' ? alsHyperparameters(items, overrides) : sgdHyperparameters(items, overrides);
}

function alsHyperparameters(
  items: number,
  overrides: Hyperparameters,
): Readonly<Record<keyof typeof ALS_RULES, number>> {
  const defaults = { factors: defaultFactors(items, MAX_FACTORS), ...ALS_DEFAULTS };
  const chosen = checkHyperparameters(MODEL, ALS_RULES, { ...defaults, ...overrides });
  checkFactors(chosen.factors, items);
  return chosen;
}

function sgdHyperparameters(
  items: number,
  overrides: Hyperparameters,
): Readonly<Record<keyof typeof SGD_RULES, number>> {
  const defaults = { factors: defaultFactors(items, MAX_FACTORS), ...SGD_DEFAULTS };
  const chosen = checkHyperparameters(MODEL, SGD_RULES, { ...defaults, ...overrides });
  checkFactors(chosen.factors, items);
  return chosen;
}

/**
 * Factorization with biases, r̂ = μ + b_u + b_i + p_uᵀq_i (Koren, Bell, Volinsky 2009), the minimum of
 *
 *     Σ (r − r̂)² + λ n_uᵛ ‖p_u‖² + λ n_iᵛ ‖q_i‖² + λ_b (n_uᵛ b_u² + n_iᵛ b_i²)
 *
 * over both sides' rows of n ratings; ν = 1 with `sgd`, and by default with `als` (Zhou et al. 2008, "ALS-WR").
 * Rejects with `hyperparameter-invalid`, `input-invalid`, `not-enough-data`, `training-diverged` and `cancelled`.
 */
export async function fitBiased(
  ratings: RatingColumns,
  hyperparameters: Hyperparameters,
  options: BiasedFitOptions,
): Promise<FactorModel> {
  const { items } = ratings;
  if (options.solver === 'als') {
    return fitByAlternation(ratings, alsHyperparameters(items, hyperparameters), options);
  }
  const chosen = sgdHyperparameters(items, hyperparameters);
  const { learningRate, biasLearningRate, ...rest } = chosen;
  const plan = {
    ...rest,
    rate: learningRate,
    biasRate: biasLearningRate,
    impliedRegularization: 0,
    implied: false,
  };
  return fitByDescent(ratings, plan, options);
}
