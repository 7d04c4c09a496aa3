import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { createNotices } from './scripts/notices.mjs';
import { compileEagerly } from './scripts/compile-eagerly.mjs';
import { pwaOptions } from './scripts/pwa.mjs';
import { engine } from './scripts/engine.mjs';

const notices = createNotices();

export default defineConfig({
  // Relative: the build works at any sub-path of any static host.
  base: './',
  plugins: [svelte(), engine(), notices.page(), compileEagerly(), VitePWA(pwaOptions('dist'))],
  build: {
    target: 'esnext',
    // A data: URL would need a hole in the header policy (img-src, font-src).
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1400,
    rolldownOptions: {
      output: {
        // What paints first as one file: shared with lazy pages it would be cut into many, 3 kB larger in gzip.
        codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] },
      },
    },
  },
  worker: {
    format: 'es',
    plugins: () => [engine(), notices.worker()],
    // tfjs repeats its licence comment per file (about 900 kB in the worker); third-party-notices.txt has it once.
    rolldownOptions: { output: { comments: { legal: false } } },
  },
});
