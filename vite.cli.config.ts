import { defineConfig } from 'vite';
import { engine } from './scripts/engine.mjs';

/** Bundles the command line to one file for plain Node. */
export default defineConfig({
  publicDir: false,
  plugins: [engine()],
  build: {
    ssr: 'src/cli/main.ts',
    outDir: 'build/cli',
    target: 'node20',
    rolldownOptions: { output: { entryFileNames: 'fairshelf.mjs', codeSplitting: false } },
  },
  // The page's workers come along with the model, unused.
  worker: { format: 'es', plugins: () => [engine()] },
  ssr: { noExternal: true },
});
