import { expect, it } from 'vitest';
import { curveColumns } from '../../../src/routes/train/charts/curve.ts';

const point = (iteration: number, loss: number, ndcgAt10: number | null) => ({
  iteration,
  loss,
  ndcgAt10,
  seconds: iteration,
});

it('keeps gaps as gaps and puts the baseline beside every planned iteration', () => {
  expect(curveColumns([point(1, 0.9, null), point(2, Infinity, 0.2)], 0.1, 3)).toEqual({
    iteration: [1, 2, 3],
    loss: [0.9, null, null],
    ndcgAt10: [null, 0.2, null],
    popularity: [0.1, 0.1, 0.1],
  });
});

it('is wide enough for a run beyond its plan, and never a single point', () => {
  expect(curveColumns([point(4, 1, null)], 0, 2).iteration).toEqual([1, 2, 3, 4]);
  expect(curveColumns([], 0, 1).iteration).toEqual([1, 2]);
});
