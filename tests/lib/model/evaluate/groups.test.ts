import { describe, expect, it } from 'vitest';
import {
  gapName,
  gapOf,
  groupingsOf,
  type GroupingRequest,
} from '../../../../src/lib/model/evaluate/groups.ts';
import type { CsrMatrix } from '../../../../src/lib/model/matrix/csr.ts';

function matrix(rows: readonly (readonly number[])[], columns: number, value = 1): CsrMatrix {
  const indptr = new Int32Array(rows.length + 1);
  rows.forEach((row, at) => (indptr[at + 1] = indptr[at]! + row.length));
  const indices = Int32Array.from(rows.flat());
  return { rows: rows.length, columns, indptr, indices, data: new Float32Array(indices.length).fill(value) };
}

/** Item 0 makes up 80% of train: the head; the others are the tail. */
const POPULARITY = [8, 1, 1, 0, 0];
/** One to six items known; users 0 and 1 know the head alone. */
const KNOWN = matrix([[0], [0], [0, 1], [0, 2], [0, 1, 2, 3], [1, 2, 3, 4]], 5);
const request = (change: Partial<GroupingRequest> = {}): GroupingRequest => ({
  ...{ task: 'ranking', known: KNOWN, popularity: POPULARITY, relevantFrom: 1, k: 2, predicted: null },
  test: matrix([[3], [3], [3], [0], [0], [0]], 5),
  users: Int32Array.of(0, 1, 2, 3, 4, 5),
  lists: [[3], [4], [3], [0], [0], [4]].map((list) => Int32Array.from(list)),
  ndcg: Float64Array.of(0.1, 0.3, 0.4, 0.6, 0.9, 0.7),
  ...change,
});

const told = (change: Partial<GroupingRequest> = {}): unknown =>
  groupingsOf(request(change)).map(({ by, metric, groups }) => [
    by,
    metric,
    groups.map(({ group, count, value }) => [group, count, Number(value.toFixed(6))]),
  ]);

describe('groupings of a ranking', () => {
  it('by hand', () => {
    expect(told()).toEqual([
      [
        'activity',
        'ndcg@2',
        [
          ['few', 2, 0.2],
          ['some', 2, 0.5],
          ['many', 2, 0.8],
        ],
      ],
      [
        'taste',
        'ndcg@2',
        [
          // shares of the tail: 0, 0, ½, ½, ¾, 1
          ['popular', 2, 0.2],
          ['mixed', 2, 0.5],
          ['niche', 2, 0.8],
        ],
      ],
      [
        'popularity',
        'recall@2',
        [
          ['head', 3, 0.666667],
          ['tail', 3, 0.666667],
        ],
      ],
    ]);
    const [activity] = groupingsOf(request());
    expect(gapOf(activity!)).toBeCloseTo(0.6, 12);
    expect(gapName(activity!)).toBe('ndcg-activity-gap@2');
  });

  it('leave out who is not known, and keep equal ones together', () => {
    const nobody = matrix([[], [], [], [], [], []], 5);
    expect((told({ known: nobody }) as unknown[]).slice(0, 2)).toEqual([
      ['activity', 'ndcg@2', [['few', 6, 0.5]]],
      ['taste', 'ndcg@2', []],
    ]);
    expect(
      groupingsOf(request({ known: nobody }))
        .slice(0, 2)
        .map(gapOf),
    ).toEqual([0, 0]);
  });
});

describe('groupings of predictions', () => {
  it('compare errors, over pairs', () => {
    // off by 1 for the two users known least, else by 0.5
    const predicted = Float64Array.of(2, 2, 1.5, 1.5, 1.5, 1.5);
    const groupings = groupingsOf(request({ task: 'rating', predicted }));
    expect(groupings.map((grouping) => [gapName(grouping), gapOf(grouping)])).toEqual([
      ['rmse-activity-gap', 0.5],
      ['rmse-taste-gap', 0.5],
      // tail: √((1 + 1 + ¼) / 3), head: ½
      ['rmse-popularity-gap', expect.closeTo(Math.sqrt(0.75) - 0.5, 12)],
    ]);
    const [, , items] = groupingsOf(request({ task: 'probability', predicted: predicted.fill(0.9) }));
    expect(items).toMatchObject({
      metric: 'log-loss',
      groups: [{ group: 'head', count: 3 }, { group: 'tail' }],
    });
    expect(items!.groups[0]!.value).toBeCloseTo(-Math.log(0.9), 10);
  });
});
