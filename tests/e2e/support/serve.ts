import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStaticServer, listen } from '../../../scripts/server/static-server.mjs';

/** One request as the server saw it. */
export interface LogEntry {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Served {
  /** Address of the page, with a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Every request since the start, oldest first. */
  readonly log: readonly LogEntry[];
  /** Stops the server for good: what works afterwards works without a network. */
  close(): Promise<void>;
}

export interface ServeOptions {
  /** Folder to serve; the production build by default. */
  readonly root?: string;
  readonly base?: string;
  readonly pack?: string | null;
  /** In place of the header policy. */
  readonly headers?: (pathname: string) => Record<string, string>;
}

/** Serves the production build (`npm run build` first) on a free port of this machine. */
export async function serve({
  root = 'dist',
  base = '/',
  pack = null,
  headers,
}: ServeOptions = {}): Promise<Served> {
  const log: LogEntry[] = [];
  const server = createStaticServer({
    root,
    base,
    pack,
    ...(headers === undefined ? {} : { headers }),
    onRequest: (entry) => void log.push(entry as LogEntry),
  });
  const { url, port, close } = await listen(server, { base });
  return { url, port, log, close };
}

/** A copy of the build that a test may change. */
export async function copyOfBuild(): Promise<{ readonly root: string; remove(): Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'fairshelf-build-'));
  await cp('dist', root, { recursive: true });
  return { root, remove: () => rm(root, { recursive: true }) };
}
