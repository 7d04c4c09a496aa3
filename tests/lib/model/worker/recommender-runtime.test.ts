import { afterEach, describe, expect, it } from 'vitest';
import { serveRecommender } from '../../../../src/lib/model/worker/recommender-runtime.ts';
import { SCREEN_FROM } from '../../../../src/lib/model/recommend/item-screen.ts';
import { Recommender } from '../../../../src/lib/model/recommend/recommender.ts';
import type { RecommenderService } from '../../../../src/lib/model/worker/recommender-protocol.ts';
import { createRpcClient, type RpcClient } from '../../../../src/lib/rpc/index.ts';
import { writeSentimentFile } from '../../../../src/lib/text/sentiment/index.ts';
import type { ItemIndex } from '../../../../src/lib/types.ts';
import { event, plantedFactors, plantedItems, snapshotOf } from '../recommend/planted.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

function connect(): RpcClient<RecommenderService> {
  const { port1, port2 } = new MessageChannel();
  closers.push(serveRecommender(port2), () => port1.close());
  port1.start();
  port2.start();
  return createRpcClient<RecommenderService>(port1);
}

describe('recommender service over a MessageChannel', () => {
  const items = plantedItems(40);

  it('opens, recommends, explains, searches, maps', async () => {
    const client = connect();
    expect(await client.call('open', { items, snapshot: null })).toEqual({
      items: 40,
      model: null,
      factors: 0,
    });
    expect(await client.call('map', null)).toBeNull();
    expect(await client.call('monitor', { events: [event(0)] })).toBeNull();
    const snapshot = snapshotOf(plantedFactors(40, 8), 8);
    expect(await client.call('useSnapshot', { snapshot })).toMatchObject({ model: 'ials', factors: 8 });

    const events = [event(0), event(4)];
    const { shelves, milliseconds } = await client.call('shelves', { events, length: 5 });
    expect(shelves.map(({ kind }) => kind)).toContain('for-you');
    expect(milliseconds).toBeGreaterThan(0);
    const monitored = await client.call('monitor', { events });
    expect(monitored?.points.map((point) => point.item)).toEqual([0, 4]);
    const item = shelves[0]!.entries[0]!.item;
    expect((await client.call('explain', { item, events })).rank).toBe(1);
    expect((await client.call('similar', { item, length: 3, events })).entries).toHaveLength(3);

    const found = await client.call('search', { query: 'guitar', language: 'en', limit: 3 });
    expect(found.items).toHaveLength(3);
    for (const each of found.items) expect(each % 4).toBe(2);
    const map = await client.call('map', null);
    expect(map?.x).toHaveLength(40);
    expect(map?.y).toHaveLength(40);
  });

  it('reads reviews by word lists, or by the pack’s model, and refuses a broken one', async () => {
    const client = connect();
    const texts = ['The lid is loose and bad.', 'A bad lid, sadly.'];
    const params = { texts, name: 'Pot', language: 'en', sentiment: null } as const;
    const found = await client.call('opinions', params);
    expect(found).toMatchObject({ liked: [], method: { kind: 'word-lists' }, reviews: 2 });
    expect(found.disliked[0]).toMatchObject({ topic: 'lid', reviews: 2 });

    const measured = { method: 'hold-out', seed: 1, texts: 9, accuracy: 0.9, low: 0.6, high: 1 } as const;
    const keys = ['lid'];
    const model = { intercept: 0, toneWeight: 0, keys, weights: [5], texts: 9, measured };
    const trained = await client.call('opinions', {
      ...params,
      sentiment: writeSentimentFile({ en: model }),
    });
    expect(trained.method).toEqual({ kind: 'trained', accuracy: 0.9 });
    expect(trained.liked[0]).toMatchObject({ topic: 'lid', reviews: 2 });
    const broken = client.call('opinions', { ...params, sentiment: '{}' });
    await expect(broken).rejects.toMatchObject({ code: 'input-invalid', values: { field: 'format' } });
    expect(await client.call('opinions', params)).toEqual(found);
  });

  it('screens a large catalogue in 8 bits once it has come to it, with the same shelves', async () => {
    const many = plantedItems(SCREEN_FROM);
    const client = connect();
    const request = { events: [event(0), event(4), event(9, { kind: 'order' })], length: 20 };
    await client.call('open', { items: many, snapshot: snapshotOf(plantedFactors(SCREEN_FROM, 8), 8) });
    const first = await client.call('shelves', request);
    const screened = async () => (await client.call('shelves', request)).screened;
    await expect.poll(screened, { timeout: 30_000 }).toBe(true);
    expect((await client.call('shelves', request)).shelves).toEqual(first.shelves);
    // another model: nothing of the old one's screen
    const other = snapshotOf(plantedFactors(SCREEN_FROM, 6, 2), 6);
    await client.call('useSnapshot', { snapshot: other });
    await expect.poll(screened, { timeout: 30_000 }).toBe(true);
    const { shelves } = await client.call('shelves', request);
    expect(shelves).toEqual(new Recommender(many, other).shelves(request.events, request.length));
    await client.call('useSnapshot', {
      snapshot: snapshotOf(plantedFactors(SCREEN_FROM, 6, 2), 6, 'logistic'),
    });
    expect(await screened()).toBe(false);
  });

  it('hands over a map that can be asked for again', async () => {
    const client = connect();
    await client.call('open', { items, snapshot: snapshotOf(plantedFactors(40, 8), 8) });
    expect(await client.call('map', null)).toEqual(await client.call('map', null));
  });

  it('maps the factors of a run in progress without taking them into use', async () => {
    const client = connect();
    await client.call('open', { items, snapshot: null });
    const itemFactors = plantedFactors(40, 8);
    const live = await client.call('map', { itemFactors, items: 40, factors: 8 });
    expect(await client.call('map', null)).toBeNull();
    await client.call('useSnapshot', { snapshot: snapshotOf(itemFactors, 8) });
    expect(await client.call('map', null)).toEqual(live);
    await expect(client.call('map', { itemFactors, items: 41, factors: 8 })).rejects.toMatchObject({
      code: 'input-invalid',
    });
  });

  it('searches the catalogue opened last', async () => {
    const client = connect();
    await client.call('open', { items, snapshot: null });
    await client.call('open', { items: items.slice(0, 2), snapshot: null });
    expect((await client.call('search', { query: 'tent', language: 'en', limit: 9 })).items).toEqual([1]);
  });

  it('refuses calls before a catalogue is open, and bad ones after', async () => {
    const client = connect();
    await expect(client.call('shelves', { events: [], length: 3 })).rejects.toMatchObject({
      code: 'input-invalid',
    });
    await client.call('open', { items, snapshot: null });
    await expect(client.call('explain', { item: 40 as ItemIndex, events: [] })).rejects.toMatchObject({
      code: 'input-invalid',
      values: { item: 40 },
    });
    await expect(client.call('search', { query: 'x', language: 'en', limit: 0 })).rejects.toMatchObject({
      code: 'input-invalid',
    });
  });
});
