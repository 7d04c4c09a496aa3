import { spawnWorker, type SpawnedWorker } from '../rpc/index.ts';
import type { ImportService } from './protocol.ts';
import url from './import.worker.ts?worker&url';

/**
 * Starts an import worker. `terminate` ends it in the middle of anything, with `cancelled`: it keeps nothing, so nothing
 * is left half done, and its memory is free at once.
 */
export function createImporter(): SpawnedWorker<ImportService> {
  return spawnWorker<ImportService>(url, 'import');
}
