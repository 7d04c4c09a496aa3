import { biasedHyperparameters, fitBiased } from '../explicit/biased.ts';
import { AppError } from '../../errors.ts';
import { factorAdapter } from './factor-adapter.ts';

/**
 * Biased factorization of ratings (`explicit/biased`). Beside its own hyper-parameters `als`: 1 solves each row exactly
 * in turn, 0 (the default) descends by stochastic gradients.
 */
export const adapter = factorAdapter({
  name: 'mf',
  searchSpace: [
    { name: 'factors', min: 8, max: 128, scale: 'log', whole: true },
    { name: 'learningRate', min: 0.02, max: 0.3, scale: 'log' },
    { name: 'regularization', min: 0.02, max: 0.4, scale: 'log' },
  ],
  hyperparameters(items, { als = 0, ...overrides }) {
    if (als !== 0 && als !== 1) {
      throw new AppError('hyperparameter-invalid', 'als must be 0 or 1.', {
        values: { name: 'als', value: String(als) },
        remedy: 'Give 1 for exact row solutions in turn, 0 for stochastic gradients.',
      });
    }
    return { als, ...biasedHyperparameters(als === 1 ? 'als' : 'sgd', items, overrides) };
  },
  fit: (ratings, { als, ...hyperparameters }, options) =>
    fitBiased(ratings, hyperparameters, { ...options, solver: als === 1 ? 'als' : 'sgd' }),
});
