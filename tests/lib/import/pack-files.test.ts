import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../../src/lib/import/index.ts';
import { readPackFiles } from '../../../src/lib/import/pack-files.ts';
import { writePack } from '../../../src/lib/pack/write.ts';
import type { PackId } from '../../../src/lib/types.ts';
import { makeItem } from '../../routes/support/shop.ts';

async function packFiles(): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const { manifestText, files } = await writePack({
    about: {
      id: 'shop' as PackId,
      name: { en: 'Shop' },
      description: {},
      simulated: false,
      languages: ['en'],
      licence: 'MIT',
      source: {},
      currency: 'EUR',
      categories: [{ key: 'kitchen', name: { en: 'Kitchen' }, art: null }],
    },
    items: [makeItem(0), makeItem(1)],
    art: new Map(),
    interactions: null,
    reviews: [],
  });
  return new Map([
    ['pack.json', new TextEncoder().encode(manifestText)],
    ...files.map(({ path, bytes }): [string, Uint8Array<ArrayBuffer>] => [path, bytes]),
  ]);
}

describe('readPackFiles', () => {
  it('reads and verifies a pack out of a folder and out of a ZIP', async () => {
    const files = await packFiles();
    const folder = [...files].map(([name, bytes]) => bytesSource(`my-pack/${name}`, bytes));
    const zip = zipSync(Object.fromEntries([...files].map(([name, bytes]) => [`inner/${name}`, bytes])));
    for (const sources of [folder, [bytesSource('pack.zip', new Uint8Array(zip))]]) {
      const pack = await readPackFiles(sources, {});
      expect(pack?.manifest.counts.items).toBe(2);
      expect(pack?.files.map(({ kind, bytes }) => [kind, bytes.byteLength])).toEqual([
        ['items', files.get('items.parquet')!.byteLength],
      ]);
    }
  });

  it('is no pack without pack.json', async () => {
    expect(await readPackFiles([bytesSource('a.csv', new TextEncoder().encode('a,b\n'))], {})).toBeNull();
  });

  it('refuses a pack whose file is missing, changed, or longer than it says', async () => {
    const files = await packFiles();
    const manifest = bytesSource('pack.json', files.get('pack.json')!);
    await expect(readPackFiles([manifest], {})).rejects.toMatchObject({ code: 'pack-file-missing' });
    const items = files.get('items.parquet')!;
    const changed = items.slice();
    changed[20] = (changed[20] ?? 0) ^ 1;
    const longer = new Uint8Array([...items, 0]);
    for (const bytes of [changed, longer]) {
      await expect(readPackFiles([manifest, bytesSource('items.parquet', bytes)], {})).rejects.toMatchObject({
        code: 'pack-checksum-mismatch',
      });
    }
  });
});
