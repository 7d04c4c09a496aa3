import { spawnWorker, type SpawnedWorker } from '../../../rpc/index.ts';
import type { HelperService } from './helper-protocol.ts';
import url from './helper.worker.ts?worker&url';

/** More threads than this wait for memory, not for each other. */
const MAX_THREADS = 8;

/** Threads that the engine takes unless told: all processors but the page's, at most MAX_THREADS. */
export async function defaultThreads(): Promise<number> {
  const processors = import.meta.env.SSR
    ? (await import('./spawn-node.ts')).processors
    : navigator.hardwareConcurrency;
  return Math.max(1, Math.min(processors - 1, MAX_THREADS));
}

/** Starts a helper: a worker in a browser (also from within a worker), a thread in Node. */
export async function spawnHelper(): Promise<SpawnedWorker<HelperService>> {
  if (import.meta.env.SSR) return (await import('./spawn-node.ts')).spawnThread();
  return spawnWorker<HelperService>(url, 'cpu-helper');
}
