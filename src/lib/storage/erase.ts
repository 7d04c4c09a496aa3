import { deleteDB } from 'idb';
import { AppError } from '../errors.ts';
import { BLOCKED_GRACE_MS } from './open.ts';
import { clear, writingStrictly, type RecordDatabase } from './operations.ts';
import type { StoreName } from './schema.ts';

const VISITOR_STORES: readonly StoreName[] = [
  'events',
  'orders',
  'basket',
  'snapshots',
  'checkpoints',
  'quarantine',
];

/** Deletes what the visitor did and every model trained on it, in one transaction; packs and settings stay. */
export function eraseVisitor(database: RecordDatabase): Promise<void> {
  return database.run(writingStrictly(...VISITOR_STORES), function* () {
    for (const store of VISITOR_STORES) yield* clear(store);
  });
}

/** Other pages of the origin (another folder of the host) keep what is theirs: our names begin with this. */
const OWN_PREFIX = 'fairshelf';

/**
 * Deletes all that this page keeps in the browser: the database, caches, its keys of localStorage and
 * sessionStorage, and the service worker's registration. The database must be closed here; other tabs let go of it by themselves.
 * Everything is tried even where one part fails; rejects with the first failure then, `storage-blocked` where
 * another tab holds on to the database (it is deleted once that tab closes).
 */
export async function eraseOrigin(databaseName: string): Promise<void> {
  // The worker first: it could fill its caches again.
  const worker = await settle(unregisterWorkers());
  const rest = await Promise.all([
    settle(deleteDatabase(databaseName)),
    settle(deleteCaches()),
    settle(clearWebStorage()),
  ]);
  const failure = [worker, ...rest].find((error) => error !== null);
  if (failure !== undefined) throw AppError.from(failure, 'storage-unavailable');
}

async function settle(work: Promise<void>): Promise<Error | null> {
  try {
    await work;
    return null;
  } catch (error) {
    return AppError.from(error, 'storage-unavailable');
  }
}

async function unregisterWorkers(): Promise<void> {
  // Absent outside secure contexts, whatever the type says; so are caches.
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  for (const registration of (await container?.getRegistrations()) ?? []) {
    if (registration.scope === scope()) await registration.unregister();
  }
}

function deleteDatabase(name: string): Promise<void> {
  // Where IndexedDB is refused there is nothing to delete.
  if ((globalThis as { indexedDB?: IDBFactory }).indexedDB === undefined) return Promise.resolve();
  return new Promise((resolve, reject) => {
    let giveUp: ReturnType<typeof setTimeout> | undefined;
    const deleting = deleteDB(name, {
      blocked() {
        giveUp = setTimeout(() => {
          const remedy = 'Close the other tabs of this shop: the data is deleted then.';
          reject(new AppError('storage-blocked', 'Another tab keeps the database open.', { remedy }));
        }, BLOCKED_GRACE_MS);
      },
    });
    deleting.then(resolve, reject).finally(() => clearTimeout(giveUp));
  });
}

async function deleteCaches(): Promise<void> {
  const storage = (globalThis as { caches?: CacheStorage }).caches;
  for (const name of (await storage?.keys()) ?? []) {
    // Workbox ends its caches' names with the scope.
    if (name.endsWith(scope()) || name.startsWith(OWN_PREFIX)) await storage?.delete(name);
  }
}

// async: a browser that refuses web storage throws on the first touch.
async function clearWebStorage(): Promise<void> {
  await Promise.resolve();
  for (const area of [localStorage, sessionStorage]) {
    for (const key of Object.keys(area)) if (key.startsWith(OWN_PREFIX)) area.removeItem(key);
  }
}

/** The folder this page is served from. */
const scope = (): string => new URL('./', document.baseURI).href;
