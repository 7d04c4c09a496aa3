/**
 * Caps on what a pack may hold. They keep a broken or hostile file from exhausting the tab, and are an order of
 * magnitude above the largest public data set the shop is meant for.
 */

const MEBIBYTE = 1024 * 1024;

export const MAX_MANIFEST_BYTES = MEBIBYTE;
export const MAX_FILE_BYTES = 256 * MEBIBYTE;
/** Of all columns of one file after decompression, as its own footer declares it. */
export const MAX_DECODED_BYTES = 1024 * MEBIBYTE;

export const MAX_ROWS = {
  items: 1_000_000,
  art: 20_000,
  interactions: 50_000_000,
  reviews: 2_000_000,
  /** One model. */
  sentiment: 1,
} as const;

/** Longest text kept, in UTF-16 code units; what is longer is clipped and ends in an ellipsis. */
export const MAX_TEXT = {
  name: 200,
  brand: 80,
  description: 4000,
  attribute: 400,
  review: 4000,
  licence: 1000,
} as const;

/** Keys are never clipped (two could become one): longer ones are refused. */
export const MAX_KEY_LENGTH = 128;
export const MAX_CATEGORIES = 1000;
export const MAX_ATTRIBUTES = 64;
/** Of the JSON text of one item's attributes, in UTF-16 code units. */
export const MAX_ATTRIBUTES_JSON = 65_536;
/** Of one SVG, in UTF-16 code units. */
export const MAX_SVG = 262_144;
/** Latent dimensions of a pack's factors. */
export const MAX_FACTORS = 512;
