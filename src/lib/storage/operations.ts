import type { KeyOf, RecordOf, StoreName } from './schema.ts';

/** One request to the database inside a transaction. Store names are strings here: migrations know older ones. */
export type Operation =
  | { readonly type: 'get'; readonly store: string; readonly key: IDBValidKey }
  | { readonly type: 'get-all' | 'count'; readonly store: string }
  | { readonly type: 'clear'; readonly store: string }
  | { readonly type: 'add' | 'put'; readonly store: string; readonly records: readonly unknown[] }
  | { readonly type: 'delete'; readonly store: string; readonly keys: readonly IDBValidKey[] };

/**
 * The work of one transaction, as a generator that yields operations and is handed their results. A generator
 * cannot await, so nothing foreign (a fetch, a digest, the GPU) can stand inside a transaction, where it would
 * let IndexedDB commit half of the work behind the writer's back.
 */
export type Steps<Result> = Generator<Operation, Result, unknown>;

/** `strict` waits until the operating system has written: for what the visitor typed. */
export type Durability = 'strict' | 'relaxed';

/** Which stores a transaction touches, and how. */
export interface Access {
  readonly stores: readonly StoreName[];
  readonly mode: 'readonly' | 'readwrite';
  readonly durability: Durability;
}

/**
 * Transactions over records: what the stores are written against. IndexedDB and the memory mode implement it.
 * `run` resolves when the transaction is complete and rejects with an AppError when nothing of it was kept.
 * `steps` is called again for a second try after a lost connection, so it must start afresh on each call.
 */
export interface RecordDatabase {
  run<Result>(access: Access, steps: () => Steps<Result>): Promise<Result>;
  /** No further transaction is accepted: later ones reject with `reason`. */
  close(reason: Error): void;
}

/** Access for reading only. */
export const reading = (...stores: readonly StoreName[]): Access => ({
  stores,
  mode: 'readonly',
  durability: 'relaxed',
});

/** Access for what can be had again: packs, models. */
export const writing = (...stores: readonly StoreName[]): Access => ({
  stores,
  mode: 'readwrite',
  durability: 'relaxed',
});

/** Access for what the visitor typed or did. */
export const writingStrictly = (...stores: readonly StoreName[]): Access => ({
  stores,
  mode: 'readwrite',
  durability: 'strict',
});

/** The record under a key, unvalidated; undefined where there is none. */
export function* get<Name extends StoreName>(store: Name, key: KeyOf<Name>): Steps<unknown> {
  return yield { type: 'get', store, key };
}

/** Every record of a store, unvalidated. */
export function* getAll(store: StoreName): Steps<readonly unknown[]> {
  return (yield { type: 'get-all', store }) as readonly unknown[];
}

/** How many records a store holds. */
export function* count(store: StoreName): Steps<number> {
  return (yield { type: 'count', store }) as number;
}

/** Adds new records; a key that is there already fails the whole transaction with `storage-constraint`. */
export function* add<Name extends StoreName>(store: Name, records: readonly RecordOf<Name>[]): Steps<void> {
  yield { type: 'add', store, records };
}

/** Adds or replaces records. */
export function* put<Name extends StoreName>(store: Name, records: readonly RecordOf<Name>[]): Steps<void> {
  yield { type: 'put', store, records };
}

/** Deletes the records under keys; a key without a record is no error. */
export function* remove<Name extends StoreName>(store: Name, keys: readonly KeyOf<Name>[]): Steps<void> {
  yield { type: 'delete', store, keys };
}

/** Empties a store. */
export function* clear(store: StoreName): Steps<void> {
  yield { type: 'clear', store };
}
