import { expect, it } from 'vitest';
import type { MonitorPoint } from '../../../src/lib/model/index.ts';
import { hitRateColumns } from '../../../src/routes/train/charts/hit-rate.ts';

const point = (rank: number, popularityRank: number): MonitorPoint => ({
  at: 0,
  item: 0,
  rank,
  popularityRank,
  candidates: 50,
});

it('counts hits up to each point, the tenth place included', () => {
  expect(hitRateColumns([point(1, 11), point(11, 10), point(10, 12), point(40, 1)])).toEqual({
    count: [1, 2, 3, 4],
    model: [1, 1 / 2, 2 / 3, 1 / 2],
    popularity: [0, 1 / 2, 1 / 3, 1 / 2],
  });
});

it('is empty without points', () => {
  expect(hitRateColumns([])).toEqual({ count: [], model: [], popularity: [] });
});
