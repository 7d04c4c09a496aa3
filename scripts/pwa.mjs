/** The installed app: web manifest and service worker, for vite-plugin-pwa. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { headersFor } from './server/headers.mjs';

/** The list of what an offline copy must hold; `src/lib/pwa/precache.ts` compares the cache with it. */
const OFFLINE_LIST = 'offline.json';

const digest = (text) => createHash('sha256').update(text).digest('hex').slice(0, 16);

/**
 * @param {string} outDir folder of the build
 * @returns {Partial<import('vite-plugin-pwa').VitePWAOptions>}
 */
export function pwaOptions(outDir) {
  return {
    base: './',
    scope: './',
    // A reload in the middle of training or typing would lose work: the page asks first.
    registerType: 'prompt',
    // The plugin's own registration passes a string, which Trusted Types refuse; `src/lib/pwa` registers.
    injectRegister: null,
    includeManifestIcons: false,
    manifest: {
      id: './',
      start_url: './',
      scope: './',
      name: 'Fairshelf',
      short_name: 'Fairshelf',
      description: 'A shop whose recommendations are computed on your own device.',
      lang: 'en',
      dir: 'ltr',
      display: 'standalone',
      categories: ['shopping', 'lifestyle'],
      theme_color: '#f9fbfa',
      background_color: '#f9fbfa',
      icons: [
        { src: 'logo.svg', sizes: 'any', type: 'image/svg+xml' },
        { src: 'pwa-64x64.png', sizes: '64x64', type: 'image/png' },
        { src: 'pwa-192x192.png', sizes: '192x192', type: 'image/png' },
        { src: 'pwa-512x512.png', sizes: '512x512', type: 'image/png' },
        { src: 'maskable-icon-512x512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
      ],
      shortcuts: [
        { name: 'Basket', url: './#/basket' },
        { name: 'What this shop knows about you', short_name: 'You', url: './#/you' },
        { name: 'Train', url: './#/train' },
      ],
    },
    workbox: {
      globPatterns: ['**/*'],
      // Packs are kept in IndexedDB once loaded; the plugin adds the manifest itself; the worker cannot hold itself.
      globIgnores: ['packs/**', 'manifest.webmanifest', 'sw.js', OFFLINE_LIST],
      // The training worker carries tfjs; without it the first training would fail offline.
      maximumFileSizeToCacheInBytes: 6 * 1024 * 1024,
      inlineWorkboxRuntime: true,
      sourcemap: false,
      cleanupOutdatedCaches: true,
      // The first visit's page gets the worker at once: it is ready offline without a reload.
      clientsClaim: true,
      // Routes live in the hash: the folder is the only page, with any query; another path is not found, as online.
      navigateFallback: null,
      ignoreURLParametersMatching: [/./],
      manifestTransforms: [(entries) => offlineCopy(entries, outDir)],
      runtimeCaching: [
        {
          urlPattern: /\/packs\/packs\.json$/,
          handler: 'NetworkFirst',
          options: { cacheName: 'fairshelf-pack-list', networkTimeoutSeconds: 3 },
        },
      ],
    },
  };
}

/**
 * Gives every entry a revision that changes with the header policy, too: a cached page keeps the headers it
 * came with. Adds the list of all entries as one more.
 */
async function offlineCopy(entries, outDir) {
  const policy = JSON.stringify([
    headersFor('/index.html'),
    headersFor('/sw.js'),
    headersFor('/assets/trainer.worker-0.js'),
  ]);
  const manifest = entries
    .map(({ url, revision, size }) => ({ url, revision: digest(`${url} ${revision} ${policy}`), size }))
    .sort((a, b) => (a.url < b.url ? -1 : 1));
  const list = JSON.stringify(manifest.map(({ url }) => url));
  await writeFile(`${outDir}/${OFFLINE_LIST}`, list);
  const revision = digest(manifest.map((entry) => entry.revision).join(' '));
  return { manifest: [...manifest, { url: OFFLINE_LIST, revision, size: list.length }], warnings: [] };
}
