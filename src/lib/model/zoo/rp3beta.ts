import { rp3Beta } from '../neighbours/item-neighbours.ts';
import { resolveHyperparameters } from '../hyperparameters.ts';
import type { ModelAdapter } from './model.ts';
import { loadNeighbourModel, neighbourModel } from './neighbour-model.ts';

const RULES = {
  neighbours: { default: 200, min: 1, max: 100_000, whole: true },
  exponent: { default: 0.7, min: 0, max: 4 },
  popularityPenalty: { default: 0.3, min: 0, max: 2 },
} as const;

export const adapter: ModelAdapter = {
  name: 'rp3beta',
  task: 'ranking',
  continues: false,
  budget: null,
  hyperparameters: (_train, overrides) => resolveHyperparameters('rp3beta', RULES, overrides),
  searchSpace: () => [
    { name: 'neighbours', min: 10, max: 1000, scale: 'log', whole: true },
    { name: 'exponent', min: 0.2, max: 1.5, scale: 'linear' },
    { name: 'popularityPenalty', min: 0, max: 1, scale: 'linear' },
  ],
  fit: async ({ train, hyperparameters, signal }) => {
    const { neighbours = 0, exponent = 0, popularityPenalty = 0 } = hyperparameters;
    const weights = await rp3Beta(train, { neighbours, exponent, popularityPenalty }, signal);
    return neighbourModel('rp3beta', hyperparameters, train, weights);
  },
  load: loadNeighbourModel,
};
