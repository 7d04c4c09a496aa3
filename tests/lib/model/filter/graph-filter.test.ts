import { describe, expect, it } from 'vitest';
import { GraphFilter } from '../../../../src/lib/model/filter/graph-filter.ts';
import { symmetricEigenSteps } from '../../../../src/lib/model/linear/symmetric-eigen.ts';
import { randomDataset } from '../evaluate/random-dataset.ts';

const { matrix: train } = randomDataset(40, 25, 300, 6);
const items = train.columns;
const options = {
  userExponent: 0.3,
  itemExponent: 0.4,
  rank: 5,
  lowPassWeight: 0.7,
  sharpening: 1.7,
  degreeExponent: 0.25,
};

type Dense = readonly (readonly number[])[];

const times = (a: Dense, b: Dense): Dense =>
  a.map((row) => row.map((_, j) => row.reduce((sum, value, m) => sum + value * b[m]![j]!, 0)));
const plus = (a: Dense, scale: number, b: Dense): Dense =>
  a.map((row, i) => row.map((value, j) => value + scale * b[i]![j]!));

/** The filter as a dense matrix, from an eigendecomposition: row j holds the weights of item j's score. */
function denseFilter(rank: number): Dense {
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
  const { values, vectors } = step.value;
  const order = [...values.keys()].sort((one, other) => values[other]! - values[one]!);
  const p: Dense = gram.map((row) => row.map((value) => value / values[order[0]!]!));
  const low: Dense = degree.map((own, i) =>
    degree.map((other, j) => {
      const leading = order.slice(0, rank).map((at) => vectors[at * items + i]! * vectors[at * items + j]!);
      return own ** 0.4 * leading.reduce((sum, value) => sum + value, 0) * other ** -0.4;
    }),
  );
  const identity: Dense = degree.map((_, i) => degree.map((__, j) => Number(i === j)));
  // 1 − tp (1 − tp/2 (1 − tp/3 (1 − tp/4))) is the step of the classical Runge–Kutta method
  let sharpened = identity;
  for (const part of [4, 3, 2, 1]) sharpened = plus(identity, -1.7 / part, times(p, sharpened));
  return times(sharpened, plus(p, 0.7, low)).map((row, j) => row.map((value) => degree[j]! ** 0.25 * value));
}

describe.each([0, 5])('the graph filter with a low-pass of rank %i', (rank) => {
  const fitted = GraphFilter.fit(train, { ...options, rank }, 3);
  const expected = denseFilter(rank);

  it('is the matrix of its definition', async () => {
    const scores = (await fitted).scores([3, 8, 20], [1, 0.5, 2]);
    for (let j = 0; j < items; j++) {
      expect(scores[j]).toBeCloseTo(expected[j]![3]! + 0.5 * expected[j]![8]! + 2 * expected[j]![20]!, 2);
    }
  });

  it('says what each item of a history adds', async () => {
    const filter = await fitted;
    const influence = filter.influences(4);
    for (const own of [0, 4, 11, 24]) expect(filter.scores([own], [1])[4]).toBeCloseTo(influence[own]!, 9);
    const scores = filter.scores([2, 9], [1, 3]);
    expect(influence[2]! + 3 * influence[9]!).toBeCloseTo(scores[4]!, 9);
  });

  it('scores many as it scores one', async () => {
    const filter = await fitted;
    const rows = { ...train, rows: 32, indptr: train.indptr.slice(0, 33) };
    const [many, again] = await Promise.all([filter.scoresOfMany(rows), filter.scoresOfMany(rows)]);
    expect(again).toEqual(many);
    for (let row = 0; row < 32; row++) {
      const [begin, end] = [train.indptr[row]!, train.indptr[row + 1]!];
      const one = filter.scores(train.indices.slice(begin, end), train.data.slice(begin, end));
      one.forEach((score, item) => expect(many[row * items + item]).toBeCloseTo(score, 4));
    }
  });

  it('forgets what it scored before', async () => {
    const filter = await fitted;
    const first = filter.scores([1], [1]);
    filter.scores([5, 6], [3, 3]);
    expect(filter.scores([1], [1])).toEqual(first);
  });

  it('comes back from what is kept', async () => {
    const { interactions, spectrum, options: own, scores } = await fitted;
    expect(spectrum.rank).toBe(rank);
    const back = GraphFilter.of(interactions, own, spectrum);
    expect(back.scores([3, 7], [1, 2])).toEqual(scores.call(await fitted, [3, 7], [1, 2]));
  });
});

describe('the graph filter', () => {
  it('is finite for a graph without edges', async () => {
    const empty = {
      rows: 2,
      columns: 3,
      indptr: new Int32Array(3),
      indices: new Int32Array(0),
      data: new Float32Array(0),
    };
    const filter = await GraphFilter.fit(empty, options, 1);
    expect([...filter.scores([1], [1])]).toEqual([0, 0, 0]);
  });

  it('can be stopped while it searches for eigenvectors', async () => {
    const signal = AbortSignal.abort();
    await expect(GraphFilter.fit(train, options, 1, signal)).rejects.toMatchObject({ code: 'cancelled' });
  });
});
