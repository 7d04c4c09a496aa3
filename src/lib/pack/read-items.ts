import * as v from 'valibot';
import type { Item, ItemId, ItemIndex, LocalizedText } from '../types.ts';
import { keyText, optionalAmount, optionalText, readColumns, wholeNumber, type CellPlace } from './cells.ts';
import { MAX_ATTRIBUTES, MAX_ATTRIBUTES_JSON, MAX_KEY_LENGTH, MAX_ROWS, MAX_TEXT } from './limits.ts';
import { KEY_PATTERN } from './manifest.ts';
import { rowError } from './row-error.ts';
import { Table, type Column } from './table.ts';
import { cleanText } from './text.ts';
import type { PackManifest } from './types.ts';

const REQUIRED = ['id', 'category'] as const;
const RATINGS = ['rating_1', 'rating_2', 'rating_3', 'rating_4', 'rating_5'] as const;
const OPTIONAL = [
  'name_en',
  'name_zh',
  'brand',
  'price',
  'description_en',
  'description_zh',
  'attributes',
  'art',
  'popularity',
  ...RATINGS,
] as const;

const LOCALIZED = v.object({ en: v.optional(v.string()), zh: v.optional(v.string()) });
const ATTRIBUTES = v.pipe(
  v.array(v.object({ name: LOCALIZED, value: LOCALIZED })),
  v.maxLength(MAX_ATTRIBUTES),
);

/**
 * Reads items.parquet: one row an item, its row number (0-based) being the item's index everywhere else.
 * Throws `pack-file-invalid` or, for the first bad row, `pack-row-invalid`.
 */
export async function readItems(
  bytes: Uint8Array<ArrayBuffer>,
  manifest: PackManifest,
): Promise<readonly Item[]> {
  const file = manifest.files.items.path;
  const table = await Table.open(file, bytes, MAX_ROWS.items);
  const columns = await readColumns(table, REQUIRED, OPTIONAL);
  const categories = new Set(manifest.categories.map((category) => category.key));
  const ids = new Set<string>();
  const items: Item[] = [];
  for (let row = 0; row < table.rows; row++) {
    const item = readItem(columns, file, row);
    if (ids.has(item.id)) throw rowError(file, row, 'id', item.id, 'Give every item an id of its own.');
    if (!categories.has(item.category)) {
      throw rowError(file, row, 'category', item.category, 'Use a key of the manifest’s categories.');
    }
    ids.add(item.id);
    items.push(item);
  }
  return items;
}

type ItemColumns = Record<(typeof REQUIRED)[number] | (typeof OPTIONAL)[number], Column>;

function readItem(columns: ItemColumns, file: string, row: number): Item {
  const place = (column: string): CellPlace => ({ file, row, column });
  const localized = (en: 'name_en' | 'description_en', zh: 'name_zh' | 'description_zh', cap: number) =>
    localizedText(
      optionalText(columns[en][row], cap, place(en)),
      optionalText(columns[zh][row], cap, place(zh)),
    );
  const name = localized('name_en', 'name_zh', MAX_TEXT.name);
  if (name.en === undefined && name.zh === undefined) {
    throw rowError(
      file,
      row,
      'name_en',
      '',
      'Give the item a name in English (name_en) or Chinese (name_zh).',
    );
  }
  const ratings = RATINGS.map((column) => countOrZero(columns[column][row], place(column)));
  const [one = 0, two = 0, three = 0, four = 0, five = 0] = ratings;
  return {
    index: row as ItemIndex,
    id: keyText(columns.id[row], MAX_KEY_LENGTH, place('id')) as ItemId,
    name,
    brand: optionalText(columns.brand[row], MAX_TEXT.brand, place('brand')),
    category: keyText(columns.category[row], MAX_KEY_LENGTH, place('category')),
    price: optionalAmount(columns.price[row], place('price')),
    description: localized('description_en', 'description_zh', MAX_TEXT.description),
    attributes: readAttributes(columns.attributes[row], place('attributes')),
    art: readArtKey(optionalText(columns.art[row], MAX_KEY_LENGTH, place('art'))),
    popularity: countOrZero(columns.popularity[row], place('popularity')),
    ratingCounts: [one, two, three, four, five],
  };
}

function countOrZero(value: unknown, place: CellPlace): number {
  return optionalAmount(value, place) === null ? 0 : wholeNumber(value, 0, MAX_ROWS.interactions, place);
}

/** Art is a key into art.parquet and nothing else: an address or any other text means a placeholder. */
function readArtKey(value: string): string | null {
  return KEY_PATTERN.test(value) ? value : null;
}

function readAttributes(value: unknown, place: CellPlace): Item['attributes'] {
  if (value === null || value === undefined || value === '') return [];
  const remedy = `Give a JSON list of at most ${MAX_ATTRIBUTES} objects {"name": {"en": …}, "value": {"en": …}}.`;
  if (typeof value !== 'string' || value.length > MAX_ATTRIBUTES_JSON) {
    throw rowError(place.file, place.row, place.column, value, remedy);
  }
  const result = v.safeParse(ATTRIBUTES, parseJson(value));
  if (!result.success) throw rowError(place.file, place.row, place.column, value, remedy);
  return result.output.map((attribute) => ({
    name: cleanLocalized(attribute.name),
    value: cleanLocalized(attribute.value),
  }));
}

/** Undefined, which no attribute list is, where the text is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function cleanLocalized({ en = '', zh = '' }: { en?: string | undefined; zh?: string | undefined }) {
  return localizedText(cleanText(en, MAX_TEXT.attribute), cleanText(zh, MAX_TEXT.attribute));
}

function localizedText(en: string, zh: string): LocalizedText {
  return { ...(en === '' ? {} : { en }), ...(zh === '' ? {} : { zh }) };
}
