import { AppError } from '../errors.ts';

/** What a DOMException of IndexedDB means to the visitor; an AppError passes through unchanged. */
export function storageFailure(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  switch (nameOf(thrown)) {
    case 'QuotaExceededError':
      return new AppError('storage-quota', 'The browser has no room left for this page.', {
        cause: thrown,
        remedy: 'Free some space on the device, or erase packs and models that you no longer need.',
      });
    case 'ConstraintError':
      return new AppError('storage-constraint', 'A record with this id is there already.', { cause: thrown });
    case 'DataError':
    case 'DataCloneError':
      return new AppError('storage-record-invalid', 'The record cannot be stored.', { cause: thrown });
    case 'VersionError':
      return new AppError('storage-newer-version', 'The data was written by a newer version of this page.', {
        cause: thrown,
        remedy: 'Reload the page to get the newer version. Nothing was changed.',
      });
    case 'InvalidStateError':
    case 'AbortError':
    case 'UnknownError':
      return terminated(thrown);
    default:
      return AppError.from(thrown, 'internal');
  }
}

/** The database went away while the page was open. */
export function terminated(cause?: unknown): AppError {
  return new AppError('storage-terminated', 'The browser closed the database of this page.', {
    remedy: 'Reload the page.',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** True where a transaction failed because its connection is gone, not because of what it did. */
export function isConnectionLoss(thrown: unknown): boolean {
  return ['InvalidStateError', 'AbortError', 'UnknownError'].includes(nameOf(thrown));
}

function nameOf(thrown: unknown): string {
  // DOMException is an Error in browsers; fake-indexeddb's own errors are, too.
  return thrown instanceof Error ? thrown.name : '';
}
