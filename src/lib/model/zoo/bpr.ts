import { bprFromState, fitBpr } from '../contrastive/fit.ts';
import { bprHyperparameters, type BprHyperparameters } from '../contrastive/hyperparameters.ts';
import { contrastiveAdapter } from './contrastive-adapter.ts';

/** Bayesian personalized ranking (`contrastive`). */
export const adapter = contrastiveAdapter<BprHyperparameters>({
  name: 'bpr',
  searchSpace: [
    { name: 'regularization', min: 1e-4, max: 0.1, scale: 'log' },
    { name: 'candidates', min: 1, max: 16, scale: 'log', whole: true },
    { name: 'userLearningRate', min: 0.01, max: 0.2, scale: 'log' },
    { name: 'itemLearningRate', min: 0.01, max: 0.2, scale: 'log' },
  ],
  hyperparameters: bprHyperparameters,
  fit: (train, hyperparameters, options) => fitBpr(train, { ...hyperparameters }, options),
  fromState: bprFromState,
});
