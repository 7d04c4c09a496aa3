import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openIdbDatabase } from '../../../src/lib/storage/idb-database.ts';
import { createMemoryDatabase } from '../../../src/lib/storage/memory-database.ts';
import { MIGRATIONS } from '../../../src/lib/storage/migrations.ts';
import {
  add,
  clear,
  count,
  get,
  getAll,
  put,
  reading,
  remove,
  writing,
  type Operation,
  type RecordDatabase,
} from '../../../src/lib/storage/operations.ts';
import { freshProfile } from './fixtures/raw.ts';
import { line, rating } from './fixtures/records.ts';

/** Rejections that nobody handled, while a test ran. */
const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);

beforeEach(() => {
  freshProfile();
  unhandled.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(async () => {
  // Node reports them after the microtasks.
  await new Promise((resolve) => setTimeout(resolve, 10));
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

describe.each<[string, () => Promise<RecordDatabase>]>([
  ['IndexedDB', () => openIdbDatabase('fairshelf', MIGRATIONS, () => undefined)],
  ['memory', () => Promise.resolve(createMemoryDatabase())],
])('transactions in %s', (_name, open) => {
  let database: RecordDatabase;
  const ids = (): Promise<readonly unknown[]> => database.run(reading('events'), () => getAll('events'));
  beforeEach(async () => {
    database = await open();
    await database.run(writing('events'), () => add('events', [rating('a', 5)]));
  });
  afterEach(() => database.close(new Error('The test is over.')));

  it('reads, counts, replaces and deletes by key', async () => {
    await database.run(writing('events', 'basket'), function* () {
      yield* put('events', [rating('a', 1), rating('b', 2)]);
      yield* put('basket', [line('kettle'), line('mug')]);
      yield* remove('basket', [
        ['demo', 'kettle'],
        ['demo', 'nothing'],
      ]);
    });
    const found = await database.run(reading('events', 'basket'), function* () {
      return {
        a: yield* get('events', 'a'),
        none: yield* get('events', 'none'),
        events: yield* count('events'),
        basket: yield* getAll('basket'),
      };
    });
    expect(found).toEqual({ a: rating('a', 1), none: undefined, events: 2, basket: [line('mug')] });
    await database.run(writing('events'), () => clear('events'));
    expect(await ids()).toEqual([]);
  });

  it('keeps nothing of a transaction whose steps throw', async () => {
    const failing = database.run(writing('events'), function* () {
      yield* put('events', [rating('a', 1), rating('b', 2)]);
      throw new Error('midway');
    });
    await expect(failing).rejects.toMatchObject({ code: 'internal', message: 'midway' });
    expect(await ids()).toEqual([rating('a', 5)]);
  });

  it('row 2: a key that is there fails the whole transaction, with no unhandled rejection', async () => {
    const adding = database.run(writing('events'), () => add('events', [rating('b', 2), rating('a', 1)]));
    await expect(adding).rejects.toMatchObject({ code: 'storage-constraint' });
    expect(await ids()).toEqual([rating('a', 5)]);
  });

  it('row 3: a foreign promise cannot be waited for inside a transaction', async () => {
    const smuggling = database.run(writing('events'), function* () {
      yield* put('events', [rating('b', 2)]);
      yield Promise.resolve('a digest') as unknown as Operation;
    });
    await expect(smuggling).rejects.toThrow();
    expect(await ids()).toEqual([rating('a', 5)]);
  });

  it('refuses to write where it said it would read, and to touch stores it did not name', async () => {
    await expect(database.run(reading('events'), () => put('events', [rating('a', 1)]))).rejects.toThrow();
    await expect(database.run(reading('events'), () => getAll('orders'))).rejects.toThrow();
    expect(await ids()).toEqual([rating('a', 5)]);
  });

  it('hands out copies', async () => {
    const [first] = await ids();
    Object.assign(first as object, { stars: 1 });
    expect(await ids()).toEqual([rating('a', 5)]);
  });

  it('runs concurrent transactions without losing a write', async () => {
    const writes = Array.from({ length: 50 }, (_, index) =>
      database.run(writing('basket'), function* () {
        const before = (yield* get('basket', ['demo', 'mug'])) as { quantity: number } | undefined;
        yield* put('basket', [line('mug', (before?.quantity ?? 0) + 1)]);
        return index;
      }),
    );
    await Promise.all(writes);
    expect(await database.run(reading('basket'), () => getAll('basket'))).toEqual([line('mug', 50)]);
  });

  it('rejects with the reason once it is closed', async () => {
    database.close(new Error('closed here'));
    await expect(ids()).rejects.toThrow('closed here');
  });
});
