import { describe, expect, it } from 'vitest';
import type { Shelf, ShelfKind } from '../../../src/lib/model/index.ts';
import type { ItemIndex } from '../../../src/lib/types.ts';
import { changedPlaces, withoutRepeats } from '../../../src/routes/state/shelf-places.ts';

const shelf = (
  kind: ShelfKind,
  items: readonly number[],
  scores: readonly number[] = items.map(() => 1),
): Shelf => ({
  kind,
  basis: 'text',
  anchor: null,
  entries: items.map((item, place) => ({ item: item as ItemIndex, score: scores[place]!, reason: null })),
});
const itemsOf = (shelves: readonly Shelf[]): readonly (readonly number[])[] =>
  shelves.map(({ entries }) => entries.map(({ item }) => item));

describe('withoutRepeats', () => {
  it('lets the earlier shelf keep a product', () => {
    const shelves = withoutRepeats([shelf('for-you', [1, 2, 3]), shelf('popular', [2, 4, 1, 5])], 10);
    expect(itemsOf(shelves)).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
  });

  it('cuts to length before it counts a product as placed', () => {
    const shelves = withoutRepeats([shelf('for-you', [1, 2, 3]), shelf('popular', [3, 4])], 2);
    expect(itemsOf(shelves)).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('leaves out a shelf with nothing of its own', () => {
    expect(withoutRepeats([shelf('for-you', [1]), shelf('popular', [1])], 5)).toHaveLength(1);
  });

  it('does not call far-off leftovers "because you liked"', () => {
    const scores = [1, 0.9, 0.8, 0.7, 0.1];
    const anchored = shelf('because-you-liked', [1, 2, 3, 4, 5], scores);
    expect(itemsOf(withoutRepeats([anchored], 10))).toEqual([[1, 2, 3, 4]]);
    expect(withoutRepeats([shelf('for-you', [1]), anchored], 10)).toHaveLength(1);
  });
});

describe('changedPlaces', () => {
  it('counts places that hold another product', () => {
    expect(changedPlaces(shelf('for-you', [1, 2, 3]), shelf('for-you', [1, 3, 2]))).toBe(2);
    expect(changedPlaces(shelf('for-you', [1, 2]), shelf('for-you', [1, 2, 3]))).toBe(1);
    expect(changedPlaces(shelf('for-you', [1, 2]), shelf('for-you', [1, 2]))).toBe(0);
  });
});
