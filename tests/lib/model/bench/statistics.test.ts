import { describe, expect, it } from 'vitest';
import { fitPowerLaw, median, percentile } from '../../../../src/lib/model/bench/statistics.ts';

describe('median', () => {
  it('is the middle value, or the mean of the middle two, in any order', () => {
    expect(median([7])).toBe(7);
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 1, 4, 2])).toBe(3);
  });

  it('refuses nothing', () => expect(() => median([])).toThrow('median of nothing'));
});

describe('percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);

  it('is the nearest rank', () => {
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile(hundred, 1)).toBe(100);
    expect(percentile(hundred, 0.5)).toBe(50);
    expect(percentile(hundred, 0)).toBe(1);
  });

  it('is the slowest of fewer than a hundred', () => expect(percentile([3, 8, 5, 1, 2], 0.99)).toBe(8));

  it('refuses nothing', () => expect(() => percentile([], 0.5)).toThrow('percentile of nothing'));
});

describe('fitPowerLaw', () => {
  it('finds an exact power law', () => {
    const law = fitPowerLaw([1, 10, 500, 2000].map((x) => ({ x, y: 3 * x ** 1.5 })));
    expect(law?.exponent).toBeCloseTo(1.5, 12);
    expect(law?.coefficient).toBeCloseTo(3, 10);
  });

  it('weighs deviations in the logarithms: a factor up and the same factor down cancel out', () => {
    const points = [
      { x: 1, y: 2 },
      { x: 1, y: 1 / 2 },
      { x: 100, y: 200 },
      { x: 100, y: 50 },
    ];
    expect(fitPowerLaw(points)?.exponent).toBeCloseTo(1, 12);
  });

  it.each([[[]], [[{ x: 2, y: 3 }]], [[2, 2].map((x, y) => ({ x, y: y + 1 }))]])(
    'says nothing without two different sizes: %j',
    (points) => expect(fitPowerLaw(points)).toBeNull(),
  );
});
