import { GraphFilter, type GraphFilterOptions } from '../filter/graph-filter.ts';
import type { CsrMatrix } from '../matrix/csr.ts';
import { popularityScores } from '../popularity/popularity.ts';
import type { Hyperparameters } from '../../types.ts';
import { savedLength } from './arrays.ts';
import { historyModel, loadedCsr, loadHistoryModel, savedCsr, type HistoryScorer } from './history-model.ts';
import { resolveHyperparameters } from '../hyperparameters.ts';
import type { ModelAdapter } from './model.ts';

/** By validation on Gowalla (docs/models/graph-filter.md). */
const RULES = {
  userExponent: { default: 0.3, min: 0, max: 1 },
  itemExponent: { default: 0.5, min: 0, max: 1 },
  sharpening: { default: 0.9, min: 0, max: 4 },
  curvature: { default: 0, min: 0, max: 4 },
  degreeExponent: { default: 0.35, min: -1, max: 1 },
} as const;

/** The graph itself is the model: its item side holds the community's rows, without who they are. */
export const adapter: ModelAdapter = {
  name: 'graph-filter',
  task: 'ranking',
  continues: false,
  budget: null,
  hyperparameters: (_train, overrides) => resolveHyperparameters('graph-filter', RULES, overrides),
  searchSpace: () => [
    { name: 'userExponent', min: 0, max: 0.6, scale: 'linear' },
    { name: 'itemExponent', min: 0.3, max: 0.6, scale: 'linear' },
    { name: 'sharpening', min: 0, max: 2.5, scale: 'linear' },
    { name: 'curvature', min: 0, max: 1.5, scale: 'linear' },
    { name: 'degreeExponent', min: 0, max: 0.5, scale: 'linear' },
  ],
  fit: ({ train, hyperparameters }) => {
    const scorer = filterScorer(train, hyperparameters);
    const popularity = popularityScores(train);
    return Promise.resolve(
      historyModel({ kind: 'graph-filter', hyperparameters, scorer, train, popularity }),
    );
  },
  load: (saved) => {
    const rows = savedLength(saved, 'graphIndptr') - 1;
    const graph = loadedCsr(saved, 'graph', rows, saved.items);
    return loadHistoryModel(saved, filterScorer(graph, saved.hyperparameters));
  },
};

function filterScorer(train: CsrMatrix, hyperparameters: Hyperparameters): HistoryScorer {
  const filter = GraphFilter.of(train, optionsOf(hyperparameters));
  return {
    scores: ({ item, strength }) => filter.scores(item, strength),
    parts: ({ item, strength }, target) => {
      const influence = filter.influences(target);
      return Float64Array.from(item, (own, at) => (strength[at] ?? 0) * (influence[own] ?? 0));
    },
    arrays: () => savedCsr('graph', filter.interactions),
  };
}

function optionsOf(hyperparameters: Hyperparameters): GraphFilterOptions {
  const {
    userExponent = 0,
    itemExponent = 0,
    sharpening = 0,
    curvature = 0,
    degreeExponent = 0,
  } = hyperparameters;
  return { userExponent, itemExponent, sharpening, curvature, degreeExponent };
}
