import type { ItemId, Stars, VisitorEvent } from '../../lib/types.ts';

/** What the visitor has said about one item, summed up from the events. */
export interface Standing {
  readonly liked: boolean;
  readonly hidden: boolean;
  readonly ordered: boolean;
  /** Own rating; null where there is none. */
  readonly stars: Stars | null;
  /** Own review; null where there is none. */
  readonly review: Extract<VisitorEvent, { kind: 'review' }> | null;
}

export const NO_STANDING: Standing = {
  liked: false,
  hidden: false,
  ordered: false,
  stars: null,
  review: null,
};

/** Sums events up by item. Of several ratings or reviews of an item the newest counts; `events` are oldest first. */
export function standings(events: readonly VisitorEvent[]): ReadonlyMap<ItemId, Standing> {
  const byItem = new Map<ItemId, Standing>();
  for (const event of events) {
    byItem.set(event.itemId, advance(byItem.get(event.itemId) ?? NO_STANDING, event));
  }
  return byItem;
}

function advance(before: Standing, event: VisitorEvent): Standing {
  switch (event.kind) {
    case 'like':
      return { ...before, liked: true };
    case 'hide':
      return { ...before, hidden: true };
    case 'order':
      return { ...before, ordered: true };
    case 'rate':
      return { ...before, stars: event.stars };
    case 'review':
      return { ...before, review: event };
    case 'view':
    case 'click':
    case 'dwell':
    case 'basket':
      return before;
    default:
      return event satisfies never;
  }
}

/** Events with one of the ids, and the others, each in their order. */
export function partition(
  events: readonly VisitorEvent[],
  ids: readonly string[],
): readonly [named: readonly VisitorEvent[], others: readonly VisitorEvent[]] {
  const named = new Set(ids);
  return [events.filter((event) => named.has(event.id)), events.filter((event) => !named.has(event.id))];
}
