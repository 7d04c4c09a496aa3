import type { PackCatalogue } from '../../../src/lib/pack/types.ts';
import type { Item, ItemId, ItemIndex, PackId } from '../../../src/lib/types.ts';

/** An item with everything a page reads; `change` says what the test is about. */
export function makeItem(index: number, change: Partial<Item> = {}): Item {
  return {
    index: index as ItemIndex,
    id: `item-${index}` as ItemId,
    name: { en: `Item ${index}`, zh: `商品 ${index}` },
    brand: 'Brand',
    category: 'kitchen',
    price: 10 + index,
    description: { en: `Description of item ${index}`, zh: `商品 ${index} 的介绍` },
    attributes: [],
    art: null,
    popularity: 100 - index,
    ratingCounts: [0, 0, 0, 0, 0],
    ...change,
  };
}

/** A parsed pack around items. */
export function makePack(items: readonly Item[], fingerprint = 'a'.repeat(64)): PackCatalogue {
  return {
    manifest: {
      schemaVersion: 1,
      id: 'shop' as PackId,
      name: { en: 'Shop' },
      description: {},
      simulated: true,
      languages: ['en', 'zh'],
      licence: 'MIT',
      source: {},
      currency: 'USD',
      categories: [
        { key: 'kitchen', name: { en: 'Kitchen', zh: '厨房' }, art: null },
        { key: 'garden', name: { en: 'Garden', zh: '园艺' }, art: null },
      ],
      counts: { items: items.length, users: 0, interactions: 0, reviews: 0 },
      files: { items: { path: 'items.parquet', sha256: 'b'.repeat(64), bytes: 1, rows: items.length } },
    },
    fingerprint,
    items,
    art: new Map(),
  };
}
