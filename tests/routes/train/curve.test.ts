import { expect, it } from 'vitest';
import { curveColumns, curveRange } from '../../../src/routes/train/charts/curve.ts';

const point = (iteration: number, loss: number, ndcgAt10: number | null) => ({
  iteration,
  loss,
  ndcgAt10,
  seconds: iteration,
});

it('keeps gaps as gaps and puts the baseline beside every iteration', () => {
  const columns = curveColumns([point(1, 0.9, null), point(2, Infinity, 0.2)], 0.1);
  expect(columns).toEqual({
    iteration: [1, 2],
    loss: [0.9, null],
    ndcgAt10: [null, 0.2],
    popularity: [0.1, 0.1],
  });
});

it('frames the planned run, and a run beyond its plan', () => {
  expect(curveRange(16, [])).toEqual([1, 16]);
  expect(curveRange(1, [point(1, 1, null)])).toEqual([1, 2]);
  expect(curveRange(4, [point(9, 1, null)])).toEqual([1, 9]);
});
