import { defineConfig } from 'vite';

/** Bundles the command line to one file for plain Node. */
export default defineConfig({
  publicDir: false,
  build: {
    ssr: 'src/cli/main.ts',
    outDir: 'build/cli',
    target: 'node20',
    rolldownOptions: { output: { entryFileNames: 'fairshelf.mjs', codeSplitting: false } },
  },
  ssr: { noExternal: true },
});
