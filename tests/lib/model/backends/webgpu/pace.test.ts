import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextRange, Pace } from '../../../../../src/lib/model/backends/webgpu/pace.ts';

describe('nextRange', () => {
  it('covers all rows once, within the budget but for single rows', () => {
    const costs = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(
        costs,
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 9 }),
        (cost, budget, most) => {
          let first = 0;
          while (first < cost.length) {
            const range = nextRange(first, cost.length, (row) => cost[row]!, budget, most);
            expect(range.first).toBe(first);
            expect(range.count).toBeGreaterThanOrEqual(1);
            expect(range.count).toBeLessThanOrEqual(most);
            expect(range.cost <= budget || range.count === 1).toBe(true);
            first += range.count;
          }
          expect(first).toBe(cost.length);
        },
      ),
    );
  });
});

describe('Pace', () => {
  it.each([1e3, 1e6, 1e9])(
    'finds dispatches of about 50 ms on a device of %d multiply-adds a millisecond',
    (rate) => {
      const pace = new Pace();
      // one small dispatch shows how little overhead there is
      pace.learn(1, 1 / rate, null);
      for (let dispatch = 0; dispatch < 30; dispatch++) pace.learn(pace.budget, pace.budget / rate, null);
      expect(pace.budget).toBeGreaterThan(0.9 * 50 * rate);
      expect(pace.budget).toBeLessThanOrEqual(Math.max(1e7, 1.1 * 50 * rate));
    },
  );

  it('does not shrink for overhead that smaller dispatches have too', () => {
    const pace = new Pace();
    const [overheadMs, rate] = [45, 1e6];
    for (let dispatch = 0; dispatch < 30; dispatch++)
      pace.learn(pace.budget, overheadMs + pace.budget / rate, null);
    expect(pace.budget / rate).toBeGreaterThan(10);
    // overhead and work together: about twice the target
    expect(overheadMs + pace.budget / rate).toBeLessThan(2.2 * 50);
  });

  it('does not run past 50 ms after one dispatch that was quick by chance', () => {
    const pace = new Pace();
    const rate = 1e6;
    const dispatch = (milliseconds: number): void =>
      pace.learn(pace.budget, 5 + milliseconds, { name: 'sum', milliseconds });
    for (let batch = 0; batch < 40; batch++) dispatch(pace.budget / rate);
    const settled = pace.budget;
    dispatch(settled / rate / 2);
    expect(pace.budget / settled).toBeLessThanOrEqual(1.11);
    dispatch(settled / rate / 10);
    expect(pace.budget / rate).toBeLessThan(60);
    expect(settled / rate).toBeGreaterThan(20);
  });

  it('does not grow on a dispatch that was small', () => {
    const pace = new Pace();
    const before = pace.budget;
    pace.learn(before / 100, 0.1, null);
    expect(pace.budget).toBe(before);
  });

  it.each([2e3, 1e6, 1e9])(
    'keeps dispatches below 50 ms by the clock of a device of %d multiply-adds a millisecond',
    (rate) => {
      const pace = new Pace(100);
      for (let batch = 0; batch < 30; batch++) {
        // four fifths of a batch are one dispatch, and getting there and back takes long
        const milliseconds = (0.8 * pace.budget) / rate;
        pace.learn(pace.budget, 60 + pace.budget / rate, { name: 'solve', milliseconds });
      }
      const longest = (0.8 * pace.budget) / rate;
      expect(longest).toBeLessThan(50);
      expect(longest).toBeGreaterThan(20);
    },
  );
});
