import type { Hyperparameters } from '../../types.ts';
import { evaluateScores, type RankingQuality } from '../evaluate/evaluate.ts';
import type { HeldOutUser } from '../evaluate/split.ts';
import { dotAt, rowOf } from '../linear/dense.ts';
import { ialsFoldIn } from './fold-in.ts';
import type { FactorMatrix } from './item-factors.ts';

/**
 * Ranking quality of iALS item factors, wherever they come from: each held-out user is folded in exactly and all items
 * are ranked. Throws `hyperparameter-invalid` as the fold-in does.
 */
export function factorQuality(
  matrix: FactorMatrix,
  hyperparameters: Hyperparameters,
  heldOut: readonly HeldOutUser[],
  k: number,
): RankingQuality {
  const { items, factors, data } = matrix;
  const norms = Float64Array.from({ length: items }, (_, item) => {
    const row = rowOf(data, item, factors);
    return Math.sqrt(dotAt(row, row, 0));
  });
  const foldIn = ialsFoldIn({ ...matrix, fromText: new Uint8Array(items), norms }, hyperparameters);
  return evaluateScores(heldOut, ({ item, strength }) => foldIn.fold({ item, strength }).scores.all, k);
}
