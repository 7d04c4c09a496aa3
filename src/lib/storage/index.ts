import { AppError } from '../errors.ts';
import { createBasket } from './basket.ts';
import { createCheckpoints } from './checkpoints.ts';
import { eraseOrigin, eraseVisitor } from './erase.ts';
import { createEvents } from './events.ts';
import { createExperiments } from './experiments.ts';
import { exportAll } from './export.ts';
import { openIdbDatabase } from './idb-database.ts';
import { createMemoryDatabase } from './memory-database.ts';
import { MIGRATIONS } from './migrations.ts';
import type { RecordDatabase } from './operations.ts';
import { createOrders } from './orders.ts';
import { createPacks } from './packs.ts';
import { createPlans } from './plans.ts';
import { createQuarantine } from './quarantine.ts';
import { DATABASE_NAME } from './schema.ts';
import { createSettings } from './settings.ts';
import { createSnapshots } from './snapshots.ts';
import type { Storage } from './types.ts';
import { askToPersist, readUsage } from './usage.ts';

export { byTime } from './events.ts';
export { serializeExport } from './export.ts';
export { DEFAULT_SETTINGS } from './settings.ts';
export type * from './types.ts';

export interface OpenStorageOptions {
  /**
   * Another tab took the database over (a newer version, code `storage-newer-version`) or erased everything
   * (`storage-terminated`): nothing can be saved here any more; the page asks to be reloaded.
   */
  readonly onSuperseded?: (reason: AppError) => void;
}

/** Failures that must not be papered over by an empty memory: the data is there and waits. */
const NOT_FOR_MEMORY = new Set(['storage-blocked', 'storage-newer-version', 'storage-migration-failed']);

/**
 * Opens the visitor's data. Where the browser has or gives no IndexedDB, everything works in memory and
 * `memoryReason` says so. Rejects with `storage-blocked`, `storage-newer-version` or
 * `storage-migration-failed`, with the data kept as it was. Opening writes nothing.
 */
export async function openStorage({ onSuperseded }: OpenStorageOptions = {}): Promise<Storage> {
  try {
    const database = await openIdbDatabase(DATABASE_NAME, MIGRATIONS, (reason) => onSuperseded?.(reason));
    return createStorage(database, null);
  } catch (error) {
    const failure = AppError.from(error, 'storage-unavailable');
    if (NOT_FOR_MEMORY.has(failure.code)) throw failure;
    return createStorage(createMemoryDatabase(), failure.message);
  }
}

/** The storage over a record database; `memoryReason` is null where that one is durable. */
export function createStorage(database: RecordDatabase, memoryReason: string | null): Storage {
  const settings = createSettings(database);
  const quarantine = createQuarantine(database);
  return {
    mode: memoryReason === null ? 'durable' : 'memory',
    memoryReason,
    events: createEvents(database),
    orders: createOrders(database),
    basket: createBasket(database),
    packs: createPacks(database),
    snapshots: createSnapshots(database),
    checkpoints: createCheckpoints(database),
    experiments: createExperiments(database),
    plans: createPlans(database),
    settings,
    quarantine,
    usage: () => readUsage(database),
    persist: () => (memoryReason === null ? askToPersist() : Promise.resolve(false)),
    exportAll: () => exportAll(database, settings, quarantine),
    eraseVisitor: () => eraseVisitor(database),
    async eraseEverything() {
      // Closed for good: a save that is still under way must not bring the database back.
      database.close(
        new AppError('storage-terminated', 'Everything was erased.', { remedy: 'Reload the page.' }),
      );
      await eraseOrigin(DATABASE_NAME);
    },
    close: () => database.close(new AppError('storage-terminated', 'The storage was closed.')),
  };
}
