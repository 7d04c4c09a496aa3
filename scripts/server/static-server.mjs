/** A static file server with the header policy: GET and HEAD of files that exist, nothing else. */
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { createGzip } from 'node:zlib';
import { headersFor } from './headers.mjs';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.parquet': 'application/vnd.apache.parquet',
  '.txt': 'text/plain; charset=utf-8',
};
const COMPRESSIBLE = new Set(['.html', '.js', '.css', '.json', '.webmanifest', '.svg', '.txt', '.wasm']);

/**
 * @param {object} options
 * @param {string} options.root folder to serve
 * @param {string | null} [options.pack] folder of a pack to serve as the shop's, in place of the built-in list
 * @param {string} [options.base] sub-path, with slashes at both ends
 * @param {(pathname: string) => Record<string, string>} [options.headers] for tests of the policy itself
 * @param {(entry: {method: string, url: string, status: number, headers: object}) => void} [options.onRequest]
 */
export function createStaticServer({ root, pack = null, base = '/', headers = headersFor, onRequest }) {
  return createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const finish = (status, extra = {}) => {
      onRequest?.({ method: request.method ?? '', url: request.url ?? '', status, headers: request.headers });
      response.writeHead(status, { ...headers(url.pathname), ...extra });
    };
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      finish(405, { Allow: 'GET, HEAD' });
      response.end();
      return;
    }
    if (base !== '/' && url.pathname === base.slice(0, -1)) {
      finish(308, { Location: base });
      response.end();
      return;
    }
    let path;
    try {
      path = decodeURIComponent(url.pathname);
    } catch {
      finish(400);
      response.end();
      return;
    }
    if (pack !== null && path === `${base}packs/packs.json`) {
      finish(200, { 'Content-Type': TYPES['.json'], 'Cache-Control': 'no-cache' });
      response.end(JSON.stringify({ packs: [{ path: 'served/' }] }));
      return;
    }
    const file = path.startsWith(base) ? await locate(path.slice(base.length)) : null;
    if (file === null) {
      finish(404, { 'Content-Type': 'text/plain; charset=utf-8' });
      response.end('Not found');
      return;
    }
    const extension = extname(file.path);
    const gzip =
      COMPRESSIBLE.has(extension) && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
    finish(200, {
      'Content-Type': TYPES[extension] ?? 'application/octet-stream',
      // Hashed names never change; everything else is revalidated.
      'Cache-Control': /\/assets\//.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
      ...(gzip
        ? { 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' }
        : { 'Content-Length': String(file.size) }),
    });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    const stream = createReadStream(file.path);
    stream.on('error', () => response.destroy());
    if (gzip) stream.pipe(createGzip()).pipe(response);
    else stream.pipe(response);
  });

  async function locate(relative) {
    const served = /^packs\/served\/(.*)$/.exec(relative);
    const folder = served !== null && pack !== null ? resolve(pack) : resolve(root);
    const inside = served !== null && pack !== null ? served[1] : relative;
    const target = resolve(join(folder, inside === '' ? 'index.html' : inside));
    if (target !== folder && !target.startsWith(folder + sep)) return null;
    try {
      const info = await stat(target);
      return info.isFile() ? { path: target, size: info.size } : null;
    } catch {
      return null;
    }
  }
}

/** Every path of a file below the root, with a leading slash, for the tests' exact list. */
export async function listFiles(root) {
  const entries = await readdir(resolve(root), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(resolve(root).length).replaceAll(sep, '/'));
}

/** @returns {Promise<{url: string, port: number, close: () => Promise<void>}>} */
export function listen(server, { host = '127.0.0.1', port = 0, base = '/' } = {}) {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, host, () => {
      const bound = server.address().port;
      done({
        url: `http://${host === '0.0.0.0' ? 'localhost' : host.replace('127.0.0.1', 'localhost')}:${bound}${base}`,
        port: bound,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}
