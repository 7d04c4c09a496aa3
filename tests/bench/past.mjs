/**
 * Times the matching of a person's library with a shop, on made titles of real words' lengths:
 *   node tests/bench/past.mjs [ROWS] [ITEMS]
 * Half of the rows are titles of the shop with a series in brackets, a quarter has one word more, the rest is unknown.
 * Prints processor and wall time of the index and of the matching, and how many rows were certain, doubtful and missing.
 */
import { resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';

const outDir = resolve('build/bench');
await build({
  configFile: false,
  publicDir: false,
  logLevel: 'error',
  build: {
    ssr: 'tests/bench/past.ts',
    outDir,
    emptyOutDir: false,
    target: 'node20',
    rolldownOptions: { output: { entryFileNames: 'past.mjs', codeSplitting: false } },
  },
  ssr: { noExternal: true },
});
const { run } = await import(pathToFileURL(resolve(outDir, 'past.mjs')).href);
const [, , rows = '10000', items = '100000'] = process.argv;
run(Number(rows), Number(items));
