import type { AppError } from '../errors.ts';
import { spawnWorker, type SpawnedWorker } from '../rpc/index.ts';
import type { PackService } from './protocol.ts';
import url from './pack.worker.ts?worker&url';

/**
 * Starts the pack worker. Give a pack's folder as an absolute address, `new URL(path, document.baseURI).href`: the
 * worker does not know the page's own folder. End it with `terminate` once nothing is left to read.
 */
export function createPackReader(onDeath?: (error: AppError) => void): SpawnedWorker<PackService> {
  return spawnWorker<PackService>(url, 'pack', onDeath);
}
