import { fitSvdpp, svdppHyperparameters } from '../explicit/svdpp.ts';
import { factorAdapter } from './factor-adapter.ts';

/** SVD++ (`explicit/svdpp`). */
export const adapter = factorAdapter({
  name: 'svdpp',
  searchSpace: [
    { name: 'factors', min: 8, max: 128, scale: 'log', whole: true },
    { name: 'learningRate', min: 0.005, max: 0.1, scale: 'log' },
    { name: 'regularization', min: 0.02, max: 0.4, scale: 'log' },
    { name: 'impliedRegularization', min: 0.001, max: 0.05, scale: 'log' },
  ],
  hyperparameters: svdppHyperparameters,
  fit: fitSvdpp,
});
