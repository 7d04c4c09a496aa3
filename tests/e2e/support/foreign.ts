import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Someone arrived at a foreign listener. */
export interface Hit {
  readonly via: 'tcp' | 'http' | 'websocket' | 'udp';
  /** All that was said: request line, headers and body; empty for a bare connection. */
  readonly said: string;
}

/** Catch-all listeners on this machine that stand for the rest of the world. */
export interface ForeignListeners {
  /** Every host name but localhost leads here (`browserArgs`), whatever its port. */
  readonly tcpPort: number;
  readonly udpPort: number;
  /** Everyone who arrived, oldest first. */
  readonly hits: readonly Hit[];
  /** Chromium flags that lead every other host here. */
  readonly browserArgs: readonly string[];
  close(): Promise<void>;
}

/**
 * Whom Chromium asks by itself, whatever the page: who is signed in, what a form's fields are, what is new. They
 * lead nowhere, so that every hit is the page's. A page that asked them shows in its requests all the same.
 */
const BROWSER_OWN_HOSTS = ['accounts.google.com', 'content-autofill.googleapis.com', 'update.googleapis.com'];

/** Starts listeners for HTTP, WebSocket, bare TCP (so also TLS) and UDP (STUN). They answer willingly. */
export async function startForeignListeners(): Promise<ForeignListeners> {
  const hits: Hit[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const head = `${request.method ?? ''} ${request.url ?? ''}\n${request.rawHeaders.join('\n')}`;
      hits.push({ via: 'http', said: `${head}\n\n${Buffer.concat(chunks).toString('latin1')}` });
      // Nothing on this side may be what stops a leak.
      response.writeHead(200, {
        'Access-Control-Allow-Origin': '*',
        'Cross-Origin-Resource-Policy': 'cross-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
        'Content-Type': 'text/plain',
      });
      response.end('thanks');
    });
  });
  server.on('connection', () => void hits.push({ via: 'tcp', said: '' }));
  server.on('upgrade', (request, socket) => {
    hits.push({ via: 'websocket', said: `${request.url ?? ''}\n${request.rawHeaders.join('\n')}` });
    socket.destroy();
  });
  server.on('clientError', (error: Error & { readonly rawPacket?: Buffer }, socket) => {
    // No HTTP: most likely TLS, whose first packet names the host it wants.
    if (error.rawPacket !== undefined) hits.push({ via: 'tcp', said: error.rawPacket.toString('latin1') });
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const udp = createSocket('udp4');
  udp.on('message', (message) => void hits.push({ via: 'udp', said: message.toString('latin1') }));
  udp.bind(0, '127.0.0.1');
  await once(udp, 'listening');
  const tcpPort = (server.address() as AddressInfo).port;
  return {
    tcpPort,
    udpPort: udp.address().port,
    hits,
    browserArgs: [
      `--host-resolver-rules=${[
        ...BROWSER_OWN_HOSTS.map((host) => `MAP ${host} ~NOTFOUND`),
        `MAP * 127.0.0.1:${tcpPort}`,
        'EXCLUDE localhost',
        'EXCLUDE 127.0.0.1',
      ].join(', ')}`,
    ],
    async close() {
      udp.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
