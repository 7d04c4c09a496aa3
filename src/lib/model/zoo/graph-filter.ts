import { GraphFilter, type GraphFilterOptions } from '../filter/graph-filter.ts';
import type { CsrMatrix } from '../matrix/csr.ts';
import { popularityScores } from '../popularity/popularity.ts';
import type { Hyperparameters } from '../../types.ts';
import { savedFloats, savedLength } from './arrays.ts';
import { historyModel, loadedCsr, loadHistoryModel, savedCsr, type HistoryScorer } from './history-model.ts';
import { resolveHyperparameters, type DefaultedRule } from '../hyperparameters.ts';
import type { ModelAdapter, SavedModel } from './model.ts';

/** Users or items, whichever are fewer, for an eigenvector of the low-pass. */
const PER_EIGENVECTOR = 50;
/** The model, and the time to rank, grow with it: items × rank floats. */
const DEFAULT_MAX_RANK = 448;
const MAX_RANK = 1024;

/** By validation (docs/models/graph-filter.md). */
function rulesFor({ rows, columns }: Pick<CsrMatrix, 'rows' | 'columns'>): Record<string, DefaultedRule> {
  const rank = Math.max(1, Math.min(DEFAULT_MAX_RANK, Math.round(Math.min(rows, columns) / PER_EIGENVECTOR)));
  return {
    userExponent: { default: 0.5, min: 0, max: 1 },
    itemExponent: { default: 0.5, min: 0, max: 1 },
    rank: { default: rank, min: 0, max: MAX_RANK, whole: true },
    lowPassWeight: { default: 0.2, min: 0, max: 10 },
    sharpening: { default: 2.5, min: 0, max: 4 },
    degreeExponent: { default: 0, min: -1, max: 1 },
  };
}

/** The graph itself is the model: its item side holds the community's rows, without who they are. */
export const adapter: ModelAdapter = {
  name: 'graph-filter',
  task: 'ranking',
  continues: false,
  budget: null,
  hyperparameters: (train, overrides) => resolveHyperparameters('graph-filter', rulesFor(train), overrides),
  searchSpace: () => [
    { name: 'userExponent', min: 0.2, max: 0.6, scale: 'linear' },
    { name: 'lowPassWeight', min: 0, max: 0.6, scale: 'linear' },
    { name: 'sharpening', min: 0, max: 3, scale: 'linear' },
    { name: 'degreeExponent', min: -0.1, max: 0.4, scale: 'linear' },
  ],
  fit: async ({ train, hyperparameters, seed, signal }) => {
    const filter = await GraphFilter.fit(train, optionsOf(hyperparameters), seed, signal);
    return historyModel({
      kind: 'graph-filter',
      hyperparameters,
      scorer: filterScorer(filter),
      train,
      popularity: popularityScores(train),
    });
  },
  load: (saved) => loadHistoryModel(saved, filterScorer(loadedFilter(saved))),
};

function loadedFilter(saved: SavedModel): GraphFilter {
  const { items } = saved;
  const graph = loadedCsr(saved, 'graph', savedLength(saved, 'graphIndptr') - 1, items);
  const rank = Math.floor(savedLength(saved, 'spectrum') / Math.max(1, items));
  const vectors = savedFloats(saved, 'spectrum', [items, rank]);
  return GraphFilter.of(graph, optionsOf(saved.hyperparameters), { rank, vectors });
}

function filterScorer(filter: GraphFilter): HistoryScorer {
  return {
    scores: ({ item, strength }) => filter.scores(item, strength),
    many: {
      atOnce: GraphFilter.atOnce,
      scores: (histories, signal) => filter.scoresOfMany(histories, signal),
    },
    parts: ({ item, strength }, target) => {
      const influence = filter.influences(target);
      return Float64Array.from(item, (own, at) => (strength[at] ?? 0) * (influence[own] ?? 0));
    },
    arrays: () => ({
      ...savedCsr('graph', filter.interactions),
      spectrum: { shape: [filter.items, filter.spectrum.rank], values: filter.spectrum.vectors },
    }),
  };
}

function optionsOf(hyperparameters: Hyperparameters): GraphFilterOptions {
  const {
    userExponent = 0,
    itemExponent = 0,
    rank = 0,
    lowPassWeight = 0,
    sharpening = 0,
    degreeExponent = 0,
  } = hyperparameters;
  return { userExponent, itemExponent, rank, lowPassWeight, sharpening, degreeExponent };
}
