/**
 * Planted tastes of the demo shop. Each crosses categories (a home barista also buys a book and an apron), so
 * that a recommender has something to find which the category filter does not already show.
 */
export const TASTES = [
  'home-barista',
  'tea-ritual',
  'home-baker',
  'dinner-host',
  'camper',
  'runner',
  'cyclist',
  'gardener',
  'cat-person',
  'dog-person',
  'new-parent',
  'gamer',
  'home-office',
  'musician',
  'artist',
  'sci-fi-reader',
  'skincare-minimalist',
  'traveller',
] as const;
/** The taste a product was written for: the ground truth behind the simulated community. */
export type Taste = (typeof TASTES)[number];

/** A text in both languages of the shop: English and Simplified Chinese. */
export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

/** A fact about a product: name and value in English, then name and value in Chinese. */
export type CatalogueAttribute = readonly [nameEn: string, valueEn: string, nameZh: string, valueZh: string];

/** One product of the demo shop, written by hand. Brands are invented. */
export interface CatalogueProduct {
  /** Kebab-case, unique in the catalogue, never changed once published. */
  readonly id: string;
  readonly name: Bilingual;
  readonly brand: string;
  /** US dollars. */
  readonly price: number;
  readonly taste: Taste;
  /** One or two sentences. */
  readonly description: Bilingual;
  /** Two to four facts in display order. */
  readonly attributes: readonly CatalogueAttribute[];
  /** Icon name in @iconify-json/fluent-emoji-flat. */
  readonly art: string;
  /** New in the shop: the simulated community has not touched it. */
  readonly fresh?: true;
}

/** One department of the demo shop. */
export interface CatalogueCategory {
  readonly key: string;
  readonly name: Bilingual;
  /** Icon name in @iconify-json/fluent-emoji-flat. */
  readonly art: string;
  readonly products: readonly CatalogueProduct[];
}
