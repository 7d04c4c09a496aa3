import { AppError } from '../../errors.ts';
import type { Hyperparameters } from '../../types.ts';
import { throwIfCancelled } from '../backends/slices.ts';
import { sigmoid, softplus } from '../gradient/objective.ts';
import { minimise } from '../linear/minimise.ts';
import {
  checkColumns,
  checkExamples,
  columnScales,
  forEntries,
  type Examples,
  type Features,
} from './features.ts';
import { checked } from './hyperparameters.ts';

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

const RULES = {
  /** λ, on weights of columns of root mean square 1; not on the intercept. Above 0: the minimum exists and is one. */
  regularization: { min: 1e-9, max: 1e9, value: 1 },
  maxIterations: { min: 1, max: 100_000, whole: true, value: 1000 },
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
export function fitLogisticRegression(
  examples: Examples,
  overrides: Hyperparameters = {},
  { resume, scales: given, signal, onProgress }: FitLogisticRegressionOptions = {},
): LogisticRegression {
  checkExamples(examples);
  const { regularization, maxIterations } = checked(RULES, overrides);
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
  const minimum = minimise(
    (point, gradient) => {
      gradient.fill(0);
      let loss = 0;
      for (let row = 0; row < rows; row++) {
        let x = point[columns] ?? 0;
        forEntries(features, row, (column, value) => {
          x += value * (scales[column] ?? 1) * (point[column] ?? 0);
        });
        const label = labels[row] ?? 0;
        loss += softplus(x) - label * x;
        const pull = (sigmoid(x) - label) / rows;
        forEntries(features, row, (column, value) => {
          gradient[column] = (gradient[column] ?? 0) + pull * value * (scales[column] ?? 1);
        });
        gradient[columns] = (gradient[columns] ?? 0) + pull;
      }
      for (let column = 0; column < columns; column++) {
        const weight = point[column] ?? 0;
        loss += (regularization / 2) * weight * weight;
        gradient[column] = (gradient[column] ?? 0) + (regularization / rows) * weight;
      }
      return loss / rows;
    },
    start,
    {
      tolerance: TOLERANCE,
      maxIterations,
      onIteration: (loss) => {
        throwIfCancelled(signal);
        onProgress?.({ iteration: iteration++, loss });
      },
    },
  );
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
    const { weights, intercept } = this.#state;
    checkColumns(features, weights.length);
    const probabilities = new Float32Array(features.rows);
    for (let row = 0; row < features.rows; row++) {
      let x = intercept;
      forEntries(features, row, (column, value) => {
        x += value * (weights[column] ?? 0);
      });
      probabilities[row] = sigmoid(x);
    }
    return probabilities;
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
