import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { workgroupGrid } from '../../../../src/lib/model/gpu/grid.ts';

const LIMIT = 65_535;

describe('workgroupGrid', () => {
  it('covers any count within the limit, wasting less than a row', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), (count) => {
        const [x, y] = workgroupGrid(count, LIMIT);
        expect(Math.max(x, y)).toBeLessThanOrEqual(LIMIT);
        expect(x * y).toBeGreaterThanOrEqual(count);
        expect(x * y).toBeLessThan(count + x);
      }),
    );
  });

  it('stays in one dimension as long as it can', () => {
    expect(workgroupGrid(LIMIT, LIMIT)).toEqual([LIMIT, 1]);
    expect(workgroupGrid(LIMIT + 1, LIMIT)).toEqual([LIMIT, 2]);
    expect(workgroupGrid(0, LIMIT)).toEqual([1, 1]);
  });

  it('refuses what two dimensions cannot hold', () => {
    expect(() => workgroupGrid(10, 3)).toThrow(expect.objectContaining({ code: 'input-invalid' }) as Error);
  });
});
