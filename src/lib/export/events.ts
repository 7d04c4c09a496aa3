import { tableBytes } from '../pack/table-bytes.ts';
import type { ItemId, PackId, VisitorEvent } from '../types.ts';
import { csvText } from './csv.ts';

/** Columns of exported events, in this order. An import knows the table by them (`import/recognise/signatures`). */
export const EVENT_COLUMNS = ['pack', 'item', 'name', 'kind', 'value', 'text', 'time'] as const;

/** The product's name as it is shown; empty where it is not known any more. */
export type NameOf = (packId: PackId, itemId: ItemId) => string;

/** Events as CSV, a line an event; times in UTC as ISO 8601 with milliseconds. */
export function eventsAsCsv(events: readonly VisitorEvent[], nameOf: NameOf): string {
  return csvText({
    columns: EVENT_COLUMNS,
    rows: events.map((event) => [
      event.packId,
      event.itemId,
      nameOf(event.packId, event.itemId),
      event.kind,
      valueOf(event),
      textOf(event),
      new Date(event.at).toISOString(),
    ]),
  });
}

/**
 * Events as Parquet: strings, `value` a double or null, `text` a string or null, `time` a UTC timestamp in milliseconds.
 * Texts are what they were: no spreadsheet runs a cell of Parquet.
 */
export async function eventsAsParquet(
  events: readonly VisitorEvent[],
  nameOf: NameOf,
): Promise<Uint8Array<ArrayBuffer>> {
  return tableBytes((begin, end) => {
    const rows = events.slice(begin, end);
    const texts = (name: (typeof EVENT_COLUMNS)[number], of: (event: VisitorEvent) => string) =>
      ({ name, type: 'STRING', nullable: false, data: rows.map(of) }) as const;
    return [
      texts('pack', (event) => event.packId),
      texts('item', (event) => event.itemId),
      texts('name', (event) => nameOf(event.packId, event.itemId)),
      texts('kind', (event) => event.kind),
      { name: 'value', type: 'DOUBLE', data: rows.map(valueOf) },
      { name: 'text', type: 'STRING', data: rows.map(textOf) },
      { name: 'time', type: 'TIMESTAMP', nullable: false, data: rows.map((event) => new Date(event.at)) },
    ];
  }, events.length);
}

/** Stars of a rating, seconds of a look, how many of a purchase; null for what has no amount. */
function valueOf(event: VisitorEvent): number | null {
  switch (event.kind) {
    case 'rate':
    case 'review':
      return event.stars;
    case 'dwell':
      return event.seconds;
    case 'basket':
    case 'order':
      return event.quantity;
    case 'view':
    case 'click':
    case 'like':
    case 'hide':
      return null;
    default:
      return event satisfies never;
  }
}

function textOf(event: VisitorEvent): string | null {
  return event.kind === 'review' ? event.text : null;
}
