import { expect, it } from 'vitest';
import { dampedAverage, summarizeRatings } from '../../../src/routes/ui/rating.ts';

it('averages stars', () => {
  expect(summarizeRatings([1, 0, 0, 0, 3])).toEqual({ count: 4, average: 4 });
  expect(summarizeRatings([0, 0, 0, 0, 0])).toEqual({ count: 0, average: 0 });
});

it('draws few ratings towards the mean and leaves many alone', () => {
  expect(dampedAverage({ count: 0, average: 0 }, 3.5)).toBe(3.5);
  expect(dampedAverage({ count: 10, average: 5 }, 3)).toBe(4);
  expect(dampedAverage({ count: 10_000, average: 5 }, 3)).toBeGreaterThan(4.99);
});
