import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStorage, type Storage } from '../../../src/lib/storage/index.ts';
import { dump, freshProfile, putRaw } from './fixtures/raw.ts';
import { checkpoint, line, order, PACK, rating, snapshot } from './fixtures/records.ts';

let storage: Storage;
beforeEach(async () => {
  freshProfile();
  storage = await openStorage();
});
afterEach(() => storage.close());

describe('row 18: broken records', () => {
  const broken = [
    { ...rating('nan', 5), stars: NaN },
    { ...rating('seven', 5), stars: 7 },
    { ...rating('text', 5), stars: '5' },
    { ...rating('null', 5), stars: null },
    { ...rating('homeless', 5), packId: 5 },
    { id: 7, kind: 'rate' },
    { id: 'empty' },
  ];

  it('of ratings are set aside and counted, with the sound ones untouched', async () => {
    await storage.events.add([rating('good', 4)]);
    await putRaw('events', ...broken);
    expect(await storage.events.list(PACK)).toEqual([rating('good', 4)]);
    const aside = await storage.quarantine.list();
    expect(aside.map((it) => it.record)).toEqual(expect.arrayContaining(broken));
    expect(aside).toHaveLength(broken.length);
    for (const it of aside) {
      expect(it.store).toBe('events');
      expect(it.reason).toMatch(/\w/);
    }
    expect(await storage.events.count()).toBe(1);
    const { datasets } = await storage.usage();
    expect(datasets.find((set) => set.name === 'quarantine')?.records).toBe(broken.length);
  });

  it('are set aside once, and leave only when the visitor says so', async () => {
    await putRaw('events', ...broken);
    await storage.events.list(PACK);
    await storage.events.list(PACK);
    const aside = await storage.quarantine.list();
    expect(aside).toHaveLength(broken.length);
    await storage.quarantine.remove(aside.slice(1).map((it) => it.id));
    expect(await storage.quarantine.list()).toEqual(aside.slice(0, 1));
  });

  it('of one id, broken twice, are both kept', async () => {
    for (const stars of [NaN, 9]) {
      await putRaw('events', { ...rating('a', 5), stars });
      await storage.events.list(PACK);
    }
    expect((await storage.quarantine.list()).map((it) => it.record)).toHaveLength(2);
  });

  it('are not removed with a sound one, where undo would lose them', async () => {
    await putRaw('events', broken[0]);
    expect(await storage.events.remove(['nan'])).toEqual([]);
    expect((await dump()).stores['events']).toEqual([broken[0]]);
  });

  it('of orders and basket are set aside, too', async () => {
    await storage.orders.place(order('good'), []);
    await putRaw('orders', { ...order('bad'), lines: [] });
    await putRaw('basket', { ...line('mug'), quantity: 0.5 });
    expect(await storage.orders.list(PACK)).toEqual([order('good')]);
    expect(await storage.basket.list(PACK)).toEqual([]);
    expect((await storage.quarantine.list()).map((it) => it.store).sort()).toEqual(['basket', 'orders']);
  });

  it('of settings give way to the defaults', async () => {
    await putRaw('settings', { id: 'settings', language: 'tlh', theme: 'dark' });
    expect(await storage.settings.get()).toMatchObject({ language: null, theme: 'system' });
    expect(await storage.quarantine.list()).toHaveLength(1);
    await putRaw('settings', { id: 'settings', theme: 3 });
    expect(await storage.settings.update({ language: 'en' })).toMatchObject({ language: 'en' });
    expect(await storage.quarantine.list()).toHaveLength(2);
    expect(await storage.settings.get()).toMatchObject({ language: 'en', theme: 'system' });
  });

  it('of packs read as absent', async () => {
    await putRaw('packs', { packId: PACK, fingerprint: 'short' });
    expect(await storage.packs.get(PACK)).toBeNull();
    expect(await storage.packs.list()).toEqual([]);
  });

  it('settings of an older version are read over the defaults', async () => {
    await putRaw('settings', { id: 'settings', theme: 'dark' });
    expect(await storage.settings.get()).toMatchObject({ theme: 'dark', autoTrain: true });
    expect(await storage.quarantine.list()).toEqual([]);
  });
});

describe('row 19: a saved model', () => {
  const flipped = (factors: Float32Array<ArrayBuffer>, bit: number): Float32Array<ArrayBuffer> => {
    const copy = factors.slice();
    const bytes = new Uint8Array(copy.buffer);
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    return copy;
  };

  it('with any single bit flipped is rejected', async () => {
    const good = await snapshot();
    for (let bit = 0; bit < 8 * good.itemFactors.byteLength; bit += 7) {
      await putRaw('snapshots', { ...good, itemFactors: flipped(good.itemFactors, bit) });
      expect(await storage.snapshots.get(PACK, 'ials'), `bit ${bit}`).toBeNull();
    }
  });

  it.each<[string, object]>([
    ['cut short', { itemFactors: new Float32Array(4) }],
    ['of zeros', { itemFactors: new Float32Array(6) }],
    ['of another item count', { items: 2, itemFactors: new Float32Array(4) }],
    ['with a changed figure', { quality: { users: 1, ndcgAt10: 1, recallAt10: 1, popularityNdcgAt10: 0 } }],
    ['with no checksum', { checksum: undefined }],
  ])('%s is quarantined, not handed out and not deleted', async (_fault, change) => {
    await putRaw('snapshots', { ...(await snapshot()), ...change });
    expect(await storage.snapshots.get(PACK, 'ials')).toBeNull();
    expect(await storage.snapshots.get(PACK, 'ials')).toBeNull();
    expect(await storage.quarantine.list()).toMatchObject([{ store: 'snapshots' }]);
    const fresh = await snapshot();
    await storage.snapshots.put(fresh);
    expect(await storage.snapshots.get(PACK, 'ials')).toEqual(fresh);
  });

  it('as a checkpoint is checked down to the optimizer', async () => {
    const good = await checkpoint();
    await putRaw('checkpoints', { ...good, optimizer: { itemMoment1: new Float32Array(3) } });
    expect(await storage.checkpoints.get(PACK, 'logistic')).toBeNull();
    await putRaw('checkpoints', good);
    expect(await storage.checkpoints.get(PACK, 'logistic')).toEqual(good);
  });
});
