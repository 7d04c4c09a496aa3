/** Bundles ratings.ts by Vite, which compiles the kernels, and runs it: `node tests/bench/ratings.mjs FOLDER --model svdpp`. */
import { resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { engine } from '../../scripts/engine.mjs';

const outDir = resolve('build/bench');
await build({
  configFile: false,
  publicDir: false,
  logLevel: 'error',
  plugins: [engine()],
  build: {
    ssr: 'tests/bench/ratings.ts',
    outDir,
    target: 'node20',
    rolldownOptions: { output: { entryFileNames: 'ratings.mjs', codeSplitting: false } },
  },
});
const { run } = await import(pathToFileURL(resolve(outDir, 'ratings.mjs')).href);
await run(process.argv.slice(2));
