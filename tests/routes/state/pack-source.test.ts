import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  fetchManifestBytes,
  fetchPackFolders,
  toStoredBytes,
} from '../../../src/routes/state/pack-source.ts';
import type { PackId } from '../../../src/lib/types.ts';

const answer = (body: string, status = 200): void => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(body, { status })));
};
const BASE = 'https://shop.example/sub/';

afterEach(() => vi.unstubAllGlobals());

describe('fetchPackFolders', () => {
  it('gives the folders below packs/, in order', async () => {
    answer('{"packs":[{"path":"served/"},{"path":"demo/"}]}');
    expect(await fetchPackFolders(BASE)).toEqual([
      'https://shop.example/sub/packs/served/',
      'https://shop.example/sub/packs/demo/',
    ]);
  });

  it.each([
    '../evil/',
    'https://other.example/',
    '//other.example/',
    'a/b/',
    '/',
    'demo',
    '.hidden/',
    'a\\b/',
  ])('never leads out of packs/: %s', async (path) => {
    answer(JSON.stringify({ packs: [{ path }] }));
    await expect(fetchPackFolders(BASE)).rejects.toMatchObject({ code: 'pack-manifest-invalid' });
  });

  it.each(['', 'null', '[]', '{"packs":{}}', '{"packs":[null,{"path":3}]}', '<html>'])(
    'refuses %s',
    async (body) => {
      answer(body);
      await expect(fetchPackFolders(BASE)).rejects.toMatchObject({ code: 'pack-manifest-invalid' });
    },
  );

  it('tells no network from no file', async () => {
    answer('', 404);
    await expect(fetchManifestBytes(BASE)).rejects.toMatchObject({
      code: 'pack-file-missing',
      values: { file: 'pack.json' },
    });
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    await expect(fetchManifestBytes(BASE)).rejects.toMatchObject({ code: 'pack-unreachable' });
  });
});

describe('toStoredBytes', () => {
  it('leaves out files of a kind that this build does not know', () => {
    const bytes = new Uint8Array([1]);
    const record = {
      packId: 'shop' as PackId,
      fingerprint: '',
      manifestText: '{}',
      storedAt: 0,
      files: [
        { kind: 'items', bytes },
        { kind: 'holograms', bytes },
      ],
    };
    expect(toStoredBytes(record)).toEqual({ manifestText: '{}', files: [{ kind: 'items', bytes }] });
  });
});
