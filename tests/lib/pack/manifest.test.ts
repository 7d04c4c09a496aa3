import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../../src/lib/pack/manifest.ts';
import { samplePack } from './sample-pack.ts';

/** pack.json of the sample with one field set; dots in the path go down. */
async function manifestWith(path: string, value: unknown): Promise<string> {
  const manifest = JSON.parse((await samplePack()).manifestText) as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let target = manifest;
  for (const key of keys) target = target[key] as Record<string, unknown>;
  target[last] = value;
  return JSON.stringify(manifest);
}

describe('pack.json', () => {
  it.each([
    ['id', '../evil'],
    ['id', ''],
    ['id', 'UPPER'],
    ['name', {}],
    ['name', { en: '  ' }],
    ['simulated', 'yes'],
    ['languages', []],
    ['languages', ['fr']],
    ['currency', 'dollars'],
    ['categories', []],
    [
      'categories',
      [
        { key: 'a', name: { en: 'A' }, art: null },
        { key: 'a', name: { en: 'B' }, art: null },
      ],
    ],
    ['counts.users', -1],
    ['counts.users', 1.5],
    ['counts.items', 4],
    ['counts.reviews', 0],
    ['files.items.path', '../items.parquet'],
    ['files.items.path', '/etc/passwd'],
    ['files.items.path', 'https://elsewhere.example/items.parquet'],
    ['files.items.path', '//elsewhere.example/items.parquet'],
    ['files.items.path', 'a/../../b'],
    ['files.items.path', 'a\\b'],
    ['files.items.path', 'pack.json'],
    ['files.items.path', 'art.parquet'],
    ['files.items.sha256', 'abc'],
    ['files.items.bytes', 1e12],
    ['files.items', undefined],
  ])('refuses %s = %j and names the field', async (path, value) => {
    const text = await manifestWith(path, value);
    expect(() => parseManifest(text)).toThrow(
      expect.objectContaining({ code: 'pack-manifest-invalid' }) as Error,
    );
    try {
      parseManifest(text);
    } catch (error) {
      const { values } = error as { values: { field: string } };
      expect(values.field.split('.')[0]).toBe(path.split('.')[0]);
    }
  });

  it.each(['', 'not json', 'null', '[]', '{}', '42', '{"schemaVersion": null}'])('refuses %j', (text) => {
    expect(() => parseManifest(text)).toThrow(
      expect.objectContaining({ code: 'pack-manifest-invalid' }) as Error,
    );
  });

  it('refuses an unknown schema version and names it', async () => {
    const text = await manifestWith('schemaVersion', 999);
    expect(() => parseManifest(text)).toThrow(
      expect.objectContaining({
        code: 'pack-schema-unsupported',
        values: { version: '999', supported: 1 },
      }) as Error,
    );
  });

  it('refuses numbers that are no count: 1e999', async () => {
    const text = (await samplePack()).manifestText.replace('"users": 2', '"users": 1e999');
    expect(() => parseManifest(text)).toThrow(
      expect.objectContaining({ code: 'pack-manifest-invalid' }) as Error,
    );
  });

  it('turns -0 into 0', async () => {
    const text = (await samplePack()).manifestText.replace('"users": 2', '"users": -0');
    expect(Object.is(parseManifest(text).counts.users, 0)).toBe(true);
  });

  it('ignores unknown keys, __proto__ and constructor among them', async () => {
    const plain = (await samplePack()).manifestText;
    const text = plain.replace(
      '"name": {',
      '"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}, "later": 1, "name": {"__proto__": {"polluted": 1},',
    );
    expect(parseManifest(text)).toEqual(parseManifest(plain));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('survives a million nested brackets', () => {
    const text = `{"schemaVersion": 1, "name": ${'['.repeat(400_000)}${']'.repeat(400_000)}}`;
    expect(() => parseManifest(text)).toThrow(
      expect.objectContaining({ code: 'pack-manifest-invalid' }) as Error,
    );
  });

  it('refuses a manifest over a mebibyte before parsing it', () => {
    expect(() => parseManifest(' '.repeat(1024 * 1024 + 1))).toThrow(
      expect.objectContaining({ code: 'pack-manifest-invalid' }) as Error,
    );
  });
});
