import type { RecordDatabase } from './operations.ts';
import { byTime } from './log.ts';
import { createQuarantine, readValid } from './quarantine.ts';
import { createSettings } from './settings.ts';
import type { ExportDocument, QuarantinedRecord } from './types.ts';
import { basketLineSchema, eventSchema, orderSchema, sayingSchema } from './validate.ts';

/** Broken models stay behind as sound ones do: a model can give away who it was trained on. */
const EXPORTED_STORES: readonly QuarantinedRecord['store'][] = [
  'events',
  'sayings',
  'orders',
  'basket',
  'settings',
];

/** Everything the visitor owns, of all packs, in an order that does not depend on how it was stored. */
export async function exportAll(database: RecordDatabase): Promise<ExportDocument> {
  return { format: 'fairshelf-export', version: 1, ...(await collectVisitor(database)) };
}

/** What an export and a backup share. */
export async function collectVisitor(
  database: RecordDatabase,
): Promise<Omit<ExportDocument, 'format' | 'version'>> {
  const events = await readValid(database, 'events', eventSchema);
  const sayings = await readValid(database, 'sayings', sayingSchema);
  const orders = await readValid(database, 'orders', orderSchema);
  const basket = await readValid(database, 'basket', basketLineSchema);
  const settings = await createSettings(database).get();
  // Last: the readings above may have put records there.
  const broken = await createQuarantine(database).list();
  return {
    exportedAt: new Date().toISOString(),
    settings,
    events: [...events].sort(byTime),
    sayings: [...sayings].sort(byTime),
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

/** A value as `serializeExport` writes it, ready for JSON.stringify. */
export function canonical(value: unknown): unknown {
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
