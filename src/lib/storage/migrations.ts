import type { IDBPDatabase, IDBPTransaction } from 'idb';
import type { Steps } from './operations.ts';
import { drive } from './transaction.ts';

/** What a migration may do to the shape of the database, beside yielding operations on its records. */
export interface SchemaEditor {
  /** Creates an object store with inline keys. */
  createStore(name: string, keyPath: string | readonly string[]): void;
  deleteStore(name: string): void;
}

/**
 * One rung of the ladder: brings the database from the version before to its own. Names stores by strings of
 * its own time, never by the newest schema, so that it still does the same in years.
 */
export type Migration = (schema: SchemaEditor) => Steps<void>;

/** Rung n brings version n to version n + 1. A released rung is never edited; a change of schema adds one. */
export const MIGRATIONS: readonly Migration[] = [createFirstStores, addExperiments];

function* createFirstStores(schema: SchemaEditor): Steps<void> {
  schema.createStore('events', 'id');
  schema.createStore('orders', 'id');
  schema.createStore('basket', ['packId', 'itemId']);
  schema.createStore('packs', 'packId');
  schema.createStore('packFiles', ['packId', 'kind']);
  schema.createStore('snapshots', ['packId', 'model']);
  schema.createStore('checkpoints', ['packId', 'model']);
  schema.createStore('settings', 'id');
  schema.createStore('quarantine', 'id');
}

function* addExperiments(schema: SchemaEditor): Steps<void> {
  schema.createStore('experiments', 'id');
  schema.createStore('plans', 'id');
}

/** Climbs from `oldVersion` to the top inside the upgrade transaction; rejects with what a rung threw. */
export async function climb(
  database: IDBPDatabase,
  transaction: IDBPTransaction<unknown, string[], 'versionchange'>,
  oldVersion: number,
  ladder: readonly Migration[],
): Promise<void> {
  const schema: SchemaEditor = {
    createStore: (name, keyPath) =>
      void database.createObjectStore(name, {
        keyPath: typeof keyPath === 'string' ? keyPath : [...keyPath],
      }),
    deleteStore: (name) => database.deleteObjectStore(name),
  };
  for (const migration of ladder.slice(oldVersion)) await drive(transaction, migration(schema));
}
