import {
  fitLogisticRegression,
  LOGISTIC_REGRESSION_RULES,
  LogisticRegression,
} from '../classify/logistic-regression.ts';
import { savedFloats } from './arrays.ts';
import { classifierAdapter } from './classifier-adapter.ts';
import { vector } from './history-model.ts';

/** Logistic regression on features of pairs (`classify`). */
export const adapter = classifierAdapter<LogisticRegression>({
  name: 'logreg',
  budget: null,
  rules: () => LOGISTIC_REGRESSION_RULES,
  searchSpace: [{ name: 'regularization', min: 1e-2, max: 1e4, scale: 'log' }],
  fit: (examples, hyperparameters, { signal, start }) =>
    fitLogisticRegression(examples, hyperparameters, {
      ...(signal === undefined ? {} : { signal }),
      ...(start === null ? {} : { resume: start.toState() }),
    }),
  iterationsOf: () => 0,
  arrays(model) {
    const { weights, intercept } = model.toState();
    return {
      weights: vector(Float32Array.from(weights)),
      intercept: vector(Float32Array.of(intercept)),
    };
  },
  load(saved, columns) {
    const [intercept = NaN] = savedFloats(saved, 'intercept', [1]);
    return LogisticRegression.fromState({
      weights: Float64Array.from(savedFloats(saved, 'weights', [columns])),
      intercept,
      regularization: saved.hyperparameters['regularization'] ?? NaN,
      converged: true,
      iterations: 0,
    });
  },
});
