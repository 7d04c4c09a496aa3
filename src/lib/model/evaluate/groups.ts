import { rowLength, type CsrMatrix } from '../matrix/csr.ts';
import type { Task } from '../zoo/model.ts';
import { longTail, recallWithin } from './beyond-accuracy.ts';
import { logLoss, rmse } from './rating.ts';

/**
 * How people or items are divided:
 *
 * - `activity`: users by how much is known of them (`few`, `some`, `many`);
 * - `taste`: users by the share of the long tail in it (`popular`, `mixed`, `niche`; Abdollahpouri et al. 2019);
 * - `popularity`: test items of the short head and of the long tail (`head`, `tail`).
 */
export type GroupedBy = 'activity' | 'taste' | 'popularity';

/** How one group fares. */
export interface GroupFigure {
  readonly group: string;
  /** Users, or pairs where pairs are predicted. */
  readonly count: number;
  readonly value: number;
  /** What `value` is the mean of; null where it is no mean of users. */
  readonly values: Float64Array<ArrayBuffer> | null;
}

/** Who a model serves better than others. */
export interface Grouping {
  readonly by: GroupedBy;
  /** As among the metrics: `ndcg@20`, `recall@20`, `rmse`, `log-loss`. */
  readonly metric: string;
  /** Without empty groups. */
  readonly groups: readonly GroupFigure[];
}

/** Largest value less the smallest; 0 for fewer than two groups. */
export function gapOf({ groups }: Grouping): number {
  const values = groups.map(({ value }) => value);
  return groups.length < 2 ? 0 : Math.max(...values) - Math.min(...values);
}

/** The gap as a metric is named: `ndcg-activity-gap@20`, `rmse-popularity-gap`. */
export function gapName({ by, metric }: Pick<Grouping, 'by' | 'metric'>): string {
  const [name = metric, k] = metric.split('@');
  return `${name}-${by}-gap${k === undefined ? '' : `@${k}`}`;
}

/** Rows of one shape, users × items. */
export interface GroupingRequest {
  readonly task: Task;
  /** What is known of each user. */
  readonly known: CsrMatrix;
  /** Train entries of each item. */
  readonly popularity: ArrayLike<number>;
  readonly test: CsrMatrix;
  readonly relevantFrom: number;
  readonly k: number;
  /** Ranked users, ascending, with their first k and NDCG@k. */
  readonly users: Int32Array<ArrayBuffer>;
  readonly lists: readonly ArrayLike<number>[];
  readonly ndcg: Float64Array<ArrayBuffer>;
  /** By entry of `test`; null where nothing is predicted. */
  readonly predicted: Float64Array<ArrayBuffer> | null;
}

const ACTIVITY = ['few', 'some', 'many'] as const;
const TASTE = ['popular', 'mixed', 'niche'] as const;

/** Groups compared by what the task is judged by: RMSE, log-loss, or NDCG@k (recall@k for items). */
export function groupingsOf(request: GroupingRequest): readonly Grouping[] {
  const { known, popularity, test, users, task, predicted, k } = request;
  const tail = longTail(popularity);
  const activity = Float64Array.from({ length: known.rows }, (_, user) => rowLength(known, user));
  const taste = Float64Array.from({ length: known.rows }, (_, user) => tailShare(known, user, tail));
  if (predicted !== null && task !== 'ranking') {
    const tested = Int32Array.from({ length: test.rows }, (_, user) => user).filter(
      (user) => rowLength(test, user) > 0,
    );
    const ofUsers = (thirds: ReadonlyMap<number, number>, names: readonly string[]): PairGroup => ({
      names,
      of: (user) => thirds.get(user) ?? -1,
    });
    return [
      pairGrouping('activity', ofUsers(thirdsOf(tested, activity), ACTIVITY), request, predicted),
      pairGrouping('taste', ofUsers(thirdsOf(tested, taste), TASTE), request, predicted),
      pairGrouping(
        'popularity',
        { names: ['head', 'tail'], of: (_, item) => tail[item] ?? 0 },
        request,
        predicted,
      ),
    ];
  }
  const head = tail.map((flag) => 1 - flag);
  const within = (mask: ArrayLike<number>): Float64Array<ArrayBuffer> =>
    recallWithin(test, request.relevantFrom, users, request.lists, mask);
  return [
    userGrouping('activity', thirdsOf(users, activity), ACTIVITY, request),
    userGrouping('taste', thirdsOf(users, taste), TASTE, request),
    {
      by: 'popularity',
      metric: `recall@${k}`,
      groups: [figure('head', within(head)), figure('tail', within(tail))].filter(({ count }) => count > 0),
    },
  ];
}

/** NaN for who is not known. */
function tailShare(known: CsrMatrix, user: number, tail: Uint8Array): number {
  const own = known.indices.subarray(known.indptr[user], known.indptr[user + 1]);
  return own.reduce((sum, item) => sum + (tail[item] ?? 0), 0) / own.length;
}

/**
 * 0, 1 or 2 for each user by their value; equal values stay together, so a third may be larger than another, or empty.
 * Users without a value have none.
 */
function thirdsOf(users: Int32Array, valueOf: Float64Array): ReadonlyMap<number, number> {
  const having = [...users].filter((user) => !Number.isNaN(valueOf[user] ?? NaN));
  const sorted = Float64Array.from(having, (user) => valueOf[user] ?? NaN).sort();
  const edge = (third: number): number => sorted[Math.ceil((third * sorted.length) / 3) - 1] ?? Infinity;
  const [low, high] = [edge(1), edge(2)];
  return new Map(
    having.map((user) => {
      const value = valueOf[user] ?? NaN;
      return [user, value <= low ? 0 : value <= high ? 1 : 2];
    }),
  );
}

function userGrouping(
  by: GroupedBy,
  thirds: ReadonlyMap<number, number>,
  names: readonly string[],
  { users, ndcg, k }: GroupingRequest,
): Grouping {
  const groups = names.map((group, third) =>
    figure(
      group,
      ndcg.filter((_, at) => thirds.get(users[at] ?? -1) === third),
    ),
  );
  return { by, metric: `ndcg@${k}`, groups: groups.filter(({ count }) => count > 0) };
}

interface PairGroup {
  readonly names: readonly string[];
  /** Position in `names`; another number for none. */
  readonly of: (user: number, item: number) => number;
}

function pairGrouping(
  by: GroupedBy,
  { names, of }: PairGroup,
  { test, task, relevantFrom }: GroupingRequest,
  predicted: Float64Array,
): Grouping {
  const parts = names.map((): { predicted: number[]; actual: number[] } => ({ predicted: [], actual: [] }));
  for (let user = 0; user < test.rows; user++) {
    for (let entry = test.indptr[user] ?? 0; entry < (test.indptr[user + 1] ?? 0); entry++) {
      const part = parts[of(user, test.indices[entry] ?? 0)];
      const value = test.data[entry] ?? NaN;
      part?.predicted.push(predicted[entry] ?? NaN);
      part?.actual.push(task === 'rating' ? value : Number(value >= relevantFrom));
    }
  }
  const measure = task === 'rating' ? rmse : logLoss;
  return {
    by,
    metric: task === 'rating' ? 'rmse' : 'log-loss',
    groups: parts.flatMap((part, at) =>
      part.actual.length === 0
        ? []
        : [
            {
              group: names[at] ?? '',
              count: part.actual.length,
              value: measure(part.predicted, part.actual),
              values: null,
            },
          ],
    ),
  };
}

function figure(group: string, values: Float64Array<ArrayBuffer>): GroupFigure {
  const { length } = values;
  const value = length === 0 ? 0 : values.reduce((sum, one) => sum + one, 0) / length;
  return { group, count: length, value, values };
}
