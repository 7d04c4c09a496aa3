import type { IDBPDatabase } from 'idb';
import { AppError } from '../errors.ts';
import { isConnectionLoss, storageFailure, terminated } from './failure.ts';
import type { Migration } from './migrations.ts';
import { openConnection } from './open.ts';
import type { RecordDatabase } from './operations.ts';
import { transact } from './transaction.ts';

/**
 * The record database in IndexedDB. A connection that the browser drops is opened again once for the
 * transaction that noticed; a second loss rejects with `storage-terminated`. A connection given up to a newer
 * tab, or to one that erased everything, stays closed: `onSuperseded` hears why, once.
 * Rejects as `openConnection` does.
 */
export async function openIdbDatabase(
  name: string,
  ladder: readonly Migration[],
  onSuperseded: (reason: AppError) => void,
): Promise<RecordDatabase> {
  let closed: Error | null = null;
  let connection: Promise<IDBPDatabase> | null = null;

  const connect = (): Promise<IDBPDatabase> => {
    if (connection !== null) return connection;
    const opening = openConnection(name, ladder, {
      onSuperseded(newVersion) {
        const reason = supersededBy(newVersion);
        closed ??= reason;
        onSuperseded(reason);
      },
      onTerminated: () => forget(opening),
    });
    connection = opening;
    opening.catch(() => forget(opening));
    return opening;
  };
  const forget = (lost: Promise<IDBPDatabase> | null): void => {
    if (connection === lost) connection = null;
    // What never opened has nothing to close.
    lost?.then((database) => database.close()).catch(() => undefined);
  };

  await connect();
  return {
    async run(access, steps) {
      for (let isSecondTry = false; ; isSecondTry = true) {
        if (closed !== null) throw closed;
        const used = connect();
        try {
          return await transact(await used, access, steps);
        } catch (error) {
          if (!isConnectionLoss(error)) throw storageFailure(error);
          forget(used);
          if (isSecondTry) throw terminated(error);
        }
      }
    },
    close(reason) {
      closed ??= reason;
      forget(connection);
    },
  };
}

function supersededBy(newVersion: number | null): AppError {
  return newVersion === null
    ? new AppError('storage-terminated', 'Everything was erased in another tab.', {
        remedy: 'Reload the page.',
      })
    : new AppError('storage-newer-version', 'A newer version of this page was opened in another tab.', {
        values: { newVersion },
        remedy: 'Reload the page.',
      });
}
