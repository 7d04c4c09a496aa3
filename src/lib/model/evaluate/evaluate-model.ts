import { AppError } from '../../errors.ts';
import { throwIfCancelled } from '../backends/slices.ts';
import { rowLength, selectRows, type CsrMatrix } from '../matrix/csr.ts';
import type { FittedModel, History, Task } from '../zoo/model.ts';
import { catalogueQuality, longTail, longTailRecall } from './beyond-accuracy.ts';
import { entryRows } from './dataset.ts';
import {
  averagePrecisionAtK,
  f1AtK,
  hitRateAtK,
  ndcgAtK,
  precisionAtK,
  recallAtK,
  reciprocalRankAtK,
  truncatedRecallAtK,
} from './metrics.ts';
import { rankTopK } from './rank.ts';
import { auc, decisionQuality, logLoss, mae, rmse } from './rating.ts';

/** Metrics of one ranked list, by their names before `@k`. `recall` is over |test|, `truncated-recall` over min(k, |test|). */
const RANKING_METRICS = {
  recall: recallAtK,
  'truncated-recall': truncatedRecallAtK,
  ndcg: ndcgAtK,
  precision: precisionAtK,
  f1: f1AtK,
  'hit-rate': hitRateAtK,
  mrr: reciprocalRankAtK,
  map: averagePrecisionAtK,
} as const;

/** Users ranked in one go: enough for a device, few enough to cancel. */
const BATCH = 1024;
const THRESHOLD = 0.5;

export interface EvaluationRequest {
  readonly task: Task;
  /** Of each user, what is left out of the ranking: users × items. */
  readonly seen: CsrMatrix;
  /** Values of the pairs to predict or find; same shape. */
  readonly test: CsrMatrix;
  /** A test value from this on is relevant, and a positive class. */
  readonly relevantFrom: number;
  /** Rating scale to which predicted ratings are cut; null for none. */
  readonly scale: { readonly min: number; readonly max: number } | null;
  /** What is folded in of each user tested, where train has no row of them; else null. */
  readonly folded: CsrMatrix | null;
  /** Lengths of list, ascending. Longer than the catalogue, a list is as long as the catalogue. */
  readonly ks: readonly number[];
  readonly signal: AbortSignal | undefined;
}

export interface ModelEvaluation {
  /** By name: `rmse`, `recall@20`, `coverage@20` … */
  readonly metrics: Readonly<Record<string, number>>;
  /** The ranking metrics of each ranked user, for intervals and comparisons. */
  readonly perUser: Readonly<Record<string, Float64Array<ArrayBuffer>>>;
  /** Ranked users: those with a relevant test item, ascending. */
  readonly users: Int32Array<ArrayBuffer>;
  /** Of them, those of whom the model knew nothing. */
  readonly coldUsers: number;
  /** Pairs predicted; 0 where the task is a ranking, or a probability and test holds one class alone. */
  readonly pairs: number;
}

/**
 * Measures a model on test: predicted values where it has them, and the whole catalogue ranked for each user with
 * something relevant. Throws `training-diverged` for a score or prediction that is not finite, `input-invalid` for a k
 * that is not a whole number from 1, and `cancelled`.
 */
export async function evaluateModel(
  model: FittedModel,
  request: EvaluationRequest,
): Promise<ModelEvaluation> {
  checkKs(request.ks);
  const predicted = predictedMetrics(model, request);
  const users = rankedUsers(request.test, request.relevantFrom);
  const lists = await rankedLists(model, request, users);
  const perUser = rankingMetrics(request, users, lists);
  const means = Object.entries(perUser).map(([name, values]) => [name, mean(values)] as const);
  return {
    metrics: {
      ...predicted.metrics,
      ...Object.fromEntries(means),
      ...catalogueMetrics(request, users, lists),
    },
    perUser,
    users,
    coldUsers: users.filter((user) => rowLength(request.folded ?? request.seen, user) === 0).length,
    pairs: predicted.pairs,
  };
}

/** A user's row as a history. */
export function historyOf(matrix: CsrMatrix, user: number): History {
  const [begin, end] = [matrix.indptr[user] ?? 0, matrix.indptr[user + 1] ?? 0];
  return { item: matrix.indices.slice(begin, end), strength: matrix.data.slice(begin, end) };
}

function predictedMetrics(
  model: FittedModel,
  { task, test, relevantFrom, scale, folded }: EvaluationRequest,
): { readonly metrics: Record<string, number>; readonly pairs: number } {
  if (task === 'ranking' || model.predict === undefined || folded !== null) return { metrics: {}, pairs: 0 };
  const row = entryRows(test);
  const predicted = new Float64Array(test.indices.length);
  for (let entry = 0; entry < predicted.length; entry++) {
    const user = row[entry] ?? 0;
    const item = test.indices[entry] ?? 0;
    const value = model.predict(user, item);
    if (!Number.isFinite(value)) throw notFinite({ user, item, value });
    // the scale is the ratings': a probability has its own
    const cut = task === 'rating' && scale !== null;
    predicted[entry] = cut ? Math.min(scale.max, Math.max(scale.min, value)) : value;
  }
  if (task === 'rating') {
    const metrics = { rmse: rmse(predicted, test.data), mae: mae(predicted, test.data) };
    return { metrics, pairs: predicted.length };
  }
  const positive = test.data.map((value) => Number(value >= relevantFrom));
  // of one class alone nothing can be told apart, and whoever always says yes would be the best
  if (new Set(positive).size < 2) return { metrics: {}, pairs: 0 };
  const metrics = {
    'log-loss': logLoss(predicted, positive),
    auc: auc(predicted, positive),
    ...decisionQuality(predicted, positive, THRESHOLD),
  };
  return { metrics, pairs: predicted.length };
}

function rankedUsers(test: CsrMatrix, relevantFrom: number): Int32Array<ArrayBuffer> {
  const users: number[] = [];
  for (let user = 0; user < test.rows; user++) {
    const row = test.data.subarray(test.indptr[user], test.indptr[user + 1]);
    if (row.some((value) => value >= relevantFrom)) users.push(user);
  }
  return Int32Array.from(users);
}

async function rankedLists(
  model: FittedModel,
  { seen, folded, ks, signal }: EvaluationRequest,
  users: Int32Array<ArrayBuffer>,
): Promise<readonly Int32Array[]> {
  const k = Math.min(ks.at(-1) ?? 1, seen.columns);
  const lists: Int32Array[] = [];
  for (let first = 0; first < users.length; first += BATCH) {
    throwIfCancelled(signal);
    const batch = users.slice(first, first + BATCH);
    const ranking =
      folded === null
        ? await model.rank?.(batch, selectRows(seen, batch), k, signal)
        : await model.rankHistories?.(selectRows(folded, batch), k, signal);
    batch.forEach((user, row) => {
      lists.push(
        ranking?.items.slice(row * ranking.k, (row + 1) * ranking.k) ??
          rankTopK(
            folded === null ? model.scoresOf(user) : model.foldIn(historyOf(folded, user)),
            historyOf(folded ?? seen, user).item,
            k,
          ),
      );
    });
  }
  return lists;
}

function rankingMetrics(
  { test, relevantFrom, ks }: EvaluationRequest,
  users: Int32Array<ArrayBuffer>,
  lists: readonly Int32Array[],
): Record<string, Float64Array<ArrayBuffer>> {
  const values: Record<string, Float64Array<ArrayBuffer>> = {};
  for (const name of Object.keys(RANKING_METRICS)) {
    for (const k of ks) values[`${name}@${k}`] = new Float64Array(users.length);
  }
  users.forEach((user, at) => {
    const { item, strength } = historyOf(test, user);
    const relevant = new Set(item.filter((_, entry) => (strength[entry] ?? 0) >= relevantFrom));
    for (const [name, metric] of Object.entries(RANKING_METRICS)) {
      for (const k of ks) {
        const column = values[`${name}@${k}`];
        if (column !== undefined) column[at] = metric(lists[at] ?? [], relevant, k);
      }
    }
  });
  return values;
}

function catalogueMetrics(
  { seen, folded, test, relevantFrom, ks }: EvaluationRequest,
  users: Int32Array<ArrayBuffer>,
  lists: readonly Int32Array[],
): Record<string, number> {
  const popularity = new Float64Array(seen.columns);
  for (const item of seen.indices) popularity[item] = (popularity[item] ?? 0) + 1;
  const profiles = Float64Array.from(users, (user) => {
    const { item } = historyOf(folded ?? seen, user);
    return item.length === 0 ? 0 : mean(Float64Array.from(item, (own) => popularity[own] ?? 0));
  }).filter((value) => value > 0);
  const metrics: Record<string, number> = {};
  for (const k of ks) {
    const cut = lists.map((list) => list.subarray(0, k));
    const quality = catalogueQuality(cut, popularity, seen.rows, profiles.length === 0 ? 0 : mean(profiles));
    metrics[`coverage@${k}`] = quality.coverage;
    metrics[`novelty@${k}`] = quality.novelty;
    metrics[`gini@${k}`] = quality.gini;
    metrics[`long-tail-share@${k}`] = quality.longTailShare;
    metrics[`popularity-lift@${k}`] = quality.popularityLift;
    metrics[`long-tail-recall@${k}`] = longTailRecall(test, relevantFrom, users, cut, longTail(popularity));
  }
  return metrics;
}

function checkKs(ks: readonly number[]): void {
  const wrong = ks.find((k) => !Number.isInteger(k) || k < 1);
  if (wrong === undefined && ks.length > 0) return;
  throw new AppError('input-invalid', 'k must be a whole number of at least 1.', {
    values: { k: String(wrong) },
  });
}

function notFinite(values: {
  readonly user: number;
  readonly item: number;
  readonly value: number;
}): AppError {
  return new AppError(
    'training-diverged',
    `The prediction for user ${values.user} and item ${values.item} is not finite.`,
    {
      values: { ...values, value: String(values.value) },
      remedy: 'Train again with more regularization or a lower learning rate.',
    },
  );
}

function mean(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
