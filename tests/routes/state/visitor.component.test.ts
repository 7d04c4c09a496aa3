import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../src/lib/errors.ts';
import type { Storage } from '../../../src/lib/storage/types.ts';
import type { AppState } from '../../../src/routes/state/app-state.ts';
import type { ItemId } from '../../../src/lib/types.ts';
import { Visitor } from '../../../src/routes/state/visitor.svelte.ts';
import { createTestApp, memoryStorage } from '../support/app.ts';
import { makeItem, makePack } from '../support/shop.ts';

const PACK = makePack([makeItem(0), makeItem(1)]);
const [FIRST, SECOND] = PACK.items.map((item) => item.id) as [ItemId, ItemId];

let app: AppState;
let visitor: Visitor;
beforeEach(async () => {
  app = await createTestApp(PACK);
  visitor = app.visitor;
});

const kept = (): Promise<Visitor> => {
  const again = new Visitor(app.storage, app.catalogue);
  return again.open(PACK.manifest.id).then(() => again);
};

describe('Visitor', () => {
  it('keeps one rating an item, the newest, and moves the stars of the own review along', async () => {
    await visitor.rate(FIRST, 2);
    await visitor.review(FIRST, 2, 'too small');
    await visitor.rate(FIRST, 5);
    // Oldest first: rated last.
    expect(visitor.events.map(({ kind }) => kind)).toEqual(['review', 'rate']);
    expect((await kept()).standing(FIRST)).toMatchObject({
      stars: 5,
      review: { stars: 5, text: 'too small' },
    });
  });

  it('counts a second look within half an hour as the same visit', async () => {
    await visitor.view(FIRST);
    await visitor.view(FIRST);
    await visitor.view(SECOND);
    expect(visitor.events.map(({ itemId }) => itemId)).toEqual([FIRST, SECOND]);
  });

  it('gives every event a later time than the one before, also within a millisecond or a clock set back', async () => {
    const first = await visitor.add({ kind: 'like', itemId: FIRST });
    const clock = vi.spyOn(Date, 'now').mockReturnValue(first.at - 60_000);
    const second = await visitor.add({ kind: 'hide', itemId: FIRST });
    clock.mockRestore();
    expect(second.at).toBeGreaterThan(first.at);
    expect((await kept()).events.map(({ kind }) => kind)).toEqual(['like', 'hide']);
  });

  it('puts removed events back where they were', async () => {
    await visitor.add({ kind: 'like', itemId: FIRST });
    await visitor.add({ kind: 'like', itemId: SECOND });
    const before = visitor.events;
    const removed = await visitor.take(FIRST, ['like']);
    expect((await kept()).events).toHaveLength(1);
    await visitor.restore(removed);
    expect(visitor.events).toEqual(before);
    expect((await kept()).events).toEqual(before);
  });

  it('orders what is in the basket: one order, one event a line, an empty basket', async () => {
    await visitor.setQuantity(FIRST, 2);
    await visitor.setQuantity(SECOND, 1);
    await visitor.order(
      visitor.basket.map(({ itemId, quantity }) => ({ itemId, quantity, price: 1 })),
      'USD',
    );
    const again = await kept();
    expect(again.basket).toEqual([]);
    expect(again.orders.map(({ lines }) => lines.length)).toEqual([2]);
    // Sorted: events of one millisecond have no order of their own.
    expect(again.events.map(({ kind }) => kind).sort()).toEqual(['basket', 'basket', 'order', 'order']);
    expect(again.standing(FIRST).ordered).toBe(true);
  });

  it('keeps and hides what the shop does not have (fault 30)', async () => {
    const gone = 'gone' as ItemId;
    await visitor.add({ kind: 'like', itemId: gone });
    await visitor.setQuantity(gone, 3);
    await visitor.add({ kind: 'like', itemId: FIRST });
    expect(visitor.events).toHaveLength(3);
    expect(visitor.profile.map(({ item }) => item)).toEqual([0]);
    expect(visitor.basketCount).toBe(0);
    expect((await kept()).events).toHaveLength(3);
  });

  it('takes a change back that could not be kept', async () => {
    const failing: Storage = {
      ...memoryStorage(),
      events: {
        ...memoryStorage().events,
        add: () => Promise.reject(new AppError('storage-quota', 'The disk is full.')),
      },
    };
    const full = new Visitor(failing, app.catalogue);
    await full.open(PACK.manifest.id);
    const adding = full.add({ kind: 'like', itemId: FIRST });
    expect(full.standing(FIRST).liked).toBe(true);
    await expect(adding).rejects.toMatchObject({ code: 'storage-quota' });
    expect(full.standing(FIRST).liked).toBe(false);
  });
});
