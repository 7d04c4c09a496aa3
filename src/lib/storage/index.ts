import { AppError } from '../errors.ts';
import { createBasket } from './basket.ts';
import { createCheckpoints } from './checkpoints.ts';
import { createEvents } from './events.ts';
import { createExperiments } from './experiments.ts';
import { openIdbDatabase } from './idb-database.ts';
import { createMarks, type KeptMarks, localArea } from './marks.ts';
import { createMemoryDatabase } from './memory-database.ts';
import { createLog } from './log.ts';
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
import { sayingSchema } from './validate.ts';

export { byTime } from './log.ts';
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
    const marks = createMarks(localArea());
    const database = await openIdbDatabase(
      DATABASE_NAME,
      MIGRATIONS,
      (reason) => onSuperseded?.(reason),
      () => marks.createdAnew(),
    );
    return createStorage(database, null, marks);
  } catch (error) {
    const failure = AppError.from(error, 'storage-unavailable');
    if (NOT_FOR_MEMORY.has(failure.code)) throw failure;
    return createStorage(createMemoryDatabase(), failure.message);
  }
}

/** What is done to all of the data at once: a page that comes later brings it along, the first load does not. */
const whole = () => import('./whole.ts');

/**
 * The storage over a record database; `memoryReason` is null where that one is durable. What is in memory only leaves no
 * marks either.
 */
export function createStorage(
  database: RecordDatabase,
  memoryReason: string | null,
  marks: KeptMarks = createMarks(null),
): Storage {
  const events = createEvents(database);
  const orders = createOrders(database);
  return {
    mode: memoryReason === null ? 'durable' : 'memory',
    memoryReason,
    events: {
      ...events,
      async add(added) {
        await events.add(added);
        marks.keep();
      },
    },
    sayings: createLog(database, 'sayings', sayingSchema),
    orders: {
      ...orders,
      async place(order, made) {
        await orders.place(order, made);
        marks.keep();
      },
    },
    basket: createBasket(database),
    packs: createPacks(database),
    snapshots: createSnapshots(database),
    checkpoints: createCheckpoints(database),
    experiments: createExperiments(database),
    plans: createPlans(database),
    settings: createSettings(database),
    quarantine: createQuarantine(database),
    backup: {
      collect: async (options) => (await whole()).collectBackup(database, options),
      compare: async (contents) => (await whole()).compareBackup(database, contents),
      async restore(contents, mode) {
        await (await whole()).restoreBackup(database, contents, mode);
        marks.settle();
        marks.keep();
      },
    },
    marks,
    usage: async () => (await whole()).readUsage(database),
    persist: async () => memoryReason === null && (await whole()).askToPersist(),
    exportAll: async () => (await whole()).exportAll(database),
    async eraseVisitor() {
      await (await whole()).eraseVisitor(database);
      marks.forget();
    },
    countRange: async (range) => (await whole()).countRange(database, range),
    eraseRange: async (range) => (await whole()).eraseRange(database, range),
    async eraseEverything() {
      // Before anything is closed: without this code nothing can be erased.
      const { eraseOrigin } = await whole();
      // Closed for good: a save that is still under way must not bring the database back.
      database.close(
        new AppError('storage-terminated', 'Everything was erased.', { remedy: 'Reload the page.' }),
      );
      await eraseOrigin(DATABASE_NAME);
    },
    close: () => database.close(new AppError('storage-terminated', 'The storage was closed.')),
  };
}
