import { spawnWorker, type SpawnedWorker } from '../rpc/index.ts';
import type { ExportService } from './protocol.ts';
import url from './export.worker.ts?worker&url';

/** Starts an export worker. End it with `terminate` once the file is there: it keeps nothing. */
export function createExporter(): SpawnedWorker<ExportService> {
  return spawnWorker<ExportService>(url, 'export');
}
