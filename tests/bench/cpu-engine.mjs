/** Runs cpu-engine.ts through Vite, which compiles the kernels: `FAIRSHELF_DATA=… node tests/bench/cpu-engine.mjs`. */
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
  const { run } = await server.ssrLoadModule('/tests/bench/cpu-engine.ts');
  await run();
} finally {
  await server.close();
}
