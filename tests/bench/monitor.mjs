/** Runs monitor.ts through Vite: `node tests/bench/monitor.mjs`. */
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
  const { run } = await server.ssrLoadModule('/tests/bench/monitor.ts');
  await run();
} finally {
  await server.close();
}
