import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchPack } from '../../../src/lib/pack/fetch-pack.ts';
import { PACK_FILE_KINDS, type PackProgress } from '../../../src/lib/pack/types.ts';
import { writePack } from '../../../src/lib/pack/write.ts';
import { sampleContent, samplePack } from './sample-pack.ts';

/** What the test server answers, by path; a function takes over the response. */
const pages = new Map<string, Uint8Array | string>();
const asked: string[] = [];
let server: Server;
let origin = '';

beforeEach(async () => {
  const { manifestText, files } = await writePack(sampleContent());
  pages.clear();
  asked.length = 0;
  pages.set('/shop/pack.json', manifestText);
  for (const { path, bytes } of files) pages.set(`/shop/${path}`, bytes);
  server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const page = pages.get(path);
    if (path === '/moved/pack.json') response.writeHead(302, { location: '/shop/pack.json' }).end();
    else if (path === '/broken/pack.json') response.writeHead(500).end();
    else if (page === undefined) response.writeHead(404).end();
    else response.end(page);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.close();
  server.closeAllConnections();
});

function load(
  baseUrl = '/shop',
  signal = new AbortController().signal,
  onProgress: (progress: PackProgress) => void = () => undefined,
) {
  return fetchPack({ baseUrl, files: PACK_FILE_KINDS, origin, signal, onProgress });
}

describe('fetching a pack', () => {
  it('returns the verified bytes and tells progress up to the whole', async () => {
    const seen: PackProgress[] = [];
    const pack = await load('/shop/', undefined, (progress) => seen.push(progress));
    expect(pack.files).toEqual((await samplePack()).files);
    expect(pack.manifest.id).toBe('sample');
    expect(new Set(seen.map((progress) => progress.file))).toEqual(
      new Set(['manifest', ...pack.files.map(({ kind }) => kind)]),
    );
    const last = seen.at(-1);
    expect(last?.loadedBytes).toBe(last?.totalBytes);
    expect(asked).toHaveLength(1 + pack.files.length);
  });

  it('fetches only what is asked for', async () => {
    const signal = new AbortController().signal;
    const options = { baseUrl: '/shop', origin, signal, onProgress: () => undefined };
    const pack = await fetchPack({ ...options, files: ['reviews'] });
    expect(pack.files.map((file) => file.kind)).toEqual(['reviews']);
    expect(asked).toEqual(['/shop/pack.json', '/shop/reviews.parquet']);
  });

  it('names a missing file and returns nothing', async () => {
    pages.delete('/shop/reviews.parquet');
    await expect(load()).rejects.toMatchObject({
      code: 'pack-file-missing',
      values: { file: 'reviews.parquet' },
    });
    await expect(load('/nowhere')).rejects.toMatchObject({
      code: 'pack-file-missing',
      values: { file: 'pack.json' },
    });
  });

  it('refuses a file of another size or content', async () => {
    pages.set('/shop/items.parquet', new Uint8Array(50_000_000));
    let loaded = 0;
    const loading = load('/shop', undefined, (progress) => {
      if (progress.file === 'items') loaded = progress.loadedBytes;
    });
    await expect(loading).rejects.toMatchObject({
      code: 'pack-checksum-mismatch',
      values: { file: 'items.parquet' },
    });
    // Stopped soon after the promised size, not at the end.
    expect(loaded).toBeLessThan(5_000_000);
  });

  it.each([
    // The same server under another name, so that a request would arrive and succeed.
    ['another origin', () => `${origin.replace('127.0.0.1', 'localhost')}/shop`],
    ['another origin without a scheme', () => `//localhost:${new URL(origin).port}/shop`],
    ['no http', () => 'data:text/plain,x'],
    ['no address', () => 'http://%'],
  ])('asks no other address: %s', async (_name, baseUrl) => {
    await expect(load(baseUrl())).rejects.toMatchObject({ code: 'pack-unreachable' });
    expect(asked).toEqual([]);
  });

  it('follows no redirect and takes no server error for a pack', async () => {
    await expect(load('/moved')).rejects.toMatchObject({ code: 'pack-unreachable' });
    await expect(load('/broken')).rejects.toMatchObject({ code: 'pack-unreachable' });
  });

  it('tells a server that is not there from a pack that is broken', async () => {
    server.close();
    server.closeAllConnections();
    await expect(load()).rejects.toMatchObject({ code: 'pack-unreachable' });
  });

  it('stops when cancelled', async () => {
    const controller = new AbortController();
    const loading = load('/shop', controller.signal, ({ file }) => {
      if (file === 'items') controller.abort();
    });
    await expect(loading).rejects.toMatchObject({ code: 'cancelled' });
    expect(asked).not.toContain('/shop/reviews.parquet');
  });
});
