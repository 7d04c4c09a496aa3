import { expect, test } from '@playwright/test';
import { readFile } from 'node:fs/promises';

test('the bill of materials names what the notices name, what only a worker loads included', async () => {
  const bom = JSON.parse(await readFile('dist/sbom.cdx.json', 'utf8')) as {
    readonly components: readonly { readonly name: string; readonly version: string }[];
  };
  const named = bom.components.map(({ name, version }) => `${name} ${version}`);
  const notices = await readFile('dist/third-party-notices.txt', 'utf8');
  const noticed = [...notices.matchAll(/^(\S+ \d\S*) \(.*\)\n─+$/gm)].map(([, title]) => title);
  expect(named.length).toBeGreaterThan(15);
  expect([...noticed].sort()).toEqual([...named].sort());
  const names = bom.components.map(({ name }) => name);
  for (const name of ['svelte', '@tensorflow/tfjs-backend-webgpu', 'hyparquet'])
    expect(names).toContain(name);
  // Workbox marks each of its parts in what it bundles.
  const worker = await readFile('dist/sw.js', 'utf8');
  const parts = new Set([...worker.matchAll(/workbox:([a-z-]+):\d/g)].map(([, part]) => `workbox-${part}`));
  expect(names.filter((name) => name.startsWith('workbox-')).sort()).toEqual([...parts].sort());
});
