/** Bundles cross-shop.ts by Vite, which compiles the kernels, and runs it: `node tests/bench/cross-shop.mjs GOODBOOKS`. */
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
    ssr: 'tests/bench/cross-shop.ts',
    outDir,
    target: 'node20',
    rolldownOptions: { output: { entryFileNames: 'cross-shop.mjs', codeSplitting: false } },
  },
  ssr: { noExternal: true },
});
const { run } = await import(pathToFileURL(resolve(outDir, 'cross-shop.mjs')).href);
await run(process.argv.slice(2));
