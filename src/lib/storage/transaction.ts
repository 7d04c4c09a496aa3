import type { IDBPDatabase, IDBPTransaction } from 'idb';
import { AppError } from '../errors.ts';
import type { Access, Operation, Steps } from './operations.ts';

type AnyTransaction = IDBPTransaction<unknown, string[], IDBTransactionMode>;

/**
 * Runs steps in one transaction. Resolves when it is complete: after a quota failure IndexedDB reports each
 * request as done and only then aborts the whole, so the requests' own success says nothing. Rejects with what
 * made the transaction fail, as thrown.
 */
export async function transact<Result>(
  database: IDBPDatabase,
  { stores, mode, durability }: Access,
  steps: () => Steps<Result>,
): Promise<Result> {
  const transaction = database.transaction([...stores], mode, { durability });
  try {
    // Together: awaited in turn, a failed request would leave the rejection of `done` unhandled.
    const [result] = await Promise.all([drive(transaction, steps()), transaction.done]);
    return result;
  } catch (error) {
    abort(transaction);
    await transaction.done.catch(() => undefined);
    // Requests cut off by a failing transaction say AbortError; the transaction knows the cause.
    throw transaction.error ?? error;
  }
}

/** Hands each operation of the steps to the transaction, and its result back to them. */
export async function drive<Result>(transaction: AnyTransaction, steps: Steps<Result>): Promise<Result> {
  let step = steps.next();
  while (step.done !== true) step = steps.next(await perform(transaction, step.value));
  return step.value;
}

/** Aborts a transaction that may be over already. */
export function abort(transaction: AnyTransaction): void {
  try {
    transaction.abort();
  } catch {
    // Finished on its own: nothing is left to abort.
  }
}

function perform(transaction: AnyTransaction, operation: Operation): Promise<unknown> {
  const store = transaction.objectStore(operation.store);
  switch (operation.type) {
    case 'get':
      return store.get(operation.key);
    case 'get-all':
      return store.getAll();
    case 'count':
      return store.count();
    case 'add':
      return all(operation.records, (record) => store.add?.(record));
    case 'put':
      return all(operation.records, (record) => store.put?.(record));
    case 'delete':
      return all(operation.keys, (key) => store.delete?.(key));
    case 'clear':
      return Promise.resolve(store.clear?.());
    default:
      operation satisfies never;
      throw new AppError('internal', 'Only operations may be yielded inside a transaction.');
  }
}

function all<Value>(values: readonly Value[], request: (value: Value) => unknown): Promise<unknown> {
  return Promise.all(values.map(request));
}
