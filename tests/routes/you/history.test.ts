import { describe, expect, it } from 'vitest';
import { MAX_EVENTS_PER_KIND, type ProfileEvent } from '../../../src/lib/model/index.ts';
import type { Item, ItemId, ItemIndex, PackId, VisitorEvent } from '../../../src/lib/types.ts';
import { categoryShares, historyGroups, ofKind, tasteOf } from '../../../src/routes/you/history.ts';

const item = (index: number, category: string): Item => ({
  index: index as ItemIndex,
  id: `item-${index}` as ItemId,
  name: { en: `Item ${index}` },
  brand: '',
  category,
  price: null,
  description: {},
  attributes: [],
  art: null,
  popularity: 0,
  ratingCounts: [0, 0, 0, 0, 0],
});
const ITEMS = [item(0, 'tea'), item(1, 'tea'), item(2, 'garden'), item(3, 'music')];
const find = (id: ItemId): Item | null => ITEMS.find((known) => known.id === id) ?? null;

let clock = 0;
const base = (index: number) => ({
  id: `event-${++clock}`,
  packId: 'p' as PackId,
  itemId: `item-${index}` as ItemId,
  at: clock,
});
const profileOf = (events: readonly VisitorEvent[]): readonly ProfileEvent[] =>
  events.flatMap((event) => {
    const known = find(event.itemId);
    if (known === null) return [];
    const stars = event.kind === 'rate' ? event.stars : 0;
    return [{ id: event.id, item: known.index, kind: event.kind, stars, seconds: 0, at: event.at }];
  });
const groupsOf = (events: readonly VisitorEvent[]) => historyGroups(events, profileOf(events), find);

describe('the history by product', () => {
  it('puts the product touched last first, and its newest event first', () => {
    const groups = groupsOf([
      { ...base(0), kind: 'view' },
      { ...base(2), kind: 'view' },
      { ...base(0), kind: 'like' },
    ]);
    expect(groups.map(({ itemId }) => itemId)).toEqual(['item-0', 'item-2']);
    expect(groups[0]!.events.map(({ event }) => event.kind)).toEqual(['like', 'view']);
    expect(groups[0]!.strength).toBeCloseTo(3.2, 6);
  });

  it('shows the event beyond the limit of its kind as counting for nothing', () => {
    const events = Array.from({ length: MAX_EVENTS_PER_KIND + 1 }, () => ({
      ...base(1),
      kind: 'like' as const,
    }));
    const [group] = groupsOf(events);
    expect(group!.events[0]!.strength).toBe(0);
    expect(group!.strength).toBe(3 * MAX_EVENTS_PER_KIND);
  });

  it('keeps products that the shop no longer has, counting for nothing', () => {
    const [group] = groupsOf([{ ...base(99), kind: 'like' }]);
    expect(group).toMatchObject({ item: null, strength: 0 });
    expect(group!.events).toHaveLength(1);
  });

  it('filters by kind and leaves empty products out', () => {
    const groups = groupsOf([
      { ...base(0), kind: 'view' },
      { ...base(2), kind: 'hide' },
    ]);
    expect(ofKind(groups, 'hide').map(({ itemId }) => itemId)).toEqual(['item-2']);
    expect(ofKind(groups, null)).toBe(groups);
  });
});

describe('the taste in words', () => {
  it('names liked and disliked categories, and the loudest products either way', () => {
    const taste = tasteOf(
      groupsOf([
        { ...base(0), kind: 'rate', stars: 5 },
        { ...base(1), kind: 'like' },
        { ...base(2), kind: 'hide' },
        { ...base(3), kind: 'view' },
      ]),
      { categories: 3, products: 2 },
    );
    expect(taste.likes).toEqual(['tea']);
    expect(taste.dislikes).toEqual(['garden']);
    expect(taste.strongest.map(({ itemId, strength }) => [itemId, strength])).toEqual([
      ['item-2', -5],
      ['item-0', 5],
    ]);
  });

  it('assumes nothing from a look', () => {
    const taste = tasteOf(groupsOf([{ ...base(3), kind: 'view' }]), { categories: 3, products: 5 });
    expect([taste.likes, taste.dislikes]).toEqual([[], []]);
  });

  it('counts products by category', () => {
    expect(categoryShares(ITEMS)).toEqual([
      { category: 'tea', count: 2 },
      { category: 'garden', count: 1 },
      { category: 'music', count: 1 },
    ]);
  });
});
