import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryDatabase } from '../../../src/lib/storage/memory-database.ts';
import { createStorage, openStorage, serializeExport } from '../../../src/lib/storage/index.ts';
import { sizeInBytes } from '../../../src/lib/storage/usage.ts';
import { freshProfile, putRaw } from './fixtures/raw.ts';
import { line, order, OTHER_PACK, PACK, rating, snapshot } from './fixtures/records.ts';

beforeEach(freshProfile);

describe('the export', () => {
  it('holds what the visitor owns, of every pack, and no model', async () => {
    const storage = await openStorage();
    await storage.events.add([rating('b', 4, 2, OTHER_PACK), rating('a', 5, 1)]);
    await storage.orders.place(order('o1'), []);
    await storage.basket.set(line('mug'));
    await storage.settings.update({ language: 'zh' });
    await storage.snapshots.put(await snapshot());
    await putRaw('snapshots', { ...(await snapshot({ model: 'logistic' })), seed: 9 });
    await storage.snapshots.get(PACK, 'logistic');
    await putRaw('events', { ...rating('bad', 5), stars: NaN });

    const document = await storage.exportAll();
    expect(document).toMatchObject({
      format: 'fairshelf-export',
      version: 1,
      settings: { language: 'zh' },
      events: [rating('a', 5, 1), rating('b', 4, 2, OTHER_PACK)],
      orders: [order('o1')],
      basket: [line('mug')],
      quarantine: [{ store: 'events' }],
    });
    const text = serializeExport(document);
    expect(text).not.toContain('itemFactors');
    // NaN has no JSON: it is named, not turned into null.
    expect(text).toContain('"stars": "NaN"');
    storage.close();
  });

  it('is the same text for the same data, in whatever order it came', async () => {
    const texts = [];
    for (const ids of [
      ['a', 'b', 'c'],
      ['c', 'a', 'b'],
    ]) {
      const storage = createStorage(createMemoryDatabase(), 'refused');
      for (const id of ids) {
        await storage.events.add([rating(id, 5)]);
        await storage.basket.set(line(id));
      }
      texts.push(serializeExport({ ...(await storage.exportAll()), exportedAt: '' }));
    }
    expect(texts[0]).toBe(texts[1]);
    expect(JSON.parse(texts[0]!)).toMatchObject({ events: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] });
  });

  it('row 25: writes hostile keys of a quarantined record as plain names', async () => {
    const storage = await openStorage();
    const hostile = JSON.parse(
      '{"id":"x","__proto__":{"polluted":1},"constructor":{"prototype":{}}}',
    ) as object;
    await putRaw('events', hostile);
    await storage.events.list(PACK);
    const text = serializeExport(await storage.exportAll());
    expect(text).toContain('"__proto__": {');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    storage.close();
  });

  it('writes lone surrogates, NUL and buffers as JSON that can be read back', () => {
    const document = {
      format: 'fairshelf-export' as const,
      version: 1 as const,
      exportedAt: '',
      settings: {} as never,
      events: [],
      orders: [],
      basket: [],
      quarantine: [
        {
          id: 'q',
          store: 'events' as const,
          record: { text: '\ud800\0', size: 10n, when: new Date(0), raw: new Uint8Array(3), f: undefined },
          reason: '',
          at: 0,
        },
      ],
    };
    expect(JSON.parse(serializeExport(document))).toMatchObject({
      quarantine: [
        {
          record: { text: '\ud800\0', size: '10', when: '1970-01-01T00:00:00.000Z', raw: '3 bytes', f: null },
        },
      ],
    });
  });
});

it('estimates sizes: text 2 bytes a unit, numbers 8, buffers as they are', () => {
  expect(sizeInBytes('abc')).toBe(6);
  expect(sizeInBytes(1)).toBe(8);
  expect(sizeInBytes(new Float32Array(10))).toBe(40);
  expect(sizeInBytes({ ab: 'c', d: [1, 2] })).toBe(4 + 2 + 2 + 16);
  expect(sizeInBytes(null)).toBe(1);
});
