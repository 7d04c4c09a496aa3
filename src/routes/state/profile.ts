import type { ProfileEvent } from '../../lib/model/index.ts';
import type { Item, ItemId, VisitorEvent } from '../../lib/types.ts';

/** Events that the model can use: those on items of the open shop. The others stay kept, and hidden. */
export function resolveProfile(
  events: readonly VisitorEvent[],
  find: (id: ItemId) => Item | null,
): readonly ProfileEvent[] {
  return events.flatMap((event) => {
    const item = find(event.itemId);
    if (item === null) return [];
    return [
      {
        id: event.id,
        item: item.index,
        kind: event.kind,
        stars: event.kind === 'rate' || event.kind === 'review' ? event.stars : 0,
        seconds: event.kind === 'dwell' ? event.seconds : 0,
        at: event.at,
      },
    ];
  });
}
