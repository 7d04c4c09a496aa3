import type { RecordDatabase } from './operations.ts';
import type { ExportDocument, QuarantinedRecord, Storage } from './types.ts';
import { basketLineSchema, eventSchema, orderSchema } from './validate.ts';
import { byTime } from './events.ts';
import { readValid } from './quarantine.ts';

/** Broken models stay behind as sound ones do: a model can give away who it was trained on. */
const EXPORTED_STORES: readonly QuarantinedRecord['store'][] = ['events', 'orders', 'basket', 'settings'];

/** Everything the visitor owns, of all packs, in an order that does not depend on how it was stored. */
export async function exportAll(
  database: RecordDatabase,
  settings: Storage['settings'],
  quarantine: Storage['quarantine'],
): Promise<ExportDocument> {
  const events = await readValid(database, 'events', eventSchema);
  const orders = await readValid(database, 'orders', orderSchema);
  const basket = await readValid(database, 'basket', basketLineSchema);
  const chosen = await settings.get();
  // Last: the readings above may have put records there.
  const broken = await quarantine.list();
  return {
    format: 'fairshelf-export',
    version: 1,
    exportedAt: new Date().toISOString(),
    settings: chosen,
    events: [...events].sort(byTime),
    orders: [...orders].sort(byTime),
    basket: [...basket].sort((left, right) =>
      [left.packId, left.itemId].join('\n') < [right.packId, right.itemId].join('\n') ? -1 : 1,
    ),
    quarantine: broken.filter((record) => EXPORTED_STORES.includes(record.store)),
  };
}

/**
 * The document as canonical JSON: keys sorted by code unit, two spaces, a final newline, so that equal data
 * gives equal bytes. Values that JSON lacks (only quarantined records can hold them) become named strings.
 */
export function serializeExport(document: ExportDocument): string {
  return `${JSON.stringify(canonical(document), null, 2)}\n`;
}

function canonical(value: unknown): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object') return null;
  if (Array.isArray(value)) return value.map(canonical);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  // fromEntries defines own properties: a key named __proto__ stays a key.
  return Object.fromEntries(entries.map(([key, field]) => [key, canonical(field)]));
}
