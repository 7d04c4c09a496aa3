import { describe, expect, it } from 'vitest';
import type { ItemId, PackId, VisitorEvent } from '../../../src/lib/types.ts';
import { resolveProfile } from '../../../src/routes/state/profile.ts';
import { partition, standings } from '../../../src/routes/state/standing.ts';
import { makeItem } from '../support/shop.ts';

const base = { packId: 'shop' as PackId, itemId: 'item-1' as ItemId };
const EVENTS: readonly VisitorEvent[] = [
  { ...base, id: 'a', at: 1, kind: 'rate', stars: 2 },
  { ...base, id: 'b', at: 2, kind: 'like' },
  { ...base, id: 'c', at: 3, kind: 'rate', stars: 5 },
  { ...base, id: 'd', at: 4, kind: 'dwell', seconds: 12 },
  { ...base, id: 'e', at: 5, kind: 'hide', itemId: 'gone' as ItemId },
];

describe('standings', () => {
  it('sum up what was said about an item; the newest rating counts', () => {
    const byItem = standings(EVENTS);
    expect(byItem.get(base.itemId)).toMatchObject({ liked: true, hidden: false, stars: 5, review: null });
    expect(byItem.get('gone' as ItemId)).toMatchObject({ hidden: true, stars: null });
  });
});

describe('partition', () => {
  it('parts events by id and keeps their order', () => {
    const [named, others] = partition(EVENTS, ['d', 'a', 'unknown']);
    expect(named.map(({ id }) => id)).toEqual(['a', 'd']);
    expect(others.map(({ id }) => id)).toEqual(['b', 'c', 'e']);
  });
});

describe('resolveProfile', () => {
  it('gives stars and seconds where a kind has them, and leaves out products the shop does not have', () => {
    const item = makeItem(7, { id: base.itemId });
    const profile = resolveProfile(EVENTS, (id) => (id === item.id ? item : null));
    expect(profile.map(({ id, item: index, stars, seconds }) => [id, index, stars, seconds])).toEqual([
      ['a', 7, 2, 0],
      ['b', 7, 0, 0],
      ['c', 7, 5, 0],
      ['d', 7, 0, 12],
    ]);
  });
});
