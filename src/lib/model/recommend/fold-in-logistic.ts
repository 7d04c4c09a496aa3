import { AppError } from '../../errors.ts';
import type { Hyperparameters, ItemIndex } from '../../types.ts';
import { sigmoid, signedCellWeight, softplus } from '../gradient/objective.ts';
import { Cholesky } from '../linear/cholesky.ts';
import { addOuter, addToDiagonal, addWeightedRows, dotAt, rowOf, weightedGram } from '../linear/dense.ts';
import type { VisitorRow } from '../matrix/visitor-row.ts';
import type { FoldedVisitor, FoldIn } from './fold-in.ts';
import type { FactorMatrix } from './item-factors.ts';
import { knownScores } from './item-scores.ts';
import { scoreAll } from './scoring.ts';

/** A dozen steps are common; more than this many are never needed. */
const MAX_STEPS = 200;
/** Squared Newton decrement from which full steps are safe, and too small for the objective to show their gain. */
const FULL_STEPS = 1e-8;
/** Squared Newton decrement at which the vector is the minimum to about 1e-8. */
const CONVERGED = 1e-16;
/** A Hessian is kept while a step with it makes the squared decrement this much smaller. */
const KEEP_HESSIAN = 1 / 16;

/** A vector with what the objective is at it. */
interface Point {
  readonly vector: Float64Array;
  /** One entry an item. */
  readonly scores: Float64Array;
  readonly value: number;
}

/** λ and b of the objective. */
interface Terms {
  readonly regularization: number;
  readonly intercept: number;
}

/** Where to begin: a vector, and the factored Hessian there. */
interface Start {
  readonly vector: Float64Array;
  readonly hessian: Cholesky;
}

/**
 * Exact fold-in for the logistic factorization: θ minimises, over all items with their factors α fixed,
 *
 *   f(θ) = Σ_i w_i log(1 + exp(−t_i x_i)) + λ/2 ‖θ‖²,  x_i = α_iᵀθ + b      (`gradient/objective`)
 *
 * by Newton's method with step halving (strictly convex, so the minimum is one point), from the vector of a visitor
 * without events. The Hessian, by far the dearest part, is kept for as long as it serves (Shamanskii 1967). There
 * θ = (1/λ) Σ_i g_i α_i with g_i = w_i t_i σ(−t_i x_i) (the representer theorem, Schölkopf et al. 2001), so a score
 * α_iᵀθ, the log-odds above those of a pair nothing is known of, is the sum of the visitor's own items' terms and
 * one term of all untouched items. Throws `hyperparameter-invalid` where the snapshot lacks a hyper-parameter or
 * has an impossible one.
 */
export function logisticFoldIn(items: FactorMatrix, hyperparameters: Hyperparameters): FoldIn {
  const weights = {
    alpha: aboveZero(hyperparameters, 'alpha'),
    unobservedWeight: aboveZero(hyperparameters, 'unobservedWeight'),
  };
  const terms = {
    regularization: aboveZero(hyperparameters, 'regularization'),
    intercept: finite(hyperparameters, 'intercept'),
  };
  const { factors, data } = items;
  const untouched = new Float64Array(items.items).fill(signedCellWeight(0, weights));
  const origin = new Float64Array(factors);
  const nobody = minimise(items, untouched, terms, {
    vector: origin,
    hessian: new Cholesky(hessianAt(items, untouched, scoreAll(items, origin), terms), factors),
  });
  const nobodyScores = scoreAll(items, nobody);
  const nobodyHessian = hessianAt(items, untouched, nobodyScores, terms);

  const foldFrom = (row: VisitorRow, from: Float64Array): FoldedVisitor => {
    /** t_i w_i of every item. */
    const cells = Float64Array.from(untouched);
    row.item.forEach((item, at) => (cells[item] = signedCellWeight(row.strength[at] ?? 0, weights)));
    // Nobody's Hessian is the visitor's own there, but for the items they touched.
    const hessian = Float64Array.from(nobodyHessian);
    for (const item of row.item) {
      const logit = (nobodyScores[item] ?? 0) + terms.intercept;
      const change = curvature(cells[item] ?? 0, logit) - curvature(untouched[item] ?? 0, logit);
      addOuter(hessian, rowOf(data, item, factors), change);
    }
    const start = { vector: from, hessian: new Cholesky(hessian, factors) };
    const vector = minimise(items, cells, terms, start);
    const scores = scoreAll(items, vector);
    /** The terms of the visitor's own items, and the part of θ that untouched ones make: where somebody asks why. */
    const termsOf = once(() => {
      /** g_i / λ */
      const pull = scores.map(
        (score, item) => pullOf(cells[item] ?? 0, score + terms.intercept) / terms.regularization,
      );
      const own = Float64Array.from(row.item, (item) => pull[item] ?? 0);
      for (const item of row.item) pull[item] = 0;
      const background = new Float64Array(factors);
      addWeightedRows(data, pull, background);
      return { own, background };
    });
    return {
      basis: 'factors',
      // Log-odds below the average can still be the best there are.
      threshold: -Infinity,
      vector,
      scores: knownScores(scores),
      contributions(item: ItemIndex) {
        const { own, background } = termsOf();
        const alpha = rowOf(data, item, factors);
        const history = Float64Array.from(
          row.item,
          (other, at) => (own[at] ?? 0) * dotAt(alpha, data, other * factors),
        );
        return { history, rest: { type: 'background', contribution: dotAt(alpha, background, 0) } };
      },
    };
  };

  return {
    fold: (row) => foldFrom(row, nobody),
    sequence() {
      // strictly convex: wherever it begins, it ends at the one minimum
      let last = nobody;
      return (row) => {
        const folded = foldFrom(row, last);
        last = folded.vector;
        return folded;
      };
    },
  };
}

/** Computes a value when it is first asked for. */
function once<Value>(compute: () => Value): () => Value {
  let value: { readonly known: Value } | null = null;
  return () => (value ??= { known: compute() }).known;
}

function minimise(items: FactorMatrix, cells: Float64Array, terms: Terms, start: Start): Float64Array {
  const { factors, data } = items;
  const at = (vector: Float64Array): Point => {
    const scores = scoreAll(items, vector);
    return { vector, scores, value: objective(cells, scores, vector, terms) };
  };
  let point = at(start.vector);
  let hessian = start.hessian;
  let before = Infinity;
  for (let step = 0; step < MAX_STEPS; step++) {
    // −∇f = Σ g_i α_i − λθ
    const descent = point.vector.map((entry) => -terms.regularization * entry);
    const pull = point.scores.map((score, item) => pullOf(cells[item] ?? 0, score + terms.intercept));
    addWeightedRows(data, pull, descent);
    let direction = hessian.solve(descent);
    let decrement = dotAt(descent, direction, 0);
    if (decrement > FULL_STEPS && decrement > KEEP_HESSIAN * before) {
      hessian = new Cholesky(hessianAt(items, cells, point.scores, terms), factors);
      direction = hessian.solve(descent);
      decrement = dotAt(descent, direction, 0);
    }
    if (decrement <= CONVERGED) return along(point.vector, direction, 1);
    // Where nothing gets smaller any more, that is the limit of Float64.
    if (decrement <= FULL_STEPS && decrement >= before) return point.vector;
    const next =
      decrement <= FULL_STEPS ? at(along(point.vector, direction, 1)) : halvedStep(point, direction, at);
    if (next === null) return point.vector;
    point = next;
    before = decrement;
  }
  return point.vector;
}

/** Lower triangle of ∇²f = λI + Σ w_i σ(x_i) σ(−x_i) α_i α_iᵀ. */
function hessianAt(
  { factors, data }: FactorMatrix,
  cells: Float64Array,
  scores: Float64Array,
  { regularization, intercept }: Terms,
): Float64Array {
  const weights = scores.map((score, item) => curvature(cells[item] ?? 0, score + intercept));
  const hessian = weightedGram(data, factors, weights);
  addToDiagonal(hessian, factors, regularization);
  return hessian;
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
function pullOf(cell: number, logit: number): number {
  return cell * sigmoid(-Math.sign(cell) * logit);
}

/** w_i σ(x_i) σ(−x_i), from t_i w_i and x_i. */
function curvature(cell: number, logit: number): number {
  return Math.abs(cell) * sigmoid(logit) * sigmoid(-logit);
}

function objective(
  cells: Float64Array,
  scores: Float64Array,
  vector: Float64Array,
  { regularization, intercept }: Terms,
): number {
  let sum = (regularization / 2) * dotAt(vector, vector, 0);
  cells.forEach((cell, item) => {
    sum += Math.abs(cell) * softplus(-Math.sign(cell) * ((scores[item] ?? 0) + intercept));
  });
  return sum;
}

function aboveZero(hyperparameters: Hyperparameters, name: string): number {
  const value = finite(hyperparameters, name);
  if (value > 0) return value;
  throw invalid(name, value, 'a number above 0');
}

function finite(hyperparameters: Hyperparameters, name: string): number {
  const value = hyperparameters[name] ?? NaN;
  if (Number.isFinite(value)) return value;
  throw invalid(name, value, 'a finite number');
}

function invalid(name: string, value: number, rule: string): AppError {
  return new AppError('hyperparameter-invalid', `The trained model's ${name} must be ${rule}.`, {
    values: { name, value: String(value) },
    remedy: 'Train the model again.',
  });
}
