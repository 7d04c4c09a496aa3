/** `npm start`: builds the app and serves the production build with the header policy at one local address. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { createStaticServer, listen } from './server/static-server.mjs';

const { values } = parseArgs({
  options: {
    pack: { type: 'string' },
    port: { type: 'string', default: '4173' },
    host: { type: 'string', default: '127.0.0.1' },
    base: { type: 'string', default: '/' },
    'no-build': { type: 'boolean', default: false },
  },
});

const pack = values.pack ?? null;
if (pack !== null && !existsSync(join(pack, 'pack.json'))) {
  console.error(`--pack ${pack}: no pack.json there. Write one with: npm run -s fairshelf -- pack --help`);
  process.exit(2);
}
if (!values['no-build']) await build({ logLevel: 'warn' });

const server = createStaticServer({ root: 'dist', pack, base: values.base });
try {
  const { url } = await listen(server, { host: values.host, port: Number(values.port), base: values.base });
  console.log(`Fairshelf is open at ${url}${pack === null ? '' : ` with the pack in ${pack}`}`);
} catch (error) {
  if (error.code !== 'EADDRINUSE') throw error;
  console.error(`Port ${values.port} is taken. Try: npm start -- --port ${Number(values.port) + 1}`);
  process.exit(1);
}
