import { getAll, reading, type RecordDatabase } from './operations.ts';
import type { StoreName } from './schema.ts';
import type { StorageUsage } from './types.ts';

type DatasetName = StorageUsage['datasets'][number]['name'];

const DATASETS: readonly (readonly [DatasetName, readonly StoreName[]])[] = [
  ['events', ['events']],
  ['orders', ['orders']],
  ['basket', ['basket']],
  ['packs', ['packs', 'packFiles']],
  ['snapshots', ['snapshots']],
  ['checkpoints', ['checkpoints']],
  ['experiments', ['experiments', 'plans']],
  ['settings', ['settings']],
  ['quarantine', ['quarantine']],
];

/** How much each data set takes, by the records' own size, and what the browser says of the whole. */
export async function readUsage(database: RecordDatabase): Promise<StorageUsage> {
  const datasets = [];
  // One after the other: a pack's megabytes are let go before the next store is read.
  for (const [name, stores] of DATASETS) {
    let records = 0;
    let bytes = 0;
    for (const store of stores) {
      const all = await database.run(reading(store), () => getAll(store));
      // The files of a pack are parts of one record to the visitor.
      if (store !== 'packFiles') records += all.length;
      for (const record of all) bytes += sizeInBytes(record);
    }
    datasets.push({ name, records, bytes });
  }
  return { datasets, ...(await askBrowser()) };
}

async function askBrowser(): Promise<Pick<StorageUsage, 'quotaBytes' | 'persisted'>> {
  const manager = storageManager();
  if (manager === undefined) return { quotaBytes: null, persisted: null };
  const [estimate, persisted] = await Promise.all([
    manager.estimate().catch(() => null),
    manager.persisted().catch(() => null),
  ]);
  return { quotaBytes: estimate?.quota ?? null, persisted };
}

/** Asks the browser to keep the data under storage pressure; false where it refuses or cannot say. */
export async function askToPersist(): Promise<boolean> {
  return (
    (await storageManager()
      ?.persist()
      .catch(() => false)) ?? false
  );
}

/** Absent outside secure contexts, and outside browsers, whatever the type of `navigator` says. */
const storageManager = (): StorageManager | undefined =>
  (globalThis as { navigator?: { storage?: StorageManager } }).navigator?.storage;

const NUMBER_BYTES = 8;

/**
 * Size of a record as structured clone writes it, roughly: UTF-16 text, 8 bytes a number, buffers as they are.
 * An estimate for the page to show, never for deciding anything.
 */
export function sizeInBytes(value: unknown): number {
  if (typeof value === 'string') return 2 * value.length;
  if (typeof value === 'number' || typeof value === 'bigint') return NUMBER_BYTES;
  if (typeof value !== 'object' || value === null) return 1;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  return Object.entries(value).reduce(
    (sum, [key, field]) => sum + (Array.isArray(value) ? 0 : 2 * key.length) + sizeInBytes(field),
    0,
  );
}
