import type { ColumnSource } from 'hyparquet-writer';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { sha256Hex } from '../../../src/lib/checksum.ts';
import { InteractionBuilder } from '../../../src/lib/pack/interaction-builder.ts';
import type { StoredPackBytes } from '../../../src/lib/pack/protocol.ts';
import type { PackFactors, PackFileKind } from '../../../src/lib/pack/types.ts';
import { writePack, type PackContent } from '../../../src/lib/pack/write.ts';
import type { Item, ItemId, ItemIndex, PackId } from '../../../src/lib/types.ts';

/** A small sound pack: three items, two shoppers, two reviews, one picture, a model of two factors. */
export function sampleContent(): PackContent {
  const events = new InteractionBuilder();
  events.add({ user: 1, item: 0, kind: 'rate', stars: 5, day: 20_000 });
  events.add({ user: 0, item: 2, kind: 'order', stars: 0, day: 20_003 });
  events.add({ user: 0, item: 1, kind: 'view', stars: 0, day: 20_001 });
  return {
    about: {
      id: 'sample' as PackId,
      name: { en: 'Sample', zh: '样例' },
      description: { en: 'Three things.' },
      simulated: true,
      languages: ['en', 'zh'],
      licence: 'MIT',
      source: { en: 'Written for tests.' },
      currency: 'USD',
      categories: [{ key: 'kitchen', name: { en: 'Kitchen', zh: '厨房' }, art: 'teapot' }],
    },
    items: [sampleItem(0, 'pot'), sampleItem(1, 'cup'), sampleItem(2, 'spoon')],
    art: new Map([['teapot', '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>']]),
    interactions: events.build(2, 3),
    reviews: [
      { item: 0 as ItemIndex, stars: 5, language: 'en', text: 'Pours well.', day: 20_001 },
      { item: 0 as ItemIndex, stars: 2, language: 'zh', text: '盖子太松。', day: 20_002 },
    ],
    factors: { model: sampleFactors(), bits: 32 },
  };
}

export function sampleFactors(): PackFactors {
  return {
    model: 'ials',
    factors: 2,
    itemFactors: Float32Array.of(1, 0.5, -0.25, 2, 0, 1),
    hyperparameters: {
      ...{ factors: 2, alpha: 1, unobservedWeight: 0.1, regularization: 0.01, frequencyScaling: 1 },
      ...{ initialScale: 0.1, iterations: 10, cgSteps: 0 },
    },
    iterations: 10,
    interactions: 3,
    quality: { users: 2, ndcgAt10: 0.5, recallAt10: 0.4, popularityNdcgAt10: 0.2 },
    trainer: 'fairshelf',
  };
}

export function sampleItem(index: number, id: string): Item {
  return {
    index: index as ItemIndex,
    id: id as ItemId,
    name: { en: `The ${id}`, zh: `${id}（好用）` },
    brand: 'Hearth & Co',
    category: 'kitchen',
    price: 12.5,
    description: { en: 'Plain and sturdy.', zh: '朴素耐用。' },
    attributes: [{ name: { en: 'Colour', zh: '颜色' }, value: { en: 'Blue', zh: '蓝' } }],
    art: 'teapot',
    popularity: 3,
    ratingCounts: [0, 1, 0, 0, 2],
  };
}

/** Written pack as it is kept. */
export async function samplePack(content: PackContent = sampleContent()): Promise<StoredPackBytes> {
  const { manifestText, files } = await writePack(content);
  return { manifestText, files: files.map(({ kind, bytes }) => ({ kind, bytes })) };
}

/** The sample pack with one file replaced by other columns, and a manifest that agrees with it. */
export async function packWith(
  kind: PackFileKind,
  columnData: ColumnSource[],
  codec: 'SNAPPY' | 'UNCOMPRESSED' = 'SNAPPY',
): Promise<StoredPackBytes> {
  const bytes = new Uint8Array(parquetWriteBuffer({ columnData, codec }));
  return packWithBytes(kind, bytes, columnData[0]?.data.length ?? 0);
}

/** The sample pack with one file replaced by any bytes, and a manifest that agrees with them. */
export async function packWithBytes(
  kind: PackFileKind,
  bytes: Uint8Array<ArrayBuffer>,
  rows: number,
): Promise<StoredPackBytes> {
  const pack = await samplePack();
  const manifest = JSON.parse(pack.manifestText) as {
    counts: Record<string, number>;
    files: Record<string, { path: string; sha256: string; bytes: number; rows: number }>;
  };
  const path = manifest.files[kind]?.path ?? '';
  manifest.files[kind] = { path, sha256: await sha256Hex(bytes), bytes: bytes.byteLength, rows };
  if (kind === 'factors' || kind === 'art') return replaced(manifest, pack, kind, bytes);
  manifest.counts[kind] = rows;
  // a model of another number of items would be what is wrong
  if (kind === 'items') delete manifest.files['factors'];
  return replaced(manifest, pack, kind, bytes);
}

function replaced(
  manifest: object,
  pack: StoredPackBytes,
  kind: PackFileKind,
  bytes: Uint8Array<ArrayBuffer>,
): StoredPackBytes {
  return {
    manifestText: JSON.stringify(manifest),
    files: pack.files.map((file) => (file.kind === kind ? { kind, bytes } : file)),
  };
}

/** Columns of a sound items.parquet with one row, to be changed by a test. */
export function itemRow(change: Record<string, string | number | null | Uint8Array> = {}): ColumnSource[] {
  const row: typeof change = { id: 'pot', name_en: 'Pot', category: 'kitchen', ...change };
  return Object.entries(row).map(([name, value]) => ({
    name,
    data: [value],
    ...(typeof value === 'number'
      ? { type: 'DOUBLE' as const }
      : value instanceof Uint8Array
        ? { type: 'BYTE_ARRAY' as const }
        : { type: 'STRING' as const }),
  }));
}
