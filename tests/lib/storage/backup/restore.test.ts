import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recogniseBackup, writeBackup } from '../../../../src/lib/storage/backup/index.ts';
import { createStorage, openStorage, type Storage } from '../../../../src/lib/storage/index.ts';
import { createMemoryDatabase } from '../../../../src/lib/storage/memory-database.ts';
import { serializeExport } from '../../../../src/lib/storage/whole.ts';
import type { VisitorEvent } from '../../../../src/lib/types.ts';
import { dump, freshProfile, putRaw } from '../fixtures/raw.ts';
import {
  checkpoint,
  experiment,
  line,
  order,
  OTHER_PACK,
  pack,
  PACK,
  rating,
  saying,
  snapshot,
} from '../fixtures/records.ts';

let storage: Storage;
beforeEach(async () => {
  freshProfile();
  storage = await openStorage();
});
afterEach(() => storage.close());

/** The next device: nothing on it yet. */
async function nextDevice(): Promise<void> {
  storage.close();
  freshProfile();
  storage = await openStorage();
}

async function saved(passphrase: string | null = null, packs = true): Promise<Uint8Array<ArrayBuffer>> {
  return writeBackup(await storage.backup.collect({ packs }), passphrase);
}
const read = async (bytes: Uint8Array<ArrayBuffer>, passphrase = '') =>
  recogniseBackup(bytes).read(passphrase);
/** What the visitor owns, as canonical text. */
const owned = async (): Promise<string> =>
  serializeExport({ ...(await storage.exportAll()), exportedAt: '' });

async function fill(): Promise<void> {
  await storage.events.add([rating('a', 5), rating('b', 1, 2_000, OTHER_PACK)]);
  await storage.sayings.add([saying('s1')]);
  await storage.orders.place(order('o1'), [rating('e1', 4)]);
  await storage.basket.set(line('mug', 2));
  await storage.settings.update({ theme: 'dark', autoTrain: false });
  await storage.experiments.put(experiment('e1'));
  await storage.packs.put(pack());
  await storage.packs.put({ ...pack(OTHER_PACK), origin: 'device' });
  await storage.snapshots.put(await snapshot());
  await storage.checkpoints.put(await checkpoint());
  await putRaw('events', { ...rating('bad', 5), stars: 9 });
}

describe('a backup', () => {
  it('holds what the visitor owns, packs made here on request, and no model', async () => {
    await fill();
    const contents = await storage.backup.collect({ packs: true });
    expect(contents).toMatchObject({
      settings: { theme: 'dark' },
      events: [{ id: 'a' }, { id: 'e1' }, { id: 'b' }],
      orders: [{ id: 'o1' }],
      basket: [{ itemId: 'mug' }],
      quarantine: [{ store: 'events' }],
      experiments: [{ id: 'e1' }],
      packs: [{ packId: OTHER_PACK, origin: 'device' }],
    });
    expect((await storage.backup.collect({ packs: false })).packs).toEqual([]);
    const text = JSON.stringify(contents);
    expect(text).not.toContain('itemFactors');
    expect(text).not.toContain('userFactors');
  });

  it.each([0, 1, 512, 100_000])('row 20: of %i ratings comes back canonically equal', async (count) => {
    // fake-indexeddb takes minutes for 10^5 records; the browser's own is asked in tests/e2e/backup.spec.ts.
    const isLarge = count > 1_000;
    if (isLarge) storage = createStorage(createMemoryDatabase(), 'a test');
    await storage.events.add(
      Array.from({ length: count }, (_, index): VisitorEvent => {
        const event = rating(String(index), ((index % 5) + 1) as 1, index);
        return index % 7 === 3
          ? { ...event, kind: 'review', stars: 4, text: `雨 "${index}"\n\u202e` }
          : event;
      }),
    );
    await storage.basket.set(line('mug', 2));
    const before = await owned();
    const bytes = await saved();
    await nextDevice();
    if (isLarge) storage = createStorage(createMemoryDatabase(), 'a test');
    const { contents, problems } = await read(bytes);
    expect(problems).toEqual([]);
    const { sections } = await storage.backup.compare(contents);
    expect(sections.events).toEqual({ inFile: count, onDevice: 0, added: count, same: 0, different: 0 });
    await storage.backup.restore(contents, 'replace');
    expect(await storage.events.count()).toBe(count);
    expect(await owned()).toBe(before);
  });

  it('brings everything to another device, sealed or not', async () => {
    await fill();
    const before = await owned();
    const experiments = await storage.experiments.list();
    const bytes = await saved('eine lange Passphrase');
    await nextDevice();
    await storage.backup.restore((await read(bytes, 'eine lange Passphrase')).contents, 'merge');
    expect(await owned()).toBe(before);
    expect(await storage.experiments.list()).toEqual(experiments);
    expect(await storage.packs.get(OTHER_PACK)).toEqual({ ...pack(OTHER_PACK), origin: 'device' });
    expect(await storage.packs.get(PACK)).toBeNull();
  });

  it('of version 1, the JSON export, restores, and says nothing about experiments', async () => {
    await fill();
    const text = serializeExport(await storage.exportAll());
    const before = await owned();
    await nextDevice();
    await storage.experiments.put(experiment('mine'));
    const { version, contents } = await read(new TextEncoder().encode(text));
    expect(version).toBe(1);
    await storage.backup.restore(contents, 'replace');
    expect(await owned()).toBe(before);
    expect(await storage.experiments.list()).toEqual([experiment('mine')]);
  });
});

describe('merging', () => {
  it('adds what the device lacks, keeps its own of what differs, and counts both before', async () => {
    await storage.events.add([rating('same', 5), rating('differs', 5), rating('file', 3)]);
    await storage.basket.set(line('mug', 1));
    await storage.settings.update({ theme: 'dark' });
    const { contents } = await read(await saved());
    await storage.events.remove(['file']);
    await storage.events.replace(rating('differs', 1));
    await storage.events.add([rating('mine', 2)]);
    await storage.basket.set(line('mug', 7));
    await storage.settings.update({ theme: 'light' });
    const model = await snapshot();
    await storage.snapshots.put(model);

    const { sections } = await storage.backup.compare(contents);
    expect(sections.events).toEqual({ inFile: 3, onDevice: 3, added: 1, same: 1, different: 1 });
    expect(sections.basket).toEqual({ inFile: 1, onDevice: 1, added: 0, same: 0, different: 1 });
    await storage.backup.restore(contents, 'merge');
    expect(new Map((await storage.events.list(PACK)).map((it) => [it.id, it]))).toEqual(
      new Map(
        [rating('same', 5), rating('differs', 1), rating('mine', 2), rating('file', 3)].map((it) => [
          it.id,
          it,
        ]),
      ),
    );
    expect(await storage.basket.list(PACK)).toEqual([line('mug', 7)]);
    expect((await storage.settings.get()).theme).toBe('light');
    expect(await storage.snapshots.get(PACK, 'ials')).toEqual(model);
  });

  it('row 29: the same backup twice changes nothing the second time', async () => {
    await fill();
    const { contents } = await read(await saved());
    await nextDevice();
    await storage.backup.restore(contents, 'merge');
    const once = await dump();
    await storage.backup.restore(contents, 'merge');
    expect(await dump()).toEqual(once);
  });
});

describe('replacing', () => {
  it('leaves what the file holds, without models of what was there', async () => {
    await fill();
    const before = await owned();
    const { contents } = await read(await saved());
    await storage.events.add([rating('later', 1)]);
    await storage.settings.update({ theme: 'light' });
    await storage.experiments.put(experiment('later'));
    await storage.backup.restore(contents, 'replace');
    expect(await owned()).toBe(before);
    expect((await storage.experiments.list()).map(({ id }) => id)).toEqual(['e1']);
    expect(await storage.snapshots.get(PACK, 'ials')).toBeNull();
    expect(await storage.checkpoints.get(PACK, 'logistic')).toBeNull();
    // A pack that is there stays as it is.
    expect(await storage.packs.get(PACK)).toEqual(pack());
  });

  it.each(['merge', 'replace'] as const)(
    '(%s) keeps nothing of a restore that fails midway',
    async (mode) => {
      await fill();
      const { contents } = await read(await saved());
      await storage.events.list(PACK);
      const before = await dump();
      const unstorable = {
        ...pack('x' as typeof PACK),
        origin: 'device' as const,
        manifestText: (() => '') as never,
      };
      const { fingerprint, packId, storedAt, files } = unstorable;
      const broken = {
        ...contents,
        events: [...contents.events, rating('new', 5)],
        packs: [{ fingerprint, packId, storedAt, files, manifestText: unstorable.manifestText }],
      };
      await expect(storage.backup.restore(broken, mode)).rejects.toMatchObject({
        code: 'storage-record-invalid',
      });
      expect(await dump()).toEqual(before);
    },
  );
});

it('row 30: events of products and shops that nobody knows are restored, and the shops named before', async () => {
  await storage.events.add([rating('ghost', 5), rating('far', 2, 3_000, OTHER_PACK)]);
  const { contents } = await read(await saved());
  await nextDevice();
  await storage.packs.put(pack());
  const { unknownPacks } = await storage.backup.compare(contents);
  expect(unknownPacks).toEqual([{ packId: OTHER_PACK, events: 1 }]);
  await storage.backup.restore(contents, 'merge');
  expect(await storage.events.list(PACK)).toEqual([rating('ghost', 5)]);
  expect(await storage.events.list(OTHER_PACK)).toEqual([rating('far', 2, 3_000, OTHER_PACK)]);
});
