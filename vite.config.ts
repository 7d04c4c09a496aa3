import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig({
  // Relative: the build works at any sub-path of any static host.
  base: './',
  plugins: [svelte()],
  build: {
    target: 'esnext',
    // A data: URL would need a hole in the header policy (img-src, font-src).
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1400,
  },
  worker: {
    format: 'es',
    // tfjs repeats its licence comment per file (about 900 kB in the worker); THIRD-PARTY-NOTICES carries it once.
    rolldownOptions: { output: { comments: { legal: false } } },
  },
});
