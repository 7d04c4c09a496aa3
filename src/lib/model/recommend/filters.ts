import type { EventKind } from '../../types.ts';
import type { ProfileEvent } from './types.ts';

/** After one of these the visitor has settled what to think of an item: no shelf shows it again. */
const SETTLING: ReadonlySet<EventKind> = new Set(['like', 'order', 'hide', 'rate', 'review']);

/** 1 for each item the visitor liked, bought, hid or rated; `items` entries. */
export function settledItems(events: readonly ProfileEvent[], items: number): Uint8Array {
  return marked(events, items, ({ kind }) => SETTLING.has(kind));
}

/** As settledItems, and 1 for what the visitor put into the basket: no news to recommend. */
export function settledOrBasketItems(events: readonly ProfileEvent[], items: number): Uint8Array {
  return marked(events, items, ({ kind }) => SETTLING.has(kind) || kind === 'basket');
}

function marked(
  events: readonly ProfileEvent[],
  items: number,
  wanted: (event: ProfileEvent) => boolean,
): Uint8Array {
  const mask = new Uint8Array(items);
  for (const event of events) if (wanted(event)) mask[event.item] = 1;
  return mask;
}
