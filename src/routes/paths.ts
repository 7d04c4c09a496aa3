import type { ItemId } from '../lib/types.ts';

/** Hash routes of the pages, as hrefs. */
export const SHOP_PATH = '#/';
export const BASKET_PATH = '#/basket';
export const YOU_PATH = '#/you';
export const TRAIN_PATH = '#/train';
export const MODELS_PATH = '#/models';
export const IMPORT_PATH = '#/import';

/** A product's page. Ids come from packs: whatever they hold stays one path segment. */
export function productPath(id: ItemId): string {
  return `#/product/${encodeURIComponent(id)}`;
}
