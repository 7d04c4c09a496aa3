import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/lib/errors.ts';
import { createPackReader } from '../../../src/lib/pack/pack-client.ts';
import { PACK_FILE_KINDS, type PackProgress } from '../../../src/lib/pack/types.ts';
import { readCatalogue } from '../../../src/lib/pack/read-catalogue.ts';

let reader: ReturnType<typeof createPackReader>;

beforeEach(() => {
  reader = createPackReader();
});
afterEach(() => reader.terminate());

/** The demo pack of `public/`, served beside the test page. */
const baseUrl = new URL('/packs/demo/', location.origin).href;

describe('the pack worker in a browser', () => {
  it('fetches, verifies and opens the demo pack, and hands its columns over', async () => {
    const seen: PackProgress[] = [];
    const pack = await reader.client.call(
      'fetch',
      { baseUrl, files: PACK_FILE_KINDS },
      { onProgress: (progress) => seen.push(progress) },
    );
    expect(pack.manifest).toMatchObject({ id: 'demo', simulated: true });
    expect(seen.at(-1)?.loadedBytes).toBe(seen.at(-1)?.totalBytes);

    const { counts } = pack.manifest;
    const catalogue = await readCatalogue(reader.client, pack);
    expect(catalogue.items.map((item) => item.index)).toEqual([...Array(counts.items).keys()]);
    expect(catalogue.fingerprint).toBe(pack.fingerprint);
    for (const item of catalogue.items) expect(catalogue.art.has(item.art ?? '')).toBe(true);
    const columns = await reader.client.call('interactions', pack);
    expect(columns).toMatchObject({ users: counts.users, items: counts.items, length: counts.interactions });
    expect(columns.user).toHaveLength(counts.interactions);
    const reviews = await reader.client.call('reviews', pack);
    expect([...reviews.values()].flat()).toHaveLength(counts.reviews);
  });

  it('gives errors whole, with code and values', async () => {
    const kept = { manifestText: '{"schemaVersion": 999}', files: [] };
    const error = await reader.client.call('catalogue', kept).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({
      code: 'pack-schema-unsupported',
      values: { version: '999', supported: 1 },
    });
  });

  it('asks no other origin', async () => {
    const elsewhere = { baseUrl: 'https://elsewhere.example/', files: [] };
    await expect(reader.client.call('fetch', elsewhere)).rejects.toMatchObject({ code: 'pack-unreachable' });
  });
});
