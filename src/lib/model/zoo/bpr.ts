import { bprFromState, fitBpr } from '../contrastive/fit.ts';
import { bprHyperparameters } from '../contrastive/hyperparameters.ts';
import { contrastiveAdapter } from './contrastive-adapter.ts';

/** Bayesian personalized ranking (`contrastive`). */
export const adapter = contrastiveAdapter({
  name: 'bpr',
  searchSpace: [
    { name: 'regularization', min: 1e-4, max: 0.1, scale: 'log' },
    { name: 'candidates', min: 1, max: 16, scale: 'log', whole: true },
    { name: 'userLearningRate', min: 0.01, max: 0.2, scale: 'log' },
    { name: 'itemLearningRate', min: 0.01, max: 0.2, scale: 'log' },
  ],
  hyperparameters: (train, overrides) => ({ ...bprHyperparameters(train, overrides) }),
  fit: fitBpr,
  fromState: bprFromState,
});
