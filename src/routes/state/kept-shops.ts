import { parseManifest } from '../../lib/pack/manifest.ts';
import { PACK_FILE_KINDS } from '../../lib/pack/types.ts';
import type { PackRecord, Storage } from '../../lib/storage/types.ts';
import type { LocalizedText, PackId } from '../../lib/types.ts';

/** A shop on this device, as a list shows it. */
export interface KeptShop {
  readonly packId: PackId;
  readonly name: LocalizedText;
  readonly items: number;
  readonly events: number;
  readonly bytes: number;
  readonly storedAt: number;
  readonly origin: 'site' | 'device';
}

/** The kept packs, the site's own first, then the newest; one whose manifest cannot be read is left out. */
export async function readShops(packs: Pick<Storage['packs'], 'list'>): Promise<readonly KeptShop[]> {
  const shops = (await packs.list()).flatMap((record) => shopOf(record) ?? []);
  return shops.sort(
    (a, b) => Number(a.origin === 'device') - Number(b.origin === 'device') || b.storedAt - a.storedAt,
  );
}

function shopOf({ packId, manifestText, storedAt, origin }: Omit<PackRecord, 'files'>): KeptShop | null {
  try {
    const { name, counts, files } = parseManifest(manifestText);
    const bytes = PACK_FILE_KINDS.reduce((sum, kind) => sum + (files[kind]?.bytes ?? 0), 0);
    const { items, interactions: events } = counts;
    return { packId, name, items, events, bytes, storedAt, origin: origin ?? 'site' };
  } catch {
    // what cannot be read cannot be opened either
    return null;
  }
}
