import { AppError } from '../../errors.ts';
import type { Hyperparameters } from '../../types.ts';
import { runInSlices } from '../backends/slices.ts';
import { sigmoid, softplus } from '../gradient/objective.ts';
import { resolveHyperparameters } from '../hyperparameters.ts';
import { minimiseInSteps } from '../linear/minimise.ts';
import {
  addRow,
  checkColumns,
  checkExamples,
  columnScales,
  rowDot,
  type Examples,
  type Features,
} from './features.ts';

/** As plain values, to be saved. */
export interface LogisticRegressionState {
  /** One a column, of features as they come (the scale is taken in). */
  readonly weights: Float64Array<ArrayBuffer>;
  readonly intercept: number;
  readonly regularization: number;
  /** False where `maxIterations` ended the search: train on, or accept what there is. */
  readonly converged: boolean;
  readonly iterations: number;
}

export interface FitLogisticRegressionOptions {
  /** Begins there instead of at 0: the minimum is the same, nearer by. */
  readonly resume?: LogisticRegressionState;
  /**
   * What each column is multiplied by, instead of 1 / its root mean square: with λ the same for all, a column of a
   * greater factor is trusted more. `columns` entries, each finite; a column of 0 gets the weight 0.
   */
  readonly scales?: Float64Array;
  readonly signal?: AbortSignal;
  /** Before each iteration, with the objective an example. */
  readonly onProgress?: (progress: { readonly iteration: number; readonly loss: number }) => void;
}

export const LOGISTIC_REGRESSION_RULES = {
  /** λ, on weights of columns of root mean square 1; not on the intercept. Above 0: the minimum exists and is one. */
  regularization: { default: 1, min: 1e-9, max: 1e9 },
  maxIterations: { default: 1000, min: 1, max: 100_000, whole: true },
} as const;

/** The gradient's largest entry, an example, at which the search has arrived. */
const TOLERANCE = 1e-8;

/**
 * Logistic regression with an L2 penalty (Hosmer & Lemeshow; Nocedal & Wright for the minimiser): P(y = 1) = σ(wᵀz + b),
 *
 *   L = Σ_r softplus(x_r) − y_r x_r  +  λ/2 ‖w‖²,   z a row of features, each column divided by its root mean square
 *
 * by L-BFGS to a gradient of 1e-8 an example: exact, since L is strictly convex in w, and without chance. Throws
 * `input-invalid`, `not-enough-data`, `hyperparameter-invalid`, `cancelled`.
 */
export async function fitLogisticRegression(
  examples: Examples,
  overrides: Hyperparameters = {},
  { resume, scales: given, signal, onProgress }: FitLogisticRegressionOptions = {},
): Promise<LogisticRegression> {
  checkExamples(examples);
  const { regularization, maxIterations } = resolveHyperparameters(
    'a logistic regression',
    LOGISTIC_REGRESSION_RULES,
    overrides,
  );
  const { features, labels } = examples;
  const { rows, columns } = features;
  const scales = given ?? columnScales(features);
  checkScales(scales, columns);
  const start = new Float64Array(columns + 1);
  if (resume !== undefined) {
    if (resume.weights.length !== columns) throw otherShape(resume.weights.length, columns);
    resume.weights.forEach((weight, column) => {
      const scale = scales[column] ?? 1;
      start[column] = scale === 0 ? 0 : weight / scale;
    });
    start[columns] = resume.intercept;
  }
  let iteration = 0;
  /** Of features as they come: the scale taken into the weights. */
  const weights = new Float64Array(columns);
  const raw = new Float64Array(columns);
  const steps = minimiseInSteps(
    (point, gradient) => {
      raw.fill(0);
      let [loss, pulls] = [0, 0];
      weights.forEach((_, column) => (weights[column] = (point[column] ?? 0) * (scales[column] ?? 1)));
      for (let row = 0; row < rows; row++) {
        const x = (point[columns] ?? 0) + rowDot(features, row, weights);
        const label = labels[row] ?? 0;
        loss += softplus(x) - label * x;
        const pull = sigmoid(x) - label;
        addRow(features, row, pull, raw);
        pulls += pull;
      }
      for (let column = 0; column < columns; column++) {
        const weight = point[column] ?? 0;
        loss += (regularization / 2) * weight * weight;
        gradient[column] = ((raw[column] ?? 0) * (scales[column] ?? 1) + regularization * weight) / rows;
      }
      gradient[columns] = pulls / rows;
      return loss / rows;
    },
    start,
    {
      tolerance: TOLERANCE,
      maxIterations,
      onIteration: (loss) => onProgress?.({ iteration: iteration++, loss }),
    },
  );
  const minimum = await runInSlices(steps, signal, 1);
  return LogisticRegression.fromState({
    weights: minimum.point.slice(0, columns).map((weight, column) => weight * (scales[column] ?? 1)),
    intercept: minimum.point[columns] ?? 0,
    regularization,
    converged: minimum.converged,
    iterations: minimum.iterations,
  });
}

/** A trained logistic regression. */
export class LogisticRegression {
  readonly #state: LogisticRegressionState;

  private constructor(state: LogisticRegressionState) {
    this.#state = state;
  }

  /** The arrays are kept, not copied. Throws `input-invalid` for weights that are not finite. */
  static fromState(state: LogisticRegressionState): LogisticRegression {
    if ([...state.weights, state.intercept].every(Number.isFinite)) return new LogisticRegression(state);
    throw new AppError('input-invalid', 'A logistic regression with weights that are not finite.');
  }

  toState(): LogisticRegressionState {
    return this.#state;
  }

  /** P(y = 1) of each row. Throws `input-invalid` for features of another number of columns. */
  predict(features: Features): Float32Array<ArrayBuffer> {
    return Float32Array.from(this.logOdds(features), sigmoid);
  }

  /** The log-odds of each row, which do not run together near 0 and 1 as probabilities do. Throws as `predict`. */
  logOdds(features: Features): Float64Array<ArrayBuffer> {
    const { weights, intercept } = this.#state;
    checkColumns(features, weights.length);
    const odds = new Float64Array(features.rows);
    for (let row = 0; row < features.rows; row++) odds[row] = intercept + rowDot(features, row, weights);
    return odds;
  }
}

function checkScales(scales: Float64Array, columns: number): void {
  const bad = scales.length === columns ? scales.findIndex((scale) => !Number.isFinite(scale)) : columns;
  if (bad === -1) return;
  throw new AppError('input-invalid', 'Scales must be finite, one for each column.', {
    values: { columns, scales: scales.length, column: bad },
  });
}

function otherShape(columns: number, expected: number): AppError {
  return new AppError('input-invalid', 'A state of another number of features.', {
    values: { columns, expected },
  });
}
