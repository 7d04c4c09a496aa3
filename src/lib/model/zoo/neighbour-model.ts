import { neighbourScores, weightBetween } from '../neighbours/item-neighbours.ts';
import type { CsrMatrix } from '../matrix/csr.ts';
import { popularityScores } from '../popularity/popularity.ts';
import type { Hyperparameters } from '../../types.ts';
import { savedLength } from './arrays.ts';
import { historyModel, loadedCsr, loadHistoryModel, savedCsr, type HistoryScorer } from './history-model.ts';
import type { FittedModel, SavedModel } from './model.ts';

/** A model of sparse item-item weights: row i holds what having i adds to the score of each other item. */
export function neighbourModel(
  kind: 'itemknn' | 'rp3beta',
  hyperparameters: Hyperparameters,
  train: CsrMatrix,
  weights: CsrMatrix,
): FittedModel {
  const scorer = neighbourScorer(weights);
  return historyModel({ kind, hyperparameters, scorer, train, popularity: popularityScores(train) });
}

export function loadNeighbourModel(saved: SavedModel): FittedModel {
  const rows = savedLength(saved, 'weightsIndptr') - 1;
  return loadHistoryModel(saved, neighbourScorer(loadedCsr(saved, 'weights', rows, saved.items)));
}

function neighbourScorer(weights: CsrMatrix): HistoryScorer {
  return {
    scores: ({ item, strength }) => neighbourScores(weights, item, strength),
    parts: ({ item, strength }, target) =>
      Float64Array.from(item, (own, at) => (strength[at] ?? 0) * weightBetween(weights, own, target)),
    arrays: () => savedCsr('weights', weights),
  };
}
