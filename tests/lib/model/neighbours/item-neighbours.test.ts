import { describe, expect, it } from 'vitest';
import {
  itemKnn,
  neighbourScores,
  rp3Beta,
  weightBetween,
} from '../../../../src/lib/model/neighbours/item-neighbours.ts';
import { validateCsr, type CsrMatrix } from '../../../../src/lib/model/matrix/csr.ts';
import { randomDataset } from '../evaluate/random-dataset.ts';

const { matrix: train } = randomDataset(40, 25, 300, 5);
const all = { neighbours: 1000 };

/** 0/1, dense, by users. */
function dense(matrix: CsrMatrix): number[][] {
  return Array.from({ length: matrix.rows }, (_, user) => {
    const own = new Set(matrix.indices.subarray(matrix.indptr[user], matrix.indptr[user + 1]));
    return Array.from({ length: matrix.columns }, (__, item) => Number(own.has(item)));
  });
}

const x = dense(train);
const items = train.columns;
const count = (item: number) => x.reduce((sum, row) => sum + row[item]!, 0);

describe('item-kNN', () => {
  it('has the cosines of the definition', async () => {
    const weights = await itemKnn(train, { ...all, shrinkage: 3 });
    validateCsr(weights);
    for (let i = 0; i < items; i++) {
      for (let j = 0; j < items; j++) {
        const both = x.reduce((sum, row) => sum + row[i]! * row[j]!, 0);
        const expected = i === j ? 0 : both / (Math.sqrt(count(i) * count(j)) + 3);
        expect(weightBetween(weights, i, j)).toBeCloseTo(expected, 6);
      }
    }
  });

  it('keeps the nearest of each item, the lower position of equals', async () => {
    const every = await itemKnn(train, { ...all, shrinkage: 0 });
    const few = await itemKnn(train, { neighbours: 4, shrinkage: 0 });
    for (let j = 0; j < items; j++) {
      const ranked = Array.from({ length: items }, (_, i) => ({ i, s: weightBetween(every, i, j) }))
        .filter(({ s }) => s > 0)
        .sort((a, b) => b.s - a.s || a.i - b.i);
      const kept = Array.from({ length: items }, (_, i) => i).filter((i) => weightBetween(few, i, j) > 0);
      expect(kept).toEqual(
        ranked
          .slice(0, 4)
          .map(({ i }) => i)
          .sort((a, b) => a - b),
      );
    }
  });

  it('adds up over a history', async () => {
    const weights = await itemKnn(train, { ...all, shrinkage: 1 });
    const scores = neighbourScores(weights, [2, 7], [1, 2]);
    for (let j = 0; j < items; j++) {
      expect(scores[j]).toBeCloseTo(weightBetween(weights, 2, j) + 2 * weightBetween(weights, 7, j), 6);
    }
  });
});

describe('RP3β', () => {
  it.each([
    [1, 0],
    [0.6, 0.4],
  ])('has the walk of the definition, α %d, β %d', async (exponent, popularityPenalty) => {
    const weights = await rp3Beta(train, { ...all, exponent, popularityPenalty });
    const length = x.map((row) => row.reduce((a, b) => a + b, 0));
    for (let i = 0; i < items; i++) {
      for (let j = 0; j < items; j++) {
        let walk = 0;
        x.forEach((row, user) => {
          if (row[i] === 1 && row[j] === 1)
            walk += (1 / count(i)) ** exponent * (1 / length[user]!) ** exponent;
        });
        const expected = i === j ? 0 : walk / Math.max(1, count(j)) ** popularityPenalty;
        expect(weightBetween(weights, i, j)).toBeCloseTo(expected, 6);
      }
    }
  });
});
