import { describe, expect, it } from 'vitest';
import type { Item } from '../../../src/lib/types.ts';
import { selectItems, type SelectOptions } from '../../../src/routes/shop/select-items.ts';
import { makeItem } from '../support/shop.ts';

const ITEMS = [
  makeItem(0, { name: { en: 'Teapot 10' }, price: 30, popularity: 5, ratingCounts: [0, 0, 0, 0, 1] }),
  makeItem(1, { name: { en: 'Teapot 9' }, price: null, popularity: 9, ratingCounts: [1, 1, 2, 40, 156] }),
  makeItem(2, {
    name: { en: 'Spade' },
    category: 'garden',
    price: 20,
    popularity: 7,
    ratingCounts: [30, 0, 0, 0, 0],
  }),
];

const select = (
  change: Partial<SelectOptions['filters']>,
  hits: SelectOptions['hits'] = null,
): readonly number[] =>
  selectItems(ITEMS, {
    filters: { category: null, sort: 'popular', ...change },
    hits,
    nameOf: (item: Item) => item.name.en ?? '',
    locale: 'en',
  }).map((item) => item.index);

describe('selectItems', () => {
  it('sorts by popularity', () => expect(select({})).toEqual([1, 2, 0]));
  it('sorts by price and puts what has none last, both ways', () => {
    expect(select({ sort: 'price-up' })).toEqual([2, 0, 1]);
    expect(select({ sort: 'price-down' })).toEqual([0, 2, 1]);
  });
  it('does not let a single 5 beat two hundred 4.7s', () =>
    expect(select({ sort: 'rating' })).toEqual([1, 0, 2]));
  it('sorts names as people do', () => expect(select({ sort: 'name' })).toEqual([2, 1, 0]));
  it('keeps the order of the search', () => {
    expect(select({ sort: 'relevance' }, [ITEMS[2]!.index, ITEMS[0]!.index])).toEqual([2, 0]);
  });
  it('filters by category, also within a search', () => {
    expect(select({ category: 'garden' })).toEqual([2]);
    expect(select({ category: 'garden', sort: 'relevance' }, [ITEMS[0]!.index])).toEqual([]);
  });
});
