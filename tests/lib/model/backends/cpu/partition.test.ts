import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partition } from '../../../../../src/lib/model/backends/cpu/partition.ts';

describe('partition', () => {
  it('covers all rows once, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000)), fc.integer({ min: 1, max: 9 }), (work, parts) => {
        const ranges = partition(work.length, parts, (row) => work[row]!);
        expect(ranges).toHaveLength(parts);
        let next = 0;
        for (const { first, last } of ranges) {
          expect(first).toBe(next);
          expect(last).toBeGreaterThanOrEqual(first);
          next = last;
        }
        expect(next).toBe(work.length);
      }),
    );
  });

  it('balances the work to within the largest row', () => {
    const work = Array.from({ length: 1_000 }, (_, row) => 1 + ((row * 37) % 50));
    const total = work.reduce((sum, value) => sum + value, 0);
    for (const { first, last } of partition(work.length, 4, (row) => work[row]!)) {
      const part = work.slice(first, last).reduce((sum, value) => sum + value, 0);
      expect(Math.abs(part - total / 4)).toBeLessThanOrEqual(50);
    }
  });
});
