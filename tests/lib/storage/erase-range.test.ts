import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStorage, type Storage } from '../../../src/lib/storage/index.ts';
import { dump, freshProfile, putRaw } from './fixtures/raw.ts';
import {
  checkpoint,
  experiment,
  item,
  line,
  order,
  OTHER_PACK,
  pack,
  PACK,
  rating,
  saying,
  snapshot,
} from './fixtures/records.ts';

let storage: Storage;
beforeEach(async () => {
  freshProfile();
  storage = await openStorage();
});
afterEach(() => storage.close());

const RANGE = { from: 1_000, to: 2_000 };

async function fill(): Promise<void> {
  await storage.packs.put(pack());
  await storage.events.add([
    rating('before', 5, 999),
    rating('first', 5, 1_000),
    rating('last', 5, 1_999),
    rating('after', 5, 2_000),
    rating('elsewhere', 5, 1_500, OTHER_PACK),
  ]);
  await storage.sayings.add([saying('said-before', 999), saying('said-inside', 1_999)]);
  await storage.orders.place(order('inside', 1_999), [
    // A little later than its order, and outside.
    {
      id: 'of-order',
      packId: PACK,
      itemId: item('kettle'),
      at: 2_001,
      kind: 'order',
      quantity: 1,
      orderId: 'inside',
    },
  ]);
  await storage.orders.place(order('outside', 2_000), []);
  await storage.basket.set(line('mug'));
  await storage.basket.set({ ...line('rug'), addedAt: 5_000 });
  await putRaw(
    'events',
    { ...rating('broken', 5, 1_200), stars: 9 },
    { ...rating('other', 5, 9_000), stars: 9 },
  );
  await storage.events.list(PACK);
}

describe('erasing a range of time', () => {
  it('counts, then deletes, all of it in every shop and nothing else', async () => {
    await fill();
    const before = await dump();
    const counts = await storage.countRange(RANGE);
    expect(counts).toEqual({ events: 4, sayings: 1, orders: 1, basket: 1, quarantine: 1, models: 0 });
    expect(await dump()).toEqual(before);
    expect(await storage.eraseRange(RANGE)).toEqual(counts);
    expect((await storage.events.list(PACK)).map(({ id }) => id)).toEqual(['before', 'after']);
    expect(await storage.events.list(OTHER_PACK)).toEqual([]);
    expect((await storage.sayings.list(PACK)).map(({ id }) => id)).toEqual(['said-before']);
    expect((await storage.orders.list(PACK)).map(({ id }) => id)).toEqual(['outside']);
    expect((await storage.basket.list(PACK)).map(({ itemId }) => itemId)).toEqual(['rug']);
    expect((await storage.quarantine.list()).map(({ record }) => (record as { id: string }).id)).toEqual([
      'other',
    ]);
    expect(await storage.countRange(RANGE)).toEqual({
      events: 0,
      sayings: 0,
      orders: 0,
      basket: 0,
      quarantine: 0,
      models: 0,
    });
  });

  it("takes the models and runs of the shops concerned, and leaves the shop's own and those of others", async () => {
    await storage.events.add([rating('a', 5, 1_500)]);
    const shops = await snapshot({ model: 'logistic', device: 'shop' });
    const elsewhere = await snapshot({ packId: OTHER_PACK });
    for (const it of [await snapshot(), shops, elsewhere]) await storage.snapshots.put(it);
    await storage.checkpoints.put(await checkpoint());
    await storage.experiments.put(experiment('e1'));
    expect(await storage.eraseRange(RANGE)).toMatchObject({ events: 1, models: 2 });
    expect(await storage.snapshots.get(PACK, 'ials')).toBeNull();
    expect(await storage.checkpoints.get(PACK, 'logistic')).toBeNull();
    expect(await storage.snapshots.get(PACK, 'logistic')).toEqual(shops);
    expect(await storage.snapshots.get(OTHER_PACK, 'ials')).toEqual(elsewhere);
    expect(await storage.experiments.list()).toHaveLength(1);
  });

  it('leaves the database as that of someone who never had the events', async () => {
    await storage.events.add([rating('kept', 4, 500)]);
    await storage.basket.set({ ...line('rug'), addedAt: 500 });
    const never = await dump();
    await storage.events.add([rating('a', 5, 1_000), rating('b', 1, 1_500)]);
    await storage.orders.place(order('o1', 1_500), []);
    await storage.snapshots.put(await snapshot());
    await storage.checkpoints.put(await checkpoint());
    await storage.basket.set({ ...line('rug'), addedAt: 500 });
    await storage.eraseRange(RANGE);
    expect(await dump()).toEqual(never);
  });

  it('of which nothing is there changes nothing', async () => {
    await fill();
    const before = await dump();
    await storage.eraseRange({ from: 100_000, to: 200_000 });
    await storage.eraseRange({ from: 2_000, to: 1_000 });
    expect(await dump()).toEqual(before);
  });
});
