/** Bundles cold-start.ts by Vite, which compiles the kernels, and runs it: `node tests/bench/cold-start.mjs GOODBOOKS`. */
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
    ssr: 'tests/bench/cold-start.ts',
    outDir,
    target: 'node20',
    rolldownOptions: { output: { entryFileNames: 'cold-start.mjs', codeSplitting: false } },
  },
  ssr: { noExternal: true },
});
const { run } = await import(pathToFileURL(resolve(outDir, 'cold-start.mjs')).href);
await run(process.argv.slice(2));
