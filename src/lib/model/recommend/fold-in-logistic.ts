import { AppError } from '../../errors.ts';
import type { Hyperparameters, ItemIndex } from '../../types.ts';
import { sigmoid, signedCellWeight, softplus } from '../gradient/objective.ts';
import { Cholesky } from '../linear/cholesky.ts';
import { addOuter, addToDiagonal, dotAt, rowOf } from '../linear/dense.ts';
import type { FoldIn } from './fold-in.ts';
import type { FactorMatrix } from './item-factors.ts';
import { scoreAll } from './scoring.ts';

/** Newton converges quadratically here; this many steps are never needed. */
const MAX_STEPS = 100;
/** Squared Newton decrement below which one more full step is the last: its error is of the order of this. */
const LAST_STEP = 1e-10;

/**
 * Exact fold-in for the logistic factorization: θ minimises, over all items with their factors α fixed,
 *
 *   f(θ) = Σ_i w_i log(1 + exp(−t_i α_iᵀθ)) + λ/2 ‖θ‖²      (`gradient/objective`)
 *
 * by Newton's method with step halving (IRLS; strictly convex, so the minimum is one point). There
 * θ = (1/λ) Σ_i g_i α_i with g_i = w_i t_i σ(−t_i α_iᵀθ) (the representer theorem, Schölkopf et al. 2001), so a
 * score α_iᵀθ, a log-odds, is the sum of the visitor's own items' terms and one term of all untouched items.
 * Throws `hyperparameter-invalid` where the snapshot lacks a hyper-parameter or has one not above 0.
 */
export function logisticFoldIn(items: FactorMatrix, hyperparameters: Hyperparameters): FoldIn {
  const weights = {
    alpha: aboveZero(hyperparameters, 'alpha'),
    unobservedWeight: aboveZero(hyperparameters, 'unobservedWeight'),
  };
  const regularization = aboveZero(hyperparameters, 'regularization');
  const { factors, data } = items;

  return {
    fold(row) {
      /** t_i w_i of every item. */
      const cells = new Float64Array(items.items).fill(signedCellWeight(0, weights));
      row.item.forEach((item, at) => (cells[item] = signedCellWeight(row.strength[at] ?? 0, weights)));

      const vector = minimise(items, cells, regularization);
      const scores = scoreAll(items, vector);
      const pull = scores.map((score, item) => pullOf(cells[item] ?? 0, score) / regularization);
      return {
        basis: 'factors',
        // A log-odds below 0 can still be the best there is.
        threshold: -Infinity,
        vector,
        scores,
        contributions(item: ItemIndex) {
          const own = rowOf(data, item, factors);
          const term = (other: number): number => (pull[other] ?? 0) * dotAt(own, data, other * factors);
          const history = Float64Array.from(row.item, term);
          const mine = new Set<number>(row.item);
          let background = 0;
          for (let other = 0; other < items.items; other++) {
            if (!mine.has(other)) background += term(other);
          }
          return { history, rest: { type: 'background', contribution: background } };
        },
      };
    },
  };
}

function aboveZero(hyperparameters: Hyperparameters, name: string): number {
  const value = hyperparameters[name] ?? NaN;
  if (value > 0 && Number.isFinite(value)) return value;
  throw new AppError('hyperparameter-invalid', `The trained model's ${name} must be a number above 0.`, {
    values: { name, value: String(value) },
    remedy: 'Train the model again.',
  });
}

/** g_i = w_i t_i σ(−t_i x_i), from t_i w_i and x_i. */
function pullOf(cell: number, score: number): number {
  return cell * sigmoid(-Math.sign(cell) * score);
}

function minimise(items: FactorMatrix, cells: Float64Array, regularization: number): Float64Array {
  const { factors, data } = items;
  let vector: Float64Array = new Float64Array(factors);
  let scores = scoreAll(items, vector);
  let value = objective(cells, scores, vector, regularization);
  for (let step = 0; step < MAX_STEPS; step++) {
    // ∇f = λθ − Σ g_i α_i,  ∇²f = λI + Σ w_i σ(x_i) σ(−x_i) α_i α_iᵀ
    const descent = vector.map((entry) => -regularization * entry);
    const hessian = new Float64Array(factors * factors);
    for (let item = 0; item < items.items; item++) {
      const score = scores[item] ?? 0;
      const alpha = rowOf(data, item, factors);
      const pull = pullOf(cells[item] ?? 0, score);
      for (let m = 0; m < factors; m++) descent[m] = (descent[m] ?? 0) + pull * (alpha[m] ?? 0);
      addOuter(hessian, alpha, Math.abs(cells[item] ?? 0) * sigmoid(score) * sigmoid(-score));
    }
    addToDiagonal(hessian, factors, regularization);
    const direction = new Cholesky(hessian, factors).solve(descent);
    if (dotAt(descent, direction, 0) < LAST_STEP) {
      return vector.map((entry, m) => entry + (direction[m] ?? 0));
    }
    const next = lineSearch(direction);
    if (next === null) break; // no step makes it smaller any more: the limit of Float64
    ({ vector, scores, value } = next);
  }
  return vector;

  function lineSearch(
    direction: Float64Array,
  ): { vector: Float64Array; scores: Float64Array; value: number } | null {
    for (let stepSize = 1; stepSize > 1e-6; stepSize /= 2) {
      const candidate = vector.map((entry, m) => entry + stepSize * (direction[m] ?? 0));
      const candidateScores = scoreAll(items, candidate);
      const candidateValue = objective(cells, candidateScores, candidate, regularization);
      if (candidateValue < value) {
        return { vector: candidate, scores: candidateScores, value: candidateValue };
      }
    }
    return null;
  }
}

function objective(
  cells: Float64Array,
  scores: Float64Array,
  vector: Float64Array,
  regularization: number,
): number {
  let sum = (regularization / 2) * dotAt(vector, vector, 0);
  cells.forEach((cell, item) => (sum += Math.abs(cell) * softplus(-Math.sign(cell) * (scores[item] ?? 0))));
  return sum;
}
