import type { Hyperparameters } from '../../types.ts';
import { checkFactors, checkHyperparameters, type HyperparameterRule } from '../hyperparameters.ts';
import type { CsrMatrix } from '../matrix/csr.ts';

/** What both contrastive models have. */
interface StepHyperparameters {
  /** Latent dimensions, at most the number of items. */
  readonly factors: number;
  /** Passes over all users. */
  readonly epochs: number;
  /** Users of a step; each comes with all their items. */
  readonly batchUsers: number;
  /** Adam's step length of users and of items at the start; it falls to 0 as (1 − progress)². */
  readonly userLearningRate: number;
  readonly itemLearningRate: number;
}

/** Hyper-parameters of MF with the cosine contrastive loss; the formula is in `objective.ts`. */
export interface CclHyperparameters extends StepHyperparameters {
  /** m: a negative below this cosine costs nothing. */
  readonly margin: number;
  /** μ, the weight of the negatives. */
  readonly negativeWeight: number;
  /** Items drawn for a step, from all alike; all users of the step share them. */
  readonly negatives: number;
}

/** Hyper-parameters of BPR; the formula is in `objective.ts`. */
export interface BprHyperparameters extends StepHyperparameters {
  /** λ. */
  readonly regularization: number;
  /**
   * Items drawn for a pair's negative, of which the one of highest score is taken: 1 is uniform sampling (Rendle et
   * al. 2009), more is dynamic sampling (Zhang et al. 2013), whose gradients do not vanish.
   */
  readonly candidates: number;
  /** β: an item is drawn in proportion to its number of users to the power of β. 0 draws all alike. */
  readonly popularityExponent: number;
}

const STEP_RULES: Readonly<Record<keyof StepHyperparameters, HyperparameterRule>> = {
  factors: { min: 1, max: 512, whole: true },
  epochs: { min: 1, max: 10_000, whole: true },
  batchUsers: { min: 1, max: 65_536, whole: true },
  userLearningRate: { min: 1e-9, max: 10 },
  itemLearningRate: { min: 1e-9, max: 10 },
};
const CCL_RULES: Readonly<Record<keyof CclHyperparameters, HyperparameterRule>> = {
  ...STEP_RULES,
  margin: { min: -1, max: 1 },
  negativeWeight: { min: 1e-6, max: 1e6 },
  negatives: { min: 1, max: 1_048_576, whole: true },
};
const BPR_RULES: Readonly<Record<keyof BprHyperparameters, HyperparameterRule>> = {
  ...STEP_RULES,
  regularization: { min: 0, max: 1e6 },
  candidates: { min: 1, max: 1024, whole: true },
  popularityExponent: { min: 0, max: 2 },
};

/** As iALS: up to how many items a dimension is the default. */
const FACTORS_BY_ITEMS = [
  { items: 200, factors: 16 },
  { items: 2_000, factors: 32 },
  { items: Number.POSITIVE_INFINITY, factors: 64 },
] as const;
/** A pass has at least this many steps where there are as many users: else items would move too seldom. */
const STEPS_PER_EPOCH = 32;

const CCL_DEFAULTS = {
  epochs: 60,
  margin: 0.7,
  negativeWeight: 150,
  userLearningRate: 0.2,
  itemLearningRate: 0.02,
} as const;
const CCL_NEGATIVES = 8_192;
const CCL_MAX_BATCH = 128;

/** Gowalla, a tenth of train, 15 epochs: Recall@20 .133 with 1 candidate, .153 with 8; .127 with 1 and λ .05. */
const BPR_DEFAULTS = {
  epochs: 60,
  regularization: 0.01,
  candidates: 8,
  popularityExponent: 0,
  userLearningRate: 0.05,
  itemLearningRate: 0.05,
} as const;
const BPR_MAX_BATCH = 128;

/**
 * Hyper-parameters of CCL for these interactions: defaults from their shape, then `overrides`. Throws
 * `hyperparameter-invalid` for an unknown name, a value out of its range, and more factors than items.
 */
export function cclHyperparameters(train: CsrMatrix, overrides: Hyperparameters): CclHyperparameters {
  const defaults: CclHyperparameters = {
    ...CCL_DEFAULTS,
    factors: defaultFactors(train),
    batchUsers: defaultBatch(train, CCL_MAX_BATCH),
    negatives: Math.max(1, Math.min(train.columns, CCL_NEGATIVES)),
  };
  return checked('CCL', CCL_RULES, train, { ...defaults, ...overrides });
}

/** As cclHyperparameters, of BPR. */
export function bprHyperparameters(train: CsrMatrix, overrides: Hyperparameters): BprHyperparameters {
  const defaults: BprHyperparameters = {
    ...BPR_DEFAULTS,
    factors: defaultFactors(train),
    batchUsers: defaultBatch(train, BPR_MAX_BATCH),
  };
  return checked('BPR', BPR_RULES, train, { ...defaults, ...overrides });
}

function defaultFactors({ columns }: CsrMatrix): number {
  const factors = FACTORS_BY_ITEMS.find(({ items }) => columns <= items)?.factors ?? 1;
  return Math.max(1, Math.min(factors, columns));
}

function defaultBatch({ rows }: CsrMatrix, most: number): number {
  return Math.max(1, Math.min(most, Math.floor(rows / STEPS_PER_EPOCH)));
}

function checked<Name extends string>(
  model: string,
  rules: Readonly<Record<Name, HyperparameterRule>>,
  { columns }: CsrMatrix,
  values: Hyperparameters,
): Readonly<Record<Name, number>> {
  const chosen = checkHyperparameters(model, rules, values);
  if (columns > 0) checkFactors(values['factors'], columns);
  return chosen;
}
