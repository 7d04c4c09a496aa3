import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Filters,
  isBrowsing,
  readFilters,
  SORTS,
  writeFilters,
} from '../../../src/routes/shop/filters.ts';

describe('filters in the address', () => {
  it('come back as they were written', () => {
    const filters: fc.Arbitrary<Filters> = fc.record({
      query: fc.string(),
      category: fc.option(fc.string({ minLength: 1 })),
      sort: fc.constantFrom(...SORTS),
    });
    fc.assert(
      fc.property(filters, (written) => {
        const read = readFilters(writeFilters(written).slice(1));
        // With a query the best match comes first unless another order is chosen; "popular" must then be written.
        expect(read).toEqual(written);
      }),
    );
  });

  it('are absent for the defaults', () => {
    expect(writeFilters({ query: '', category: null, sort: 'popular' })).toBe('');
    expect(readFilters(undefined)).toEqual({ query: '', category: null, sort: 'popular' });
  });

  it('sort a search by relevance unless told otherwise', () => {
    expect(readFilters('q=tea').sort).toBe('relevance');
    expect(readFilters('q=tea&sort=name').sort).toBe('name');
  });

  it('ignore a sort that does not exist', () => {
    expect(readFilters('sort=constructor').sort).toBe('popular');
  });

  it('tell looking for something from strolling', () => {
    expect(isBrowsing(readFilters('sort=name'))).toBe(false);
    expect(isBrowsing(readFilters('category=garden'))).toBe(true);
    expect(isBrowsing(readFilters('q=tea'))).toBe(true);
  });
});
