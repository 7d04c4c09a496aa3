import { AppError } from '../../errors.ts';
import type { Hyperparameters, ItemIndex } from '../../types.ts';
import { sigmoid, signedCellWeight, softplus } from '../gradient/objective.ts';
import { Cholesky } from '../linear/cholesky.ts';
import { addToDiagonal, addWeightedRows, dotAt, rowOf, weightedGram } from '../linear/dense.ts';
import type { FoldIn } from './fold-in.ts';
import type { FactorMatrix } from './item-factors.ts';
import { scoreAll } from './scoring.ts';

/** Newton converges quadratically here; this many steps are never needed. */
const MAX_STEPS = 100;
/** Squared Newton decrement below which one more full step is the last: its error is of the order of this. */
const LAST_STEP = 1e-10;

/** A vector with what the objective is at it. */
interface Point {
  readonly vector: Float64Array;
  /** One entry an item. */
  readonly scores: Float64Array;
  readonly value: number;
}

/**
 * Exact fold-in for the logistic factorization: θ minimises, over all items with their factors α fixed,
 *
 *   f(θ) = Σ_i w_i log(1 + exp(−t_i α_iᵀθ)) + λ/2 ‖θ‖²      (`gradient/objective`)
 *
 * by Newton's method with step halving (IRLS; strictly convex, so the minimum is one point), from the vector of a
 * visitor without events. There θ = (1/λ) Σ_i g_i α_i with g_i = w_i t_i σ(−t_i α_iᵀθ) (the representer theorem,
 * Schölkopf et al. 2001), so a score α_iᵀθ, a log-odds, is the sum of the visitor's own items' terms and one term
 * of all untouched items. Throws `hyperparameter-invalid` where the snapshot lacks a hyper-parameter or has one
 * not above 0.
 */
export function logisticFoldIn(items: FactorMatrix, hyperparameters: Hyperparameters): FoldIn {
  const weights = {
    alpha: aboveZero(hyperparameters, 'alpha'),
    unobservedWeight: aboveZero(hyperparameters, 'unobservedWeight'),
  };
  const regularization = aboveZero(hyperparameters, 'regularization');
  const { factors, data } = items;
  const untouched = new Float64Array(items.items).fill(signedCellWeight(0, weights));
  const nobody = minimise(items, untouched, regularization, new Float64Array(factors));

  return {
    fold(row) {
      /** t_i w_i of every item. */
      const cells = Float64Array.from(untouched);
      row.item.forEach((item, at) => (cells[item] = signedCellWeight(row.strength[at] ?? 0, weights)));
      const vector = minimise(items, cells, regularization, nobody);
      const scores = scoreAll(items, vector);
      /** g_i / λ */
      const pull = scores.map((score, item) => pullOf(cells[item] ?? 0, score) / regularization);
      const own = Float64Array.from(row.item, (item) => pull[item] ?? 0);
      for (const item of row.item) pull[item] = 0;
      /** The part of θ that untouched items make. */
      const background = new Float64Array(factors);
      addWeightedRows(data, pull, background);
      return {
        basis: 'factors',
        // A log-odds below 0 can still be the best there is.
        threshold: -Infinity,
        vector,
        scores,
        contributions(item: ItemIndex) {
          const alpha = rowOf(data, item, factors);
          const history = Float64Array.from(
            row.item,
            (other, at) => (own[at] ?? 0) * dotAt(alpha, data, other * factors),
          );
          return { history, rest: { type: 'background', contribution: dotAt(alpha, background, 0) } };
        },
      };
    },
  };
}

function minimise(
  items: FactorMatrix,
  cells: Float64Array,
  regularization: number,
  start: Float64Array,
): Float64Array {
  const { factors, data } = items;
  const at = (vector: Float64Array): Point => {
    const scores = scoreAll(items, vector);
    return { vector, scores, value: objective(cells, scores, vector, regularization) };
  };
  let point = at(start);
  for (let step = 0; step < MAX_STEPS; step++) {
    const { vector, scores } = point;
    // −∇f = Σ g_i α_i − λθ,  ∇²f = λI + Σ w_i σ(x_i) σ(−x_i) α_i α_iᵀ
    const descent = vector.map((entry) => -regularization * entry);
    addWeightedRows(
      data,
      scores.map((score, item) => pullOf(cells[item] ?? 0, score)),
      descent,
    );
    const curvature = scores.map(
      (score, item) => Math.abs(cells[item] ?? 0) * sigmoid(score) * sigmoid(-score),
    );
    const hessian = weightedGram(data, factors, curvature);
    addToDiagonal(hessian, factors, regularization);
    const direction = new Cholesky(hessian, factors).solve(descent);
    if (dotAt(descent, direction, 0) < LAST_STEP) return along(vector, direction, 1);
    const next = halvedStep(point, direction, at);
    if (next === null) return vector; // no step makes it smaller any more: the limit of Float64
    point = next;
  }
  return point.vector;
}

/** The first of the steps 1, ½, ¼, … that makes the objective smaller. */
function halvedStep(
  point: Point,
  direction: Float64Array,
  at: (vector: Float64Array) => Point,
): Point | null {
  for (let stepSize = 1; stepSize > 1e-6; stepSize /= 2) {
    const next = at(along(point.vector, direction, stepSize));
    if (next.value < point.value) return next;
  }
  return null;
}

function along(vector: Float64Array, direction: Float64Array, stepSize: number): Float64Array {
  return vector.map((entry, m) => entry + stepSize * (direction[m] ?? 0));
}

/** g_i = w_i t_i σ(−t_i x_i), from t_i w_i and x_i. */
function pullOf(cell: number, score: number): number {
  return cell * sigmoid(-Math.sign(cell) * score);
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

function aboveZero(hyperparameters: Hyperparameters, name: string): number {
  const value = hyperparameters[name] ?? NaN;
  if (value > 0 && Number.isFinite(value)) return value;
  throw new AppError('hyperparameter-invalid', `The trained model's ${name} must be a number above 0.`, {
    values: { name, value: String(value) },
    remedy: 'Train the model again.',
  });
}
