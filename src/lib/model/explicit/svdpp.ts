import type { Hyperparameters } from '../../types.ts';
import { checkFactors, checkHyperparameters, type HyperparameterRule } from '../hyperparameters.ts';
import { defaultFactors } from './biased.ts';
import { fitByDescent } from './descent-fit.ts';
import type { FactorModel } from './factor-model.ts';
import type { RatingFitOptions } from './options.ts';
import type { RatingColumns } from './ratings.ts';

export interface SvdppFitOptions extends RatingFitOptions {
  /** A model to go on from: as many factors, no more users and items. Its mean is kept. */
  readonly start?: FactorModel;
}

const RULES = {
  factors: { min: 1, max: 512, whole: true },
  epochs: { min: 1, max: 10_000, whole: true },
  learningRate: { min: 1e-9, max: 10 },
  biasLearningRate: { min: 0, max: 10 },
  regularization: { min: 0, max: 1e3 },
  biasRegularization: { min: 0, max: 1e3 },
  impliedRegularization: { min: 0, max: 1e3 },
  initialScale: { min: 1e-9, max: 10 },
} as const satisfies Record<string, HyperparameterRule>;

const MAX_FACTORS = 64;

/** Chosen as those of `fitBiased`. */
const DEFAULTS = {
  epochs: 40,
  learningRate: 0.03,
  biasLearningRate: 0.02,
  regularization: 0.13,
  biasRegularization: 0.02,
  impliedRegularization: 0.005,
  initialScale: 0.1,
};

/** Hyper-parameters of `fitSvdpp` for this many items: defaults, then `overrides`. Throws `hyperparameter-invalid`. */
export function svdppHyperparameters(
  items: number,
  overrides: Hyperparameters,
): Readonly<Record<keyof typeof RULES, number>> {
  const defaults = { factors: defaultFactors(items, MAX_FACTORS), ...DEFAULTS };
  const chosen = checkHyperparameters('SVD++', RULES, { ...defaults, ...overrides });
  checkFactors(chosen.factors, items);
  return chosen;
}

/**
 * SVD++ (Koren 2008), r̂ = μ + b_u + b_i + (p_u + Σ_{j ∈ N(u)} y_j / √|N(u)|)ᵀ q_i with N(u) the items that the user
 * rated in train, by stochastic gradient descent. The steps of a user's y_j are taken together and are the same as
 * taken one by one (assembly/descend.ts). Rejects as `fitBiased`.
 */
export async function fitSvdpp(
  ratings: RatingColumns,
  hyperparameters: Hyperparameters,
  options: SvdppFitOptions,
): Promise<FactorModel> {
  const chosen = svdppHyperparameters(ratings.items, hyperparameters);
  const { learningRate, biasLearningRate, ...rest } = chosen;
  return fitByDescent(
    ratings,
    { ...rest, rate: learningRate, biasRate: biasLearningRate, implied: true },
    options,
  );
}
