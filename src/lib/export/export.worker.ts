import { AppError } from '../errors.ts';
import { serve, type Endpoint } from '../rpc/index.ts';
import { openStorage } from '../storage/index.ts';
import { collect } from './collect.ts';
import { createExportService } from './export-service.ts';
import type { Collected, ExportService } from './protocol.ts';

serve<ExportService>(self as unknown as Endpoint, createExportService(readStorage));

async function readStorage(): Promise<Collected> {
  const storage = await openStorage();
  try {
    // An empty memory in place of the visitor's data would be given out as all there is.
    if (storage.mode === 'memory') {
      throw new AppError('storage-unavailable', storage.memoryReason ?? '', { remedy: 'Reload the page.' });
    }
    return await collect(storage);
  } finally {
    storage.close();
  }
}
