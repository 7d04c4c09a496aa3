import { forceCloseDatabase, IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openIdbDatabase } from '../../../src/lib/storage/idb-database.ts';
import { openStorage, type Storage } from '../../../src/lib/storage/index.ts';
import { MIGRATIONS, type Migration } from '../../../src/lib/storage/migrations.ts';
import { put } from '../../../src/lib/storage/operations.ts';
import { dump, freshProfile, openRaw } from './fixtures/raw.ts';
import {
  checkpoint,
  experiment,
  experimentPlan,
  line,
  order,
  pack,
  PACK,
  rating,
  snapshot,
} from './fixtures/records.ts';
import { writeVersion1 } from './fixtures/v1.ts';
import { writeVersion2 } from './fixtures/v2.ts';

const opened: { close(): void }[] = [];
async function open(onSuperseded?: (reason: Error) => void): Promise<Storage> {
  const storage = await openStorage(onSuperseded === undefined ? {} : { onSuperseded });
  opened.push(storage);
  return storage;
}

beforeEach(freshProfile);
afterEach(() => {
  for (const storage of opened.splice(0)) storage.close();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('the ladder of migrations', () => {
  it('creates the same stores as the fixture of the newest version', async () => {
    const storage = await open();
    storage.close();
    const created = await dump();
    freshProfile();
    await writeVersion2();
    const fixture = await dump();
    expect(created.version).toBe(2);
    expect(Object.keys(created.stores)).toEqual(Object.keys(fixture.stores));
  });

  it.each([
    ['1', writeVersion1, [], null],
    ['2', writeVersion2, [experiment('e1')], experimentPlan()],
  ] as const)('reads everything a version %s profile holds', async (_version, write, experiments, plan) => {
    await write();
    const storage = await open();
    expect(storage.mode).toBe('durable');
    expect(await storage.events.list(PACK)).toEqual([rating('a', 5), rating('b', 1)]);
    expect(await storage.orders.list(PACK)).toEqual([order('o1')]);
    expect(await storage.basket.list(PACK)).toEqual([line('kettle', 2)]);
    expect(await storage.packs.get(PACK)).toEqual(pack());
    expect(await storage.snapshots.get(PACK, 'ials')).toEqual(await snapshot());
    expect(await storage.checkpoints.get(PACK, 'logistic')).toEqual(await checkpoint());
    expect(await storage.settings.get()).toMatchObject({ language: 'zh', theme: 'dark', autoTrain: false });
    expect(await storage.experiments.list()).toEqual(experiments);
    expect(await storage.plans.get()).toEqual(plan);
    expect(await storage.quarantine.list()).toEqual([]);
  });

  it('row 10: booting writes nothing', async () => {
    await writeVersion2();
    const before = await dump();
    const storage = await open();
    await storage.settings.get();
    await storage.events.list(PACK);
    await storage.snapshots.get(PACK, 'ials');
    storage.close();
    expect(await dump()).toEqual(before);
  });

  it('climbs only the rungs that are missing', async () => {
    await writeVersion1();
    const second: Migration = function* (schema) {
      schema.createStore('notes', 'id');
      const events = yield { type: 'get-all', store: 'events' };
      yield {
        type: 'put',
        store: 'notes',
        records: (events as object[]).map((it) => ({ ...it, seen: true })),
      };
    };
    const database = await openIdbDatabase('fairshelf', [...MIGRATIONS, second], () => undefined);
    database.close(new Error('done'));
    const after = await dump();
    expect(after.version).toBe(3);
    expect(after.stores['notes']).toEqual([
      { ...rating('a', 5), seen: true },
      { ...rating('b', 1), seen: true },
    ]);
  });

  it.each<[string, Migration]>([
    [
      'before its first request',
      function* (schema) {
        schema.deleteStore('events');
        schema.createStore('half', 'id');
        throw new Error('rung broke');
      },
    ],
    [
      'after writing',
      function* (schema) {
        schema.createStore('half', 'id');
        yield* put('events', [rating('a', 1), rating('c', 3)]);
        yield { type: 'clear', store: 'orders' };
        throw new Error('rung broke');
      },
    ],
    [
      'by a failing request',
      function* () {
        yield { type: 'clear', store: 'events' };
        yield { type: 'add', store: 'orders', records: [order('o1')] };
      },
    ],
  ])('row 7: a rung that fails %s leaves version and records unchanged', async (_name, failing) => {
    await writeVersion1();
    const before = await dump();
    const opening = openIdbDatabase('fairshelf', [...MIGRATIONS, failing], () => undefined);
    await expect(opening).rejects.toMatchObject({ code: 'storage-migration-failed' });
    expect(await dump()).toEqual(before);
    expect(await (await open()).events.list(PACK)).toHaveLength(2);
  });

  it('row 6: refuses a newer database and leaves it alone', async () => {
    await writeVersion1();
    (await openRaw(9)).close();
    const before = await dump();
    await expect(open()).rejects.toMatchObject({ code: 'storage-newer-version' });
    expect(await dump()).toEqual(before);
  });
});

describe('other tabs', () => {
  it('row 4: lets go at once when a newer version opens, and says so', async () => {
    const superseded = vi.fn();
    const storage = await open(superseded);
    const newer = await openIdbDatabase('fairshelf', [...MIGRATIONS, function* () {}], () => undefined);
    expect(superseded).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ code: 'storage-newer-version' }),
    );
    await expect(storage.events.count()).rejects.toMatchObject({ code: 'storage-newer-version' });
    newer.close(new Error('done'));
  });

  it('row 5: gives up within two seconds on a tab that does not let go', async () => {
    const deaf = await openRaw(1);
    const started = performance.now();
    const opening = openIdbDatabase('fairshelf', [...MIGRATIONS, function* () {}], () => undefined);
    await expect(opening).rejects.toMatchObject({ code: 'storage-blocked' });
    expect(performance.now() - started).toBeLessThan(2_000);
    deaf.close();
  });

  it('does not come back to life when another tab erased everything', async () => {
    const superseded = vi.fn();
    const storage = await open(superseded);
    await new Promise((resolve) => {
      indexedDB.deleteDatabase('fairshelf').onsuccess = resolve;
    });
    expect(superseded).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ code: 'storage-terminated' }),
    );
    await expect(storage.events.add([rating('a', 5)])).rejects.toMatchObject({ code: 'storage-terminated' });
    expect(await indexedDB.databases()).toEqual([]);
  });
});

describe('a connection that the browser closes', () => {
  /** Every connection opened from here on. */
  function watchConnections(onOpen?: (database: IDBDatabase) => void): IDBDatabase[] {
    const connections: IDBDatabase[] = [];
    const openDatabase = indexedDB.open.bind(indexedDB);
    vi.spyOn(indexedDB, 'open').mockImplementation((name, version) => {
      const request = openDatabase(name, version);
      request.addEventListener('success', () => {
        connections.push(request.result);
        onOpen?.(request.result);
      });
      return request;
    });
    return connections;
  }
  const forceClose = (database: IDBDatabase): void => {
    // Declared over the class instead of its instances.
    forceCloseDatabase(database as unknown as typeof IDBDatabase);
  };

  it('row 8: is opened again once, with everything there', async () => {
    const connections = watchConnections();
    const storage = await open();
    await storage.events.add([rating('a', 5)]);
    forceClose(connections[0]!);
    await storage.events.add([rating('b', 4)]);
    expect(await storage.events.list(PACK)).toEqual([rating('a', 5), rating('b', 4)]);
    expect(connections).toHaveLength(2);
  });

  it('row 8: rejects when the second connection is lost, too', async () => {
    const connections = watchConnections(forceClose);
    const storage = await open();
    await expect(storage.events.count()).rejects.toMatchObject({ code: 'storage-terminated' });
    expect(connections).toHaveLength(2);
  });
});

describe('no IndexedDB (row 13)', () => {
  it.each<[string, unknown]>([
    ['is absent', undefined],
    [
      'throws',
      {
        open() {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        },
      },
    ],
    [
      'answers with an error',
      {
        open() {
          const request = new IDBFactory().open('fairshelf', 1);
          request.addEventListener('upgradeneeded', (event) => {
            event.stopImmediatePropagation();
            request.transaction?.abort();
          });
          return request;
        },
      },
    ],
  ])('works in memory where it %s', async (_name, factory) => {
    vi.stubGlobal('indexedDB', factory);
    const storage = await open();
    expect(storage.mode).toBe('memory');
    expect(storage.memoryReason).toMatch(/\w/);
    await storage.events.add([rating('a', 5)]);
    expect(await storage.events.list(PACK)).toEqual([rating('a', 5)]);
    expect((await storage.exportAll()).events).toEqual([rating('a', 5)]);
    expect(await storage.persist()).toBe(false);
  });
});
