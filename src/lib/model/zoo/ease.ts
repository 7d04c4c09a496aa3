import { Ease } from '../ease/fit.ts';
import type { CsrMatrix } from '../matrix/csr.ts';
import { positivePattern } from '../neighbours/top-products.ts';
import { popularityScores } from '../popularity/popularity.ts';
import { savedFloats } from './arrays.ts';
import { historyModel, loadHistoryModel, type HistoryScorer } from './history-model.ts';
import { resolveHyperparameters, type DefaultedRule } from '../hyperparameters.ts';
import type { ModelAdapter } from './model.ts';

/** Steck (2019) finds λ of 200–500 on 10⁷ interactions; it grows with the interactions of an item. */
function rulesFor(train: CsrMatrix): Record<string, DefaultedRule> {
  const perItem = train.indices.length / Math.max(1, train.columns);
  return { regularization: { default: Math.max(10, Math.round(5 * perItem)), min: 1e-3, max: 1e7 } };
}

export const adapter: ModelAdapter = {
  name: 'ease',
  task: 'ranking',
  continues: false,
  budget: null,
  hyperparameters: (train, overrides) => resolveHyperparameters('ease', rulesFor(train), overrides),
  searchSpace: () => [{ name: 'regularization', min: 10, max: 5000, scale: 'log' }],
  fit: async ({ train, hyperparameters, device, signal }) => {
    const { regularization = 0 } = hyperparameters;
    const { weights, items } = await Ease.fit(
      device.backend,
      positivePattern(train),
      { regularization },
      signal,
    );
    return historyModel({
      kind: 'ease',
      hyperparameters,
      scorer: denseScorer(weights, items),
      train,
      popularity: popularityScores(train),
    });
  },
  load: (saved) =>
    loadHistoryModel(
      saved,
      denseScorer(savedFloats(saved, 'weights', [saved.items, saved.items]), saved.items),
    ),
};

/** Row i of the weights is what item i says for the others. */
function denseScorer(weights: Float32Array<ArrayBuffer>, items: number): HistoryScorer {
  return {
    scores: ({ item, strength }) => {
      const scores = new Float64Array(items);
      item.forEach((own, at) => {
        const start = own * items;
        const weight = strength[at] ?? 0;
        for (let j = 0; j < items; j++) scores[j] = (scores[j] ?? 0) + weight * (weights[start + j] ?? 0);
      });
      return scores;
    },
    parts: ({ item, strength }, target) =>
      Float64Array.from(item, (own, at) => (strength[at] ?? 0) * (weights[own * items + target] ?? 0)),
    arrays: () => ({ weights: { shape: [items, items], values: weights } }),
  };
}
