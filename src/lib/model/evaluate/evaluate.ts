import {
  hitRateAtK,
  ndcgAtK,
  precisionAtK,
  recallAtK,
  reciprocalRankAtK,
  truncatedRecallAtK,
} from './metrics.ts';
import { rankTopK } from './rank.ts';
import type { HeldOutUser } from './split.ts';

/** Means over held-out users, all items ranked, folded-in items filtered. All 0 where nobody was held out. */
export interface RankingQuality {
  readonly users: number;
  readonly k: number;
  readonly ndcg: number;
  /** Over all relevant items. */
  readonly recall: number;
  /** Over min(k, relevant items). */
  readonly truncatedRecall: number;
  readonly precision: number;
  readonly hitRate: number;
  /** Mean reciprocal rank within the first k. */
  readonly mrr: number;
}

/** What a scorer is given of a held-out user: never the targets. */
export type FoldedUser = Omit<HeldOutUser, 'targets'>;

/**
 * Ranks all items for each held-out user and averages the metrics. `scoresFor` gives one score an item, higher is
 * better; any model, a baseline, or the planted truth of a simulated pack fits. Throws `training-diverged` where a
 * score is not finite.
 */
export function evaluateScores(
  heldOut: readonly HeldOutUser[],
  scoresFor: (user: FoldedUser) => ArrayLike<number>,
  k: number,
): RankingQuality {
  return evaluateRankings(
    heldOut,
    ({ user, item, strength }) => rankTopK(scoresFor({ user, item, strength }), item, k),
    k,
  );
}

/**
 * Averages the metrics of rankings made elsewhere (top-k on a device). `rankingOf` gives the first k items, best
 * first, folded-in items left out; a negative position is an empty place.
 */
export function evaluateRankings(
  heldOut: readonly HeldOutUser[],
  rankingOf: (user: HeldOutUser, row: number) => ArrayLike<number>,
  k: number,
): RankingQuality {
  const sum = { ndcg: 0, recall: 0, truncatedRecall: 0, precision: 0, hitRate: 0, mrr: 0 };
  heldOut.forEach((user, row) => {
    const ranked = rankingOf(user, row);
    sum.ndcg += ndcgAtK(ranked, user.targets, k);
    sum.recall += recallAtK(ranked, user.targets, k);
    sum.truncatedRecall += truncatedRecallAtK(ranked, user.targets, k);
    sum.precision += precisionAtK(ranked, user.targets, k);
    sum.hitRate += hitRateAtK(ranked, user.targets, k);
    sum.mrr += reciprocalRankAtK(ranked, user.targets, k);
  });
  const users = heldOut.length;
  const mean = (total: number): number => (users === 0 ? 0 : total / users);
  return {
    users,
    k,
    ndcg: mean(sum.ndcg),
    recall: mean(sum.recall),
    truncatedRecall: mean(sum.truncatedRecall),
    precision: mean(sum.precision),
    hitRate: mean(sum.hitRate),
    mrr: mean(sum.mrr),
  };
}
