/**
 * Runs gowalla-contrastive.ts through Vite, which compiles the kernels:
 * `FAIRSHELF_DATA=… node tests/bench/gowalla-contrastive.mjs [--model bpr] [--seed 1] [--validate yes] [--epochs 60 …]`.
 */
import { createServer } from 'vite';
import { engine } from '../../scripts/engine.mjs';

const words = process.argv.slice(2);
const options = new Map();
for (let at = 0; at < words.length; at += 2) options.set(words[at].replace(/^--/, ''), words[at + 1]);
const server = await createServer({
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  plugins: [engine()],
});
try {
  const { run } = await server.ssrLoadModule('/tests/bench/gowalla-contrastive.ts');
  await run(options);
} finally {
  await server.close();
}
