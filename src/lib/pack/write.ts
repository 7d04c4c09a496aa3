import { ByteWriter, parquetWrite, type ColumnSource } from 'hyparquet-writer';
import { sha256Hex } from '../checksum.ts';
import { EVENT_KINDS, type InteractionColumns, type Item, type Review } from '../types.ts';
import { FACTORS_PATH, writeFactors, type FactorBits } from './factors-file.ts';
import {
  PACK_SCHEMA_VERSION,
  type PackFactors,
  type PackFileBytes,
  type PackFileEntry,
  type PackFileKind,
  type PackManifest,
} from './types.ts';

/** Everything a pack holds, before it is bytes. Items are in the order that `interactions` and `reviews` index. */
export interface PackContent {
  readonly about: Omit<PackManifest, 'schemaVersion' | 'counts' | 'files'>;
  readonly items: readonly Item[];
  readonly art: ReadonlyMap<string, string>;
  /** Sorted by user, then day (`InteractionBuilder`); null for a pack without a community. */
  readonly interactions: InteractionColumns | null;
  readonly reviews: readonly Review[];
  /** A model that the shop trained, in the order of the items. */
  readonly factors?: { readonly model: PackFactors; readonly bits: FactorBits };
}

export interface WrittenPack {
  readonly manifestText: string;
  readonly files: readonly (PackFileBytes & { readonly path: string })[];
}

const TABLE_KINDS = ['items', 'art', 'interactions', 'reviews'] as const satisfies readonly PackFileKind[];
type TableKind = (typeof TABLE_KINDS)[number];

/** Rows per Parquet row group: large enough that columns compress well, small enough to decode in one go. */
const ROW_GROUP_ROWS = 1_000_000;

/** Writes a pack as bytes. The same content gives the same bytes: nothing in them tells time or machine. */
export async function writePack(content: PackContent): Promise<WrittenPack> {
  const tables: Record<TableKind, { columns: ColumnSource[]; rows: number } | null> = {
    items: { columns: itemColumns(content.items), rows: content.items.length },
    art: content.art.size === 0 ? null : { columns: artColumns(content.art), rows: content.art.size },
    interactions:
      content.interactions === null
        ? null
        : { columns: interactionColumns(content.interactions), rows: content.interactions.length },
    reviews:
      content.reviews.length === 0
        ? null
        : { columns: reviewColumns(content.reviews), rows: content.reviews.length },
  };
  const files: WrittenPack['files'][number][] = [];
  const entries: Partial<Record<PackFileKind, PackFileEntry>> = {};
  const add = async (
    kind: PackFileKind,
    path: string,
    bytes: PackFileBytes['bytes'],
    rows: number,
  ): Promise<void> => {
    files.push({ kind, path, bytes });
    entries[kind] = { path, sha256: await sha256Hex(bytes), bytes: bytes.byteLength, rows };
  };
  for (const kind of TABLE_KINDS) {
    const table = tables[kind];
    if (table !== null) await add(kind, `${kind}.parquet`, await tableBytes(table.columns), table.rows);
  }
  if (content.factors !== undefined) {
    const { model, bits } = content.factors;
    await add('factors', FACTORS_PATH, writeFactors(model, bits), content.items.length);
  }
  const manifest = {
    schemaVersion: PACK_SCHEMA_VERSION,
    ...content.about,
    counts: {
      items: content.items.length,
      users: content.interactions?.users ?? 0,
      interactions: content.interactions?.length ?? 0,
      reviews: content.reviews.length,
    },
    files: entries,
  };
  return { manifestText: `${JSON.stringify(manifest, null, 2)}\n`, files };
}

async function tableBytes(columnData: ColumnSource[]): Promise<Uint8Array<ArrayBuffer>> {
  const writer = new ByteWriter();
  await parquetWrite({
    writer,
    columnData: columnData.map((column) => ({ statistics: false, offsetIndex: false, ...column })),
    rowGroupSize: ROW_GROUP_ROWS,
    createdBy: 'fairshelf',
  });
  return new Uint8Array(writer.getBuffer());
}

function itemColumns(items: readonly Item[]): ColumnSource[] {
  const texts = (name: string, value: (item: Item) => string | null | undefined): ColumnSource => ({
    name,
    type: 'STRING',
    data: items.map((item) => value(item) ?? null),
  });
  const whole = (name: string, value: (item: Item) => number): ColumnSource => ({
    name,
    type: 'INT32',
    nullable: false,
    data: items.map(value),
  });
  return [
    { ...texts('id', (item) => item.id), nullable: false },
    texts('name_en', (item) => item.name.en),
    texts('name_zh', (item) => item.name.zh),
    texts('brand', (item) => item.brand),
    { ...texts('category', (item) => item.category), nullable: false },
    { name: 'price', type: 'DOUBLE', data: items.map((item) => item.price) },
    texts('description_en', (item) => item.description.en),
    texts('description_zh', (item) => item.description.zh),
    texts('attributes', (item) => JSON.stringify(item.attributes)),
    texts('art', (item) => item.art),
    whole('popularity', (item) => item.popularity),
    ...([0, 1, 2, 3, 4] as const).map((position) =>
      whole(`rating_${position + 1}`, (item) => item.ratingCounts[position]),
    ),
  ];
}

function artColumns(art: ReadonlyMap<string, string>): ColumnSource[] {
  return [
    { name: 'key', type: 'STRING', nullable: false, data: [...art.keys()] },
    { name: 'svg', type: 'STRING', nullable: false, data: [...art.values()] },
  ];
}

function interactionColumns(columns: InteractionColumns): ColumnSource[] {
  return [
    { name: 'user', type: 'INT32', nullable: false, encoding: 'DELTA_BINARY_PACKED', data: columns.user },
    { name: 'item', type: 'INT32', nullable: false, data: columns.item },
    {
      name: 'kind',
      type: 'STRING',
      nullable: false,
      data: Array.from(columns.kind, (code) => EVENT_KINDS[code] ?? ''),
    },
    { name: 'stars', type: 'INT32', nullable: false, data: Int32Array.from(columns.stars) },
    { name: 'day', type: 'INT32', nullable: false, encoding: 'DELTA_BINARY_PACKED', data: columns.day },
  ];
}

function reviewColumns(reviews: readonly Review[]): ColumnSource[] {
  const whole = (name: string, value: (review: Review) => number): ColumnSource => ({
    name,
    type: 'INT32',
    nullable: false,
    data: reviews.map(value),
  });
  return [
    whole('item', (review) => review.item),
    whole('stars', (review) => review.stars),
    { name: 'language', type: 'STRING', nullable: false, data: reviews.map((review) => review.language) },
    { name: 'text', type: 'STRING', nullable: false, data: reviews.map((review) => review.text) },
    whole('day', (review) => review.day),
  ];
}
