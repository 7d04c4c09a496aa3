import { AppError } from '../errors.ts';
import { storageFailure } from './failure.ts';
import type { Access, Operation, RecordDatabase, Steps } from './operations.ts';
import { keyOf, STORE_NAMES, type StoreName } from './schema.ts';

type Stores = ReadonlyMap<string, ReadonlyMap<string, unknown>>;
type Draft = Map<string, Map<string, unknown>>;

/**
 * The record database in memory, for browsers that refuse IndexedDB: the same transactions, all or nothing, on
 * maps by key. Records are cloned on the way in and out, as IndexedDB does.
 */
export function createMemoryDatabase(): RecordDatabase {
  let stores: Stores = new Map(STORE_NAMES.map((name) => [name, new Map()]));
  let closed: Error | null = null;

  function transact<Result>(access: Access, steps: Steps<Result>): Result {
    // A copy of the maps touched: a throw below leaves the originals in place.
    const draft: Draft = new Map(access.stores.map((name) => [name, new Map(stores.get(name))]));
    let step = steps.next();
    while (step.done !== true) step = steps.next(perform(draft, access, step.value));
    stores = new Map([...stores, ...draft]);
    return step.value;
  }

  return {
    async run(access, steps) {
      // Answers later, as IndexedDB does: callers see one order of things in both.
      await Promise.resolve();
      if (closed !== null) throw closed;
      try {
        return transact(access, steps());
      } catch (error) {
        throw storageFailure(error);
      }
    },
    close(reason) {
      closed ??= reason;
      stores = new Map();
    },
  };
}

function perform(draft: Draft, access: Access, operation: Operation): unknown {
  const store = draft.get(operation.store);
  if (store === undefined) {
    throw new AppError('internal', 'This transaction does not cover the store.', {
      values: { store: operation.store },
    });
  }
  switch (operation.type) {
    case 'get':
      return structuredClone(store.get(keyText(operation.key)));
    case 'get-all':
      return [...store.values()].map((record) => structuredClone(record));
    case 'count':
      return store.size;
    case 'add':
    case 'put':
    case 'delete':
    case 'clear':
      if (access.mode === 'readonly') throw new AppError('internal', 'This transaction only reads.');
      write(store, operation);
      return undefined;
    default:
      operation satisfies never;
      throw new AppError('internal', 'Only operations may be yielded inside a transaction.');
  }
}

function write(
  store: Map<string, unknown>,
  operation: Extract<Operation, { type: 'add' | 'put' | 'delete' | 'clear' }>,
): void {
  switch (operation.type) {
    case 'clear':
      store.clear();
      return;
    case 'delete':
      for (const key of operation.keys) store.delete(keyText(key));
      return;
    case 'add':
    case 'put':
      for (const record of operation.records) {
        const key = keyText(keyOf(operation.store as StoreName, record));
        if (operation.type === 'add' && store.has(key)) {
          throw new AppError('storage-constraint', 'A record with this id is there already.', {
            values: { store: operation.store },
          });
        }
        store.set(key, structuredClone(record));
      }
  }
}

/** Keys are strings or lists of strings; JSON keeps both apart. */
const keyText = (key: IDBValidKey): string => JSON.stringify(key);
