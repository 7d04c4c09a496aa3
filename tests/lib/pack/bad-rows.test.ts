import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../../src/lib/pack/manifest.ts';
import {
  openCatalogue,
  openFactors,
  openInteractions,
  openReviews,
} from '../../../src/lib/pack/open-stored.ts';
import type { StoredPackBytes } from '../../../src/lib/pack/protocol.ts';
import type { PackFileKind } from '../../../src/lib/pack/types.ts';
import { verifyFile } from '../../../src/lib/pack/verify.ts';
import { itemRow, packWith, packWithBytes, samplePack } from './sample-pack.ts';

async function itemsFrom(change: Parameters<typeof itemRow>[0]) {
  const pack = await packWith('items', itemRow(change));
  return (await openCatalogue(pack)).items[0];
}

describe('items', () => {
  it.each([
    ['id', ''],
    ['id', 'a\0b'],
    ['id', ' pot'],
    ['id', null],
    ['category', 'no-such'],
    ['category', '__proto__'],
    ['name_en', ''],
    ['price', -1],
    ['price', Infinity],
    ['popularity', 1.5],
    ['popularity', -3],
    ['rating_3', Infinity],
    ['attributes', 'not json'],
    ['attributes', '{"name": 1}'],
    ['attributes', '[{"name": "Colour", "value": "Blue"}]'],
    ['attributes', JSON.stringify(Array.from({ length: 65 }, () => ({ name: {}, value: {} })))],
    ['description_en', 5],
  ])('refuses %s = %j and names file, row, column and value', async (column, value) => {
    await expect(itemsFrom({ [column]: value })).rejects.toMatchObject({
      code: 'pack-row-invalid',
      values: { file: 'items.parquet', row: 1, column },
      remedy: expect.stringMatching(/\S/) as string,
    });
  });

  it('refuses two items of one id, in the row of the second', async () => {
    const columns = itemRow().map((column) => ({
      ...column,
      data: [column.data[0], column.data[0]] as unknown[],
    }));
    await expect(openCatalogue(await packWith('items', columns))).rejects.toMatchObject({
      code: 'pack-row-invalid',
      values: { row: 2, column: 'id', value: '"pot"' },
    });
  });

  it('takes what pandas leaves empty: missing columns, NaN, null', async () => {
    expect(await itemsFrom({ price: NaN, brand: null, popularity: NaN })).toEqual({
      index: 0,
      id: 'pot',
      name: { en: 'Pot' },
      brand: '',
      category: 'kitchen',
      price: null,
      description: {},
      attributes: [],
      art: null,
      popularity: 0,
      ratingCounts: [0, 0, 0, 0, 0],
    });
  });

  it('turns -0 into 0', async () => {
    const item = await itemsFrom({ price: -0, popularity: -0 });
    expect(Object.is(item?.price, 0)).toBe(true);
    expect(Object.is(item?.popularity, 0)).toBe(true);
  });

  it('keeps any text as text, and clips it', async () => {
    const name = '<img src=x onerror=alert(1)>';
    expect((await itemsFrom({ name_en: name }))?.name.en).toBe(name);
    expect((await itemsFrom({ name_en: 'x'.repeat(10_000) }))?.name.en).toHaveLength(200);
    expect((await itemsFrom({ name_en: 'a\u202Eb\0' }))?.name.en).toBe('ab');
    expect((await itemsFrom({ name_en: new Uint8Array([0x61, 0xff, 0x62]) }))?.name.en).toBe('a\uFFFDb');
  });

  it('cleans lone surrogates that JSON can spell', async () => {
    const attributes = '[{"name": {"en": "a\\ud800"}, "value": {"en": "b\\u0000", "__proto__": {"x": 1}}}]';
    expect((await itemsFrom({ attributes }))?.attributes).toEqual([
      { name: { en: 'a\uFFFD' }, value: { en: 'b' } },
    ]);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('takes __proto__ and constructor as ids without touching any prototype', async () => {
    for (const id of ['__proto__', 'constructor', 'toString']) expect((await itemsFrom({ id }))?.id).toBe(id);
  });

  it.each([
    'https://elsewhere.example/a.png',
    'javascript:alert(1)',
    'data:image/png;base64,x',
    '../a',
    '//x/y',
  ])('shows a placeholder for art that is no key: %s', async (art) => {
    expect((await itemsFrom({ art }))?.art).toBeNull();
  });
});

const EVENT = { user: 1, item: 2, kind: 'rate', stars: 4, day: 100 };
type EventRow = Record<keyof typeof EVENT, unknown>;

function eventColumns(rows: readonly Partial<EventRow>[]) {
  const whole = rows.map((row) => ({ ...EVENT, ...row }));
  return (['user', 'item', 'kind', 'stars', 'day'] as const).map((name) => ({
    name,
    data: whole.map((row) => row[name]) as number[],
    type: name === 'kind' ? ('STRING' as const) : ('DOUBLE' as const),
  }));
}

describe('interactions', () => {
  it.each<[keyof EventRow, unknown]>([
    ['user', 2],
    ['user', -1],
    ['user', 0.5],
    ['user', null],
    ['item', 3],
    ['item', NaN],
    ['kind', 'steal'],
    ['kind', '__proto__'],
    ['stars', 0],
    ['stars', 6],
    ['day', -1],
    ['day', 1e9],
  ])('refuses %s = %j in row 2', async (column, value) => {
    const pack = await packWith('interactions', eventColumns([{ user: 0 }, { [column]: value }]));
    await expect(openInteractions(pack)).rejects.toMatchObject({
      code: 'pack-row-invalid',
      values: { file: 'interactions.parquet', row: 2, column },
    });
  });

  it('refuses stars on an event that has none', async () => {
    const pack = await packWith('interactions', eventColumns([{ kind: 'view', stars: 3 }]));
    await expect(openInteractions(pack)).rejects.toMatchObject({ values: { column: 'stars' } });
  });

  it.each([
    [{ user: 1 }, { user: 0 }],
    [{ day: 5 }, { day: 4 }],
  ])('refuses rows out of order', async (first, second) => {
    const pack = await packWith('interactions', eventColumns([first, second]));
    await expect(openInteractions(pack)).rejects.toMatchObject({
      code: 'pack-row-invalid',
      remedy: 'Sort the rows by user, then day.',
    });
  });

  it('takes the 64-bit integers that pandas writes', async () => {
    const columns = eventColumns([{}]).map((column) =>
      column.name === 'kind'
        ? column
        : {
            name: column.name,
            type: 'INT64' as const,
            data: BigInt64Array.of(BigInt(Number(column.data[0]))),
          },
    );
    const read = await openInteractions(await packWith('interactions', columns));
    expect([read.user[0], read.item[0], read.stars[0], read.day[0]]).toEqual([1, 2, 4, 100]);
  });
});

describe('reviews and art', () => {
  const review = { item: 0, stars: 3, language: 'en', text: 'Fine.', day: 1 };
  const reviewColumns = (change: Partial<Record<keyof typeof review, unknown>>) =>
    Object.entries({ ...review, ...change }).map(([name, value]) => ({
      name,
      data: [value] as string[],
      type: name === 'text' || name === 'language' ? ('STRING' as const) : ('DOUBLE' as const),
    }));

  it.each([
    ['item', 3],
    ['stars', 0],
    ['language', 'fr'],
    ['text', ' '],
    ['day', 1.5],
  ])('refuses a review with %s = %j', async (column, value) => {
    const pack = await packWith('reviews', reviewColumns({ [column]: value }));
    await expect(openReviews(pack)).rejects.toMatchObject({
      code: 'pack-row-invalid',
      values: { file: 'reviews.parquet', row: 1, column },
    });
  });

  it.each([
    ['key', '__proto__', '<svg/>'],
    ['key', 'A B', '<svg/>'],
    ['svg', 'a', '<html>'],
    ['svg', 'a', '<svg><!DOCTYPE x [<!ENTITY a "b">]></svg>'],
    ['svg', 'a', `<svg>${'x'.repeat(300_000)}</svg>`],
  ])('refuses art with a bad %s', async (column, key, svg) => {
    const pack = await packWith('art', [
      { name: 'key', data: [key], type: 'STRING' },
      { name: 'svg', data: [svg], type: 'STRING' },
    ]);
    await expect(openCatalogue(pack)).rejects.toMatchObject({
      code: 'pack-row-invalid',
      values: { file: 'art.parquet', row: 1, column },
    });
  });
});

describe('files', () => {
  const open = {
    items: openCatalogue,
    art: openCatalogue,
    interactions: openInteractions,
    reviews: openReviews,
    factors: openFactors,
  } satisfies Record<Exclude<PackFileKind, 'sentiment'>, (stored: StoredPackBytes) => Promise<unknown>>;
  const kinds = Object.keys(open) as (keyof typeof open)[];

  it.each(kinds)('names %s when one bit of it flipped', async (kind) => {
    const pack = await samplePack();
    const { bytes } = pack.files.find((file) => file.kind === kind)!;
    bytes[bytes.length >> 1]! ^= 1;
    await expect(open[kind](pack)).rejects.toMatchObject({
      code: 'pack-checksum-mismatch',
      values: { file: kind === 'factors' ? 'factors.safetensors' : `${kind}.parquet` },
    });
  });

  it.each(['items', 'interactions', 'reviews'] as const)('names %s when it is missing', async (kind) => {
    const pack = await samplePack();
    const files = pack.files.filter((file) => file.kind !== kind);
    await expect(open[kind]({ ...pack, files })).rejects.toMatchObject({
      code: 'pack-file-missing',
      values: { file: `${kind}.parquet` },
    });
  });

  it.each([0, 3, 8, 12, 100])('refuses %i bytes that are no Parquet', async (length) => {
    const bytes = new Uint8Array(length).fill(0x50);
    await expect(openCatalogue(await packWithBytes('items', bytes, 3))).rejects.toMatchObject({
      code: 'pack-file-invalid',
      values: { file: 'items.parquet' },
    });
  });

  it('refuses every truncation with a named error', async () => {
    const whole = (await samplePack()).files[0]!.bytes;
    for (let length = 0; length < whole.length; length += 97) {
      const pack = await packWithBytes('items', whole.slice(0, length), 3);
      await expect(openCatalogue(pack)).rejects.toMatchObject({ code: 'pack-file-invalid' });
    }
  });

  it('refuses a table without a needed column, by its name', async () => {
    const columns = itemRow().filter((column) => column.name !== 'category');
    await expect(openCatalogue(await packWith('items', columns))).rejects.toMatchObject({
      code: 'pack-file-invalid',
      values: { reason: 'has no column "category"' },
    });
  });

  it('reads an uncompressed table', async () => {
    const pack = await packWith('items', itemRow(), 'UNCOMPRESSED');
    expect((await openCatalogue(pack)).items).toHaveLength(1);
  });

  it('refuses a file whose number of rows is not the manifest’s', async () => {
    const pack = await packWith('items', itemRow());
    const text = pack.manifestText.replaceAll('"rows":1', '"rows":3').replace('"items":1', '"items":3');
    const manifest = parseManifest(text);
    await expect(verifyFile(manifest, pack.files[0]!)).rejects.toMatchObject({
      code: 'pack-file-invalid',
      values: { reason: 'has 1 rows, but pack.json says 3' },
    });
  });
});
