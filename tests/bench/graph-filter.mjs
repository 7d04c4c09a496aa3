/** Bundles graph-filter.ts by Vite, which compiles the kernels, and runs it: `node tests/bench/graph-filter.mjs FOLDER`. */
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
    ssr: 'tests/bench/graph-filter.ts',
    outDir,
    target: 'node20',
    emptyOutDir: false,
    rolldownOptions: { output: { entryFileNames: 'graph-filter.mjs', codeSplitting: false } },
  },
  worker: { format: 'es', plugins: () => [engine()] },
});
const { run } = await import(pathToFileURL(resolve(outDir, 'graph-filter.mjs')).href);
await run(process.argv.slice(2));
