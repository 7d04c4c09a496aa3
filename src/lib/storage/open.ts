import { openDB, type IDBPDatabase } from 'idb';
import { AppError } from '../errors.ts';
import { storageFailure } from './failure.ts';
import { climb, type Migration } from './migrations.ts';
import { abort } from './transaction.ts';

/** How long other tabs get to let go of the database before the opening one gives up. */
export const BLOCKED_GRACE_MS = 1_500;

/** What can happen to an open connection from outside. */
export interface ConnectionEvents {
  /** Another tab upgrades the database (its new version), or erases it (null). The connection is closed by then. */
  onSuperseded(newVersion: number | null): void;
  /** The browser closed the connection (site data cleared, disk gone). */
  onTerminated(): void;
}

/**
 * Opens a database and climbs the ladder of migrations to its top. Never hangs on another tab: rejects with
 * `storage-blocked` after `BLOCKED_GRACE_MS`. Other rejections: `storage-newer-version`,
 * `storage-migration-failed` (version and records are as before), or what the browser threw.
 */
export function openConnection(
  name: string,
  ladder: readonly Migration[],
  events: ConnectionEvents,
): Promise<IDBPDatabase> {
  return new Promise((resolve, reject) => {
    let givenUp: ReturnType<typeof setTimeout> | null = null;
    let gaveUp = false;
    let migrationFailure: unknown = null;

    const opening = openDB(name, ladder.length, {
      upgrade(database, oldVersion, _newVersion, transaction) {
        // Its rejection is the opening's own, below.
        transaction.done.catch(() => undefined);
        climb(database, transaction, oldVersion, ladder).catch((error: unknown) => {
          migrationFailure = error;
          abort(transaction);
        });
      },
      blocked(currentVersion, blockedVersion) {
        givenUp = setTimeout(() => {
          gaveUp = true;
          reject(blockedBy(currentVersion, blockedVersion));
        }, BLOCKED_GRACE_MS);
      },
      blocking(_currentVersion, blockedVersion, event) {
        // Let go at once, so that the newer tab opens without waiting for this one.
        (event.target as IDBDatabase).close();
        events.onSuperseded(blockedVersion);
      },
      terminated: () => events.onTerminated(),
    });

    opening.then(
      (database) => {
        if (givenUp !== null) clearTimeout(givenUp);
        if (gaveUp) database.close();
        else resolve(database);
      },
      (error: unknown) => {
        if (givenUp !== null) clearTimeout(givenUp);
        reject(migrationFailure === null ? failureOnOpening(error) : failedMigration(migrationFailure));
      },
    );
  });
}

function failureOnOpening(error: unknown): Error {
  const isNewer = error instanceof Error && error.name === 'VersionError';
  return isNewer || error instanceof AppError
    ? storageFailure(error)
    : AppError.from(error, 'storage-unavailable');
}

function failedMigration(cause: unknown): AppError {
  return new AppError('storage-migration-failed', 'The data could not be brought to the new version.', {
    cause,
    remedy: 'Reload the page. Nothing was changed: everything is kept as it was.',
  });
}

function blockedBy(currentVersion: number, blockedVersion: number | null): AppError {
  return new AppError('storage-blocked', 'Another tab keeps the database open.', {
    values: { currentVersion, ...(blockedVersion === null ? {} : { blockedVersion }) },
    remedy: 'Close the other tabs of this shop, then reload.',
  });
}
