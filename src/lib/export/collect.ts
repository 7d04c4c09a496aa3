import type { PackRecord, Storage } from '../storage/types.ts';
import type { Collected } from './protocol.ts';

/** Reads what an export is made of. Rejects as the storage does. */
export async function collect(storage: Pick<Storage, 'exportAll' | 'packs'>): Promise<Collected> {
  const document = await storage.exportAll();
  const packs: PackRecord[] = [];
  for (const packId of new Set(document.events.map((event) => event.packId))) {
    const pack = await storage.packs.get(packId);
    if (pack !== null) packs.push({ ...pack, files: pack.files.filter(({ kind }) => kind === 'items') });
  }
  return { document, packs };
}
