import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/lib/errors.ts';
import { openIdbDatabase } from '../../../src/lib/storage/idb-database.ts';
import { createStorage, DEFAULT_SETTINGS, type Storage } from '../../../src/lib/storage/index.ts';
import { createMemoryDatabase } from '../../../src/lib/storage/memory-database.ts';
import { MIGRATIONS } from '../../../src/lib/storage/migrations.ts';
import type { VisitorEvent } from '../../../src/lib/types.ts';
import { freshProfile } from './fixtures/raw.ts';
import {
  checkpoint,
  experiment,
  experimentPlan,
  FINGERPRINT,
  item,
  line,
  order,
  OTHER_PACK,
  pack,
  PACK,
  rating,
  snapshot,
} from './fixtures/records.ts';

beforeEach(freshProfile);

describe.each<[string, () => Promise<Storage>]>([
  [
    'IndexedDB',
    async () => createStorage(await openIdbDatabase('fairshelf', MIGRATIONS, () => undefined), null),
  ],
  ['memory', () => Promise.resolve(createStorage(createMemoryDatabase(), 'refused'))],
])('storage in %s', (_name, open) => {
  let storage: Storage;
  beforeEach(async () => {
    storage = await open();
  });
  afterEach(() => storage.close());

  describe('experiments', () => {
    it('come back newest first, are renamed, removed, and put again by undo', async () => {
      await storage.experiments.put(experiment('old', 1));
      await storage.experiments.put(experiment('new', 2));
      await storage.experiments.rename('old', 'Baseline 基线');
      const old = { ...experiment('old', 1), name: 'Baseline 基线' };
      expect(await storage.experiments.list()).toEqual([experiment('new', 2), old]);
      const removed = await storage.experiments.remove(['old', 'never there']);
      expect(removed).toEqual([old]);
      expect(await storage.experiments.list()).toEqual([experiment('new', 2)]);
      await expect(storage.experiments.rename('old', 'x')).rejects.toMatchObject({
        code: 'storage-constraint',
      });
    });

    it.each<[string, object]>([
      ['a metric NaN', { metrics: { 'ndcg@10': { value: NaN, low: null, high: null } } }],
      ['no split', { split: { kind: 'guess', seed: 1, share: 0.2, leave: 1 } }],
      ['all of it test', { split: { kind: 'random', seed: 1, share: 1, leave: 1 } }],
    ])('refuse %s', async (_what, change) => {
      const wrong = { ...experiment('e'), ...change };
      await expect(storage.experiments.put(wrong)).rejects.toMatchObject({ code: 'storage-record-invalid' });
      expect(await storage.experiments.list()).toEqual([]);
    });
  });

  it('keeps one plan of a comparison, until it is removed', async () => {
    expect(await storage.plans.get()).toBeNull();
    await storage.plans.put(experimentPlan());
    await storage.plans.put({ ...experimentPlan(), done: 2, models: ['ials'] });
    expect(await storage.plans.get()).toEqual({ ...experimentPlan(), done: 2, models: ['ials'] });
    await storage.plans.remove();
    expect(await storage.plans.get()).toBeNull();
    await expect(storage.plans.put({ ...experimentPlan(), models: [] })).rejects.toMatchObject({
      code: 'storage-record-invalid',
    });
  });

  describe('events', () => {
    it('come back oldest first, of their own pack only', async () => {
      await storage.events.add([rating('late', 4, 9), rating('b', 2, 5), rating('a', 1, 5)]);
      await storage.events.add([rating('elsewhere', 3, 1, OTHER_PACK)]);
      expect((await storage.events.list(PACK)).map((event) => event.id)).toEqual(['a', 'b', 'late']);
      expect(await storage.events.count()).toBe(4);
    });

    it('are edited in place, removed, and added again by undo', async () => {
      await storage.events.add([rating('a', 1), rating('b', 5)]);
      await storage.events.replace(rating('a', 3));
      const removed = await storage.events.remove(['a', 'never there']);
      expect(removed).toEqual([rating('a', 3)]);
      expect(await storage.events.list(PACK)).toEqual([rating('b', 5)]);
      await storage.events.add(removed);
      expect(await storage.events.list(PACK)).toEqual([rating('a', 3), rating('b', 5)]);
    });

    it('of every kind survive', async () => {
      const base = { packId: PACK, itemId: item('kettle'), at: 1 };
      const events: VisitorEvent[] = [
        { ...base, id: '1', kind: 'view' },
        { ...base, id: '2', kind: 'dwell', seconds: 12.5 },
        { ...base, id: '3', kind: 'basket', quantity: 2 },
        { ...base, id: '4', kind: 'order', quantity: 2, orderId: 'o1' },
        { ...base, id: '5', kind: 'review', stars: 5, text: 'Gut. 很好。 \u202e\0 <img onerror=x>' },
      ];
      await storage.events.add(events);
      expect(await storage.events.list(PACK)).toEqual(events);
    });

    it('row 30: are kept for a product and a pack that nobody knows', async () => {
      await storage.packs.put(pack());
      await storage.events.add([rating('ghost', 5)]);
      await storage.packs.remove(PACK);
      await storage.packs.put(pack(PACK, 'cd'.repeat(32)));
      expect(await storage.events.list(PACK)).toEqual([rating('ghost', 5)]);
    });

    it.each<[string, object]>([
      ['stars NaN', { stars: NaN }],
      ['stars 7', { stars: 7 }],
      ['stars "5"', { stars: '5' }],
      ['stars null', { stars: null }],
      ['an unknown kind', { kind: 'telepathy' }],
      ['no id', { id: '' }],
      ['time -1', { at: -1 }],
      ['time NaN', { at: NaN }],
    ])('with %s are refused, and nothing of the call is kept', async (_fault, change) => {
      const bad = { ...rating('bad', 5), ...change };
      await expect(storage.events.add([rating('good', 5), bad])).rejects.toMatchObject({
        code: 'storage-record-invalid',
      });
      await expect(storage.events.replace(bad)).rejects.toMatchObject({ code: 'storage-record-invalid' });
      expect(await storage.events.count()).toBe(0);
    });
  });

  describe('orders', () => {
    it('are placed with their events, emptying the basket of their pack, as one', async () => {
      await storage.basket.set(line('kettle', 2));
      await storage.basket.set(line('rug', 1, OTHER_PACK));
      await storage.orders.place(order('o1'), [rating('e1', 5)]);
      expect(await storage.orders.list(PACK)).toEqual([order('o1')]);
      expect(await storage.orders.list(OTHER_PACK)).toEqual([]);
      expect(await storage.events.list(PACK)).toEqual([rating('e1', 5)]);
      expect(await storage.basket.list(PACK)).toEqual([]);
      expect(await storage.basket.list(OTHER_PACK)).toEqual([line('rug', 1, OTHER_PACK)]);
    });

    it('leave no trace where one of their events is there already', async () => {
      await storage.events.add([rating('e1', 5)]);
      await storage.basket.set(line('kettle', 2));
      const placing = storage.orders.place(order('o1'), [rating('e2', 5), rating('e1', 1)]);
      await expect(placing).rejects.toMatchObject({ code: 'storage-constraint' });
      expect(await storage.orders.list(PACK)).toEqual([]);
      expect(await storage.events.list(PACK)).toEqual([rating('e1', 5)]);
      expect(await storage.basket.list(PACK)).toEqual([line('kettle', 2)]);
    });

    it('come newest first', async () => {
      await storage.orders.place(order('old', 1), []);
      await storage.orders.place(order('new', 2), []);
      expect((await storage.orders.list(PACK)).map((it) => it.id)).toEqual(['new', 'old']);
    });
  });

  it('keeps one basket line a product', async () => {
    await storage.basket.set(line('kettle', 1));
    await storage.basket.set(line('kettle', 3));
    await storage.basket.set(line('mug', 1));
    expect(await storage.basket.list(PACK)).toEqual([line('kettle', 3), line('mug', 1)]);
    await storage.basket.remove(PACK, item('kettle'));
    expect(await storage.basket.list(PACK)).toEqual([line('mug', 1)]);
    await expect(storage.basket.set(line('mug', 0))).rejects.toMatchObject({
      code: 'storage-record-invalid',
    });
  });

  describe('packs', () => {
    const late = [{ kind: 'reviews', bytes: new Uint8Array([9]) }];

    it('are replaced whole', async () => {
      await storage.packs.put(pack());
      await storage.packs.addFiles(PACK, FINGERPRINT, late);
      expect((await storage.packs.get(PACK))?.files).toEqual([...pack().files, ...late]);
      const next = pack(PACK, 'cd'.repeat(32));
      await storage.packs.put(next);
      expect(await storage.packs.get(PACK)).toEqual(next);
      const { packId, fingerprint, manifestText, storedAt } = next;
      expect(await storage.packs.list()).toEqual([{ packId, fingerprint, manifestText, storedAt }]);
      await storage.packs.remove(PACK);
      expect(await storage.packs.get(PACK)).toBeNull();
      expect((await storage.usage()).datasets.find((set) => set.name === 'packs')?.bytes).toBe(0);
    });

    it('go with the models trained on them, and leave those of other packs and what the visitor did', async () => {
      const own = await snapshot();
      const other = await snapshot({ packId: OTHER_PACK });
      await storage.packs.put({ ...pack(), origin: 'device' });
      expect(await storage.packs.get(PACK)).toEqual({ ...pack(), origin: 'device' });
      expect((await storage.packs.list())[0]?.origin).toBe('device');
      await storage.snapshots.put(own);
      await storage.snapshots.put(other);
      await storage.events.add([rating('a', 3)]);
      await storage.packs.remove(PACK);
      expect(await storage.snapshots.get(PACK, own.model)).toBeNull();
      expect(await storage.snapshots.get(other.packId, other.model)).toEqual(other);
      expect(await storage.events.list(PACK)).toHaveLength(1);
    });

    it('take no files of another version', async () => {
      await storage.packs.put(pack());
      for (const [id, fingerprint] of [
        [PACK, 'cd'.repeat(32)],
        [OTHER_PACK, FINGERPRINT],
      ] as const) {
        await expect(storage.packs.addFiles(id, fingerprint, late)).rejects.toMatchObject({
          code: 'input-invalid',
        });
      }
      expect(await storage.packs.get(PACK)).toEqual(pack());
    });
  });

  describe('models', () => {
    it('come back as they were, one a pack and kind', async () => {
      const first = await snapshot();
      const later = await snapshot({ trainedAt: 9_000 });
      const logistic = await snapshot({ model: 'logistic' });
      for (const it of [first, later, logistic]) await storage.snapshots.put(it);
      expect(await storage.snapshots.get(PACK, 'ials')).toEqual(later);
      expect(await storage.snapshots.get(PACK, 'logistic')).toEqual(logistic);
      expect(await storage.snapshots.get(OTHER_PACK, 'ials')).toBeNull();
      await storage.snapshots.remove(PACK, 'ials');
      expect(await storage.snapshots.get(PACK, 'ials')).toBeNull();

      await storage.checkpoints.put(await checkpoint());
      expect(await storage.checkpoints.get(PACK, 'logistic')).toEqual(await checkpoint());
    });

    it('row 10: an empty or unfit one never takes the place of a good one', async () => {
      const good = await snapshot();
      await storage.snapshots.put(good);
      const empty = await snapshot({ items: 0, itemFactors: new Float32Array() });
      const short = await snapshot({ itemFactors: new Float32Array(5) });
      for (const bad of [empty, short]) {
        await expect(storage.snapshots.put(bad)).rejects.toMatchObject({ code: 'storage-record-invalid' });
      }
      await expect(storage.snapshots.put({ ...good, seed: 8 })).rejects.toMatchObject({
        code: 'snapshot-corrupt',
      });
      expect(await storage.snapshots.get(PACK, 'ials')).toEqual(good);
    });
  });

  describe('settings', () => {
    it('start at their defaults and change one by one', async () => {
      expect(await storage.settings.get()).toEqual(DEFAULT_SETTINGS);
      expect(await storage.settings.update({ language: 'zh' })).toEqual({
        ...DEFAULT_SETTINGS,
        language: 'zh',
      });
      await Promise.all([
        storage.settings.update({ theme: 'dark' }),
        storage.settings.update({ autoTrain: false }),
      ]);
      expect(await storage.settings.get()).toEqual({
        ...DEFAULT_SETTINGS,
        language: 'zh',
        theme: 'dark',
        autoTrain: false,
      });
    });

    it('refuse what is none', async () => {
      await expect(storage.settings.update({ theme: 'neon' as 'dark' })).rejects.toMatchObject({
        code: 'storage-record-invalid',
      });
      expect(await storage.settings.get()).toEqual(DEFAULT_SETTINGS);
    });
  });

  it('erases what the visitor did and keeps packs, settings and experiments, which are of the community alone', async () => {
    await storage.events.add([rating('a', 5)]);
    await storage.orders.place(order('o1'), []);
    await storage.basket.set(line('mug'));
    await storage.snapshots.put(await snapshot());
    await storage.checkpoints.put(await checkpoint());
    await storage.packs.put(pack());
    await storage.settings.update({ language: 'zh' });
    await storage.experiments.put(experiment('e1'));
    await storage.eraseVisitor();
    const { datasets } = await storage.usage();
    expect(Object.fromEntries(datasets.map((set) => [set.name, set.records]))).toEqual({
      events: 0,
      orders: 0,
      basket: 0,
      packs: 1,
      snapshots: 0,
      checkpoints: 0,
      experiments: 1,
      settings: 1,
      quarantine: 0,
    });
  });

  it('row 25: hostile keys are names like any other', async () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    for (const name of ['__proto__', 'constructor', 'prototype', 'toString']) {
      await storage.events.add([{ ...rating(name, 5), itemId: item(name) }]);
      await storage.basket.set(line(name));
      const polluted = JSON.parse(`{"${name}":{"polluted":1}}`) as Record<string, number>;
      await storage.snapshots.put(await snapshot({ hyperparameters: { alpha: 1 } }));
      await expect(storage.snapshots.put(await snapshot({ hyperparameters: polluted }))).rejects.toThrow(
        AppError,
      );
    }
    expect((await storage.events.list(PACK)).map((event) => event.itemId).sort()).toEqual([
      '__proto__',
      'constructor',
      'prototype',
      'toString',
    ]);
    expect(await storage.basket.list(PACK)).toHaveLength(4);
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('any history of adds and removes leaves what a plain list would hold', async () => {
    const step = fc.record({
      id: fc.constantFrom('a', 'b', 'c', '__proto__', '💥'),
      remove: fc.boolean(),
      stars: fc.constantFrom(1, 2, 3, 4, 5),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        await storage.eraseVisitor();
        const expected = new Map<string, VisitorEvent>();
        for (const { id, remove, stars } of steps) {
          const event = rating(id, stars);
          if (remove) {
            await storage.events.remove([id]);
            expected.delete(id);
          } else if (expected.has(id)) {
            await expect(storage.events.add([event])).rejects.toMatchObject({ code: 'storage-constraint' });
          } else {
            await storage.events.add([event]);
            expected.set(id, event);
          }
        }
        const kept = await storage.events.list(PACK);
        expect(new Map(kept.map((event) => [event.id, event]))).toEqual(expected);
      }),
      { numRuns: 40, seed: 20_260 },
    );
  });
});
