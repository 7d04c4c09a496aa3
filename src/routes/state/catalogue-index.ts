import type { PackCatalogue, PackManifest } from '../../lib/pack/types.ts';
import type { Item, ItemId } from '../../lib/types.ts';

/** Tints in styles/tokens.css. */
const TINTS = 10;

/** Finds items and categories of an open pack by key. */
export class CatalogueIndex {
  readonly #items: ReadonlyMap<ItemId, Item>;
  readonly #categories: ReadonlyMap<
    string,
    { readonly category: PackManifest['categories'][number]; readonly tint: number }
  >;

  /** Null: an empty shop. */
  constructor(pack: PackCatalogue | null) {
    this.#items = new Map(pack?.items.map((item) => [item.id, item]));
    this.#categories = new Map(
      pack?.manifest.categories.map((category, position) => [
        category.key,
        { category, tint: position % TINTS },
      ]),
    );
  }

  item(id: ItemId): Item | null {
    return this.#items.get(id) ?? null;
  }

  category(key: string): PackManifest['categories'][number] | null {
    return this.#categories.get(key)?.category ?? null;
  }

  /** Which tint a category has, by its position in the pack. */
  tint(key: string): number {
    return this.#categories.get(key)?.tint ?? 0;
  }
}
