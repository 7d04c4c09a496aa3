import { itemKnn } from '../neighbours/item-neighbours.ts';
import { resolveHyperparameters } from '../hyperparameters.ts';
import type { ModelAdapter } from './model.ts';
import { loadNeighbourModel, neighbourModel } from './neighbour-model.ts';

/** Ferrari Dacrema et al. (2019) search 5–1,000 neighbours and shrinkages of 0–1,000; these are in the flat middle. */
const RULES = {
  neighbours: { default: 100, min: 1, max: 100_000, whole: true },
  shrinkage: { default: 10, min: 0, max: 1e6 },
} as const;

export const adapter: ModelAdapter = {
  name: 'itemknn',
  task: 'ranking',
  continues: false,
  budget: null,
  hyperparameters: (_train, overrides) => resolveHyperparameters('itemknn', RULES, overrides),
  searchSpace: () => [
    { name: 'neighbours', min: 10, max: 1000, scale: 'log', whole: true },
    { name: 'shrinkage', min: 0.1, max: 100, scale: 'log' },
  ],
  fit: async ({ train, hyperparameters, signal }) => {
    const { neighbours = 0, shrinkage = 0 } = hyperparameters;
    const weights = await itemKnn(train, { neighbours, shrinkage }, signal);
    return neighbourModel('itemknn', hyperparameters, train, weights);
  },
  load: loadNeighbourModel,
};
