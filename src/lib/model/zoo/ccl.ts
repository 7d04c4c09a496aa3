import { cclFromState, fitCcl } from '../contrastive/fit.ts';
import { cclHyperparameters, type CclHyperparameters } from '../contrastive/hyperparameters.ts';
import { contrastiveAdapter } from './contrastive-adapter.ts';

/** Factorization with the cosine contrastive loss (`contrastive`). */
export const adapter = contrastiveAdapter<CclHyperparameters>({
  name: 'ccl',
  searchSpace: [
    { name: 'margin', min: 0.3, max: 0.95, scale: 'linear' },
    { name: 'negativeWeight', min: 20, max: 500, scale: 'log' },
    { name: 'userLearningRate', min: 0.05, max: 0.6, scale: 'log' },
    { name: 'itemLearningRate', min: 0.005, max: 0.1, scale: 'log' },
  ],
  hyperparameters: cclHyperparameters,
  fit: (train, hyperparameters, options) => fitCcl(train, { ...hyperparameters }, options),
  fromState: cclFromState,
});
