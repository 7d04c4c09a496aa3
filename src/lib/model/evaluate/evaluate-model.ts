import { AppError } from '../../errors.ts';
import { throwIfCancelled } from '../backends/slices.ts';
import { rowLength, selectRows, type CsrMatrix } from '../matrix/csr.ts';
import type { FittedModel, History, Task } from '../zoo/model.ts';
import { catalogueQuality, longTail, recallWithin } from './beyond-accuracy.ts';
import { gapName, gapOf, groupingsOf, type Grouping } from './groups.ts';
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
  /** What models learnt from, users × items: left out of the ranking, and what popularity is counted by. */
  readonly seen: CsrMatrix;
  /** Values of the pairs to predict or find; same shape. */
  readonly test: CsrMatrix;
  /** A test value from this on is relevant, and a positive class. */
  readonly relevantFrom: number;
  /** Rating scale to which predicted ratings are cut; null for none. */
  readonly scale: { readonly min: number; readonly max: number } | null;
  /** Of users tested whom train has no row of; else null. Same shape as `seen`. */
  readonly folded: FoldedUsers | null;
  /** Lengths of list, ascending. Longer than the catalogue, a list is as long as the catalogue. */
  readonly ks: readonly number[];
  readonly signal: AbortSignal | undefined;
}

/** What is known of users who are folded in. */
export interface FoldedUsers {
  /** What the model is told, as its train matrix would hold it. */
  readonly histories: CsrMatrix;
  /** What is left out of the ranking: all that is known, also what a model that ranks is not told. */
  readonly seen: CsrMatrix;
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
  /** Who is served better than others, with the longest lists; their gaps are among the metrics. */
  readonly groupings: readonly Grouping[];
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
  const popularity = popularityOf(request.seen);
  const groupings = groupingsOf({
    ...request,
    ...{ known: request.folded?.seen ?? request.seen, popularity, users, predicted: predicted.values },
    ...longest(request.ks, lists, perUser),
  });
  const means = Object.entries(perUser).map(([name, values]) => [name, mean(values)] as const);
  return {
    metrics: {
      ...predicted.metrics,
      ...Object.fromEntries(means),
      ...catalogueMetrics(request, users, lists, popularity),
      ...Object.fromEntries(groupings.map((grouping) => [gapName(grouping), gapOf(grouping)])),
    },
    perUser,
    users,
    coldUsers: users.filter((user) => rowLength(request.folded?.histories ?? request.seen, user) === 0)
      .length,
    pairs: predicted.values?.length ?? 0,
    groupings,
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
): { readonly metrics: Record<string, number>; readonly values: Float64Array<ArrayBuffer> | null } {
  const predict = predictorOf(model, folded);
  if (task === 'ranking' || predict === null) return { metrics: {}, values: null };
  // a probability has a scale of its own
  const cut = task === 'rating' ? scale : null;
  const predicted = new Float64Array(test.indices.length);
  for (let user = 0; user < test.rows; user++) {
    const [begin, end] = [test.indptr[user] ?? 0, test.indptr[user + 1] ?? 0];
    if (begin === end) continue;
    const ofUser = predict(user);
    for (let entry = begin; entry < end; entry++) {
      const item = test.indices[entry] ?? 0;
      const value = ofUser(item);
      if (!Number.isFinite(value)) throw notFinite({ user, item, value });
      predicted[entry] = cut === null ? value : Math.min(cut.max, Math.max(cut.min, value));
    }
  }
  if (task === 'rating') {
    const metrics = { rmse: rmse(predicted, test.data), mae: mae(predicted, test.data) };
    return { metrics, values: predicted };
  }
  const positive = test.data.map((value) => Number(value >= relevantFrom));
  // of one class alone nothing can be told apart, and whoever always says yes would be the best
  if (new Set(positive).size < 2) return { metrics: {}, values: null };
  const metrics = {
    'log-loss': logLoss(predicted, positive),
    auc: auc(predicted, positive),
    ...decisionQuality(predicted, positive, THRESHOLD),
  };
  return { metrics, values: predicted };
}

/** Predictions by user, of those whom train knows or of those who are folded in; null where the model has none. */
function predictorOf(
  model: FittedModel,
  folded: FoldedUsers | null,
): ((user: number) => (item: number) => number) | null {
  if (folded !== null) {
    if (model.predictFor === undefined) return null;
    return (user) => model.predictFor?.(historyOf(folded.histories, user)) ?? unpredicted;
  }
  if (model.predict === undefined) return null;
  return (user) => (item) => model.predict?.(user, item) ?? NaN;
}

const unpredicted = (): number => NaN;

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
        : await model.rankHistories?.(
            selectRows(folded.histories, batch),
            selectRows(folded.seen, batch),
            k,
            signal,
          );
    batch.forEach((user, row) => {
      lists.push(
        ranking?.items.slice(row * ranking.k, (row + 1) * ranking.k) ??
          rankTopK(
            folded === null ? model.scoresOf(user) : model.foldIn(historyOf(folded.histories, user)),
            historyOf(folded?.seen ?? seen, user).item,
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
  popularity: Float64Array<ArrayBuffer>,
): Record<string, number> {
  const tail = longTail(popularity);
  const profiles = Float64Array.from(users, (user) => {
    const { item } = historyOf(folded?.histories ?? seen, user);
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
    metrics[`long-tail-recall@${k}`] = mean(recallWithin(test, relevantFrom, users, cut, tail));
  }
  return metrics;
}

/** Train entries of each item. */
function popularityOf({ columns, indices }: CsrMatrix): Float64Array<ArrayBuffer> {
  const popularity = new Float64Array(columns);
  for (const item of indices) popularity[item] = (popularity[item] ?? 0) + 1;
  return popularity;
}

/** Of several lengths of list the longest, with what it gave. */
function longest(
  ks: readonly number[],
  lists: readonly Int32Array[],
  perUser: Readonly<Record<string, Float64Array<ArrayBuffer>>>,
) {
  const k = ks.at(-1) ?? 1;
  return {
    k,
    lists: lists.map((list) => list.subarray(0, k)),
    ndcg: perUser[`ndcg@${k}`] ?? new Float64Array(),
  };
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
