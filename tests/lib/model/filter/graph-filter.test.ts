import { describe, expect, it } from 'vitest';
import { GraphFilter } from '../../../../src/lib/model/filter/graph-filter.ts';
import { symmetricEigenSteps } from '../../../../src/lib/model/linear/symmetric-eigen.ts';
import { randomDataset } from '../evaluate/random-dataset.ts';

const { matrix: train } = randomDataset(40, 25, 300, 6);
const items = train.columns;
const options = {
  userExponent: 0.3,
  itemExponent: 0.4,
  sharpening: 1.2,
  curvature: 0.5,
  degreeExponent: 0.25,
};

/** The filter as a dense matrix, its scale by an eigendecomposition: items × items, row j the scores' weights for j. */
function denseFilter(): number[][] {
  const rows = Array.from({ length: train.rows }, (_, user) =>
    Array.from(train.indices.subarray(train.indptr[user], train.indptr[user + 1])),
  );
  const degree = Array.from({ length: items }, (_, item) =>
    Math.max(1, rows.filter((row) => row.includes(item)).length),
  );
  const gram = Array.from({ length: items }, () => new Array<number>(items).fill(0));
  for (const row of rows) {
    for (const i of row) {
      for (const j of row) {
        gram[i]![j]! += row.length ** -0.6 * degree[i]! ** -0.4 * degree[j]! ** -0.4;
      }
    }
  }
  const steps = symmetricEigenSteps(gram.flat(), items);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  const largest = Math.max(...step.value.values);
  const p = gram.map((row) => row.map((value) => value / largest));
  const times = (a: number[][], b: number[][]) =>
    a.map((row) => row.map((_, j) => row.reduce((sum, value, m) => sum + value * b[m]![j]!, 0)));
  const p2 = times(p, p);
  const p3 = times(p2, p);
  return p.map((row, j) =>
    row.map((value, i) => degree[j]! ** 0.25 * (value - 1.2 * p2[j]![i]! + 0.5 * p3[j]![i]!)),
  );
}

describe('the graph filter', () => {
  const filter = GraphFilter.of(train, options);
  const expected = denseFilter();

  it('is the polynomial of its definition', () => {
    const scores = filter.scores([3, 8, 20], [1, 0.5, 2]);
    for (let j = 0; j < items; j++) {
      expect(scores[j]).toBeCloseTo(expected[j]![3]! + 0.5 * expected[j]![8]! + 2 * expected[j]![20]!, 4);
    }
  });

  it('says what each item of a history adds', () => {
    const influence = filter.influences(4);
    for (let i = 0; i < items; i++) expect(influence[i]).toBeCloseTo(expected[4]![i]!, 4);
  });

  it('forgets what it scored before', () => {
    const first = filter.scores([1], [1]);
    filter.scores([5, 6], [3, 3]);
    expect(filter.scores([1], [1])).toEqual(first);
  });

  it('is finite for a graph without edges', () => {
    const empty = {
      rows: 2,
      columns: 3,
      indptr: new Int32Array(3),
      indices: new Int32Array(0),
      data: new Float32Array(0),
    };
    expect([...GraphFilter.of(empty, options).scores([1], [1])]).toEqual([0, 0, 0]);
  });
});
