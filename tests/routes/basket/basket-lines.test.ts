import { expect, it } from 'vitest';
import type { BasketLine } from '../../../src/lib/storage/types.ts';
import type { ItemId, PackId } from '../../../src/lib/types.ts';
import { resolveBasket } from '../../../src/routes/basket/basket-lines.ts';
import { makeItem } from '../support/shop.ts';

const line = (itemId: string, quantity: number): BasketLine => ({
  packId: 'shop' as PackId,
  itemId: itemId as ItemId,
  quantity,
  addedAt: 0,
});

it('adds up without drifting by fractions of a cent, and counts what has no price or no product', () => {
  const items = [makeItem(0, { price: 0.1 }), makeItem(1, { price: null }), makeItem(2, { price: 19.99 })];
  const basket = resolveBasket(
    [line('item-0', 3), line('item-1', 2), line('item-2', 7), line('gone', 4)],
    (id) => items.find((item) => item.id === id) ?? null,
  );
  expect(basket).toMatchObject({ count: 12, total: 140.23, unpriced: 2, unknown: 4 });
  expect(basket.lines.map(({ item }) => item.index)).toEqual([0, 1, 2]);
});
