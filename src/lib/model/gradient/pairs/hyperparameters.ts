import type { Hyperparameters } from '../../../types.ts';
import { checkHyperparameters, type HyperparameterRule } from '../../hyperparameters.ts';

/** How a user's and an item's vector make a score; the formulas are in `score.ts`. */
export const PAIR_MODELS = ['logistic', 'ncf'] as const;
export type PairModelKind = (typeof PAIR_MODELS)[number];

/** Hyper-parameters of the models that are trained on labelled pairs; the formulas are in `score.ts`. */
export interface PairHyperparameters {
  /** Latent dimensions. */
  readonly factors: number;
  /** λ, on the user's and the item's vector of every pair: who has more pairs is regularized more. */
  readonly regularization: number;
  /** Adam's step length. */
  readonly learningRate: number;
  /** Pairs of one step. */
  readonly batchSize: number;
  /** Pairs drawn from those that the data leaves open, a pair of label above ½; they count as label 0. */
  readonly negatives: number;
  /** Passes over all pairs. */
  readonly iterations: number;
}

const RULES: Readonly<Record<keyof PairHyperparameters, HyperparameterRule>> = {
  factors: { min: 1, max: 512, whole: true },
  regularization: { min: 0, max: 1e6 },
  learningRate: { min: 1e-9, max: 1e3 },
  // before the batch, whose default rests on it: what is wrong is named by its own name
  negatives: { min: 0, max: 1000, whole: true },
  batchSize: { min: 1, max: 2 ** 17, whole: true },
  iterations: { min: 1, max: 10_000, whole: true },
};

const FACTORS = 32;
/** Values drawn a pair of label above ½ where the data has no pair below it: a model of "always yes" is none. */
const NEGATIVES_WITHOUT_DISLIKES = 4;
/** A step to about a hundred passes' worth of rows: many steps for small data, long ones where there is much. */
const STEPS_A_PASS = 64;
const BATCH_SIZE = { min: 256, max: 8192 } as const;

/**
 * Hyper-parameters for this many pairs, `positive` of them with a label above ½: defaults, then `overrides`. There are
 * 32 factors, or as many as items. The batch is a 64th of the pairs, from 256 to 8,192; negatives are drawn only where the data has none. Throws
 * `hyperparameter-invalid` for an unknown name, a number that is not finite or out of its range.
 */
export function pairHyperparameters(
  counts: { readonly pairs: number; readonly positive: number; readonly items?: number },
  overrides: Hyperparameters,
): PairHyperparameters {
  const negatives = counts.positive === counts.pairs ? NEGATIVES_WITHOUT_DISLIKES : 0;
  const drawn = (overrides['negatives'] ?? negatives) * counts.positive;
  const size = 2 ** Math.round(Math.log2(Math.max(1, (counts.pairs + drawn) / STEPS_A_PASS)));
  return checkHyperparameters('a model of pairs', RULES, {
    factors: Math.max(1, Math.min(FACTORS, counts.items ?? FACTORS)),
    regularization: 0.01,
    learningRate: 0.01,
    batchSize: Math.min(BATCH_SIZE.max, Math.max(BATCH_SIZE.min, size)),
    negatives,
    iterations: 20,
    ...overrides,
  });
}
