/** Runs ratings.ts through Vite, which compiles the kernels: `node tests/bench/ratings.mjs FOLDER --model svdpp`. */
import process from 'node:process';
import { createServer } from 'vite';
import { engine } from '../../scripts/engine.mjs';

const server = await createServer({
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  plugins: [engine()],
});
try {
  const { run } = await server.ssrLoadModule('/tests/bench/ratings.ts');
  await run(process.argv.slice(2));
} finally {
  await server.close();
}
