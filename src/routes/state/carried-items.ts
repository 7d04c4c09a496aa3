import { type ItemProfile, type ProfileEvent, visitorProfile } from '../../lib/model/index.ts';
import { readCatalogue } from '../../lib/pack/read-catalogue.ts';
import type { PackCatalogue } from '../../lib/pack/types.ts';
import type { Storage } from '../../lib/storage/types.ts';
import type { PackId, VisitorEvent } from '../../lib/types.ts';
import { type PackReader, toStoredBytes } from './pack-source.ts';
import { resolveProfile } from './profile.ts';
import type { CarriedItem } from './tastes.svelte.ts';

/** Products carried at most, those that say most: each is looked for in the open shop at every re-ranking. */
const MAX_CARRIED = 100;

/**
 * What the visitor did in every kept shop but the open one, product by product, the strongest first. Read anew at each
 * call, so that an event that was deleted speaks for nothing; a shop that is kept no more, or cannot be read, is left out.
 */
export async function carriedItems(
  open: PackId,
  storage: Pick<Storage, 'events' | 'packs'>,
  reader: PackReader,
): Promise<readonly CarriedItem[]> {
  const carried: CarriedItem[] = [];
  for (const { packId } of await storage.packs.list()) {
    if (packId === open) continue;
    const events = await storage.events.list(packId);
    const catalogue = events.length === 0 ? null : await keptCatalogue(packId, storage, reader);
    if (catalogue !== null) carried.push(...itemsOf(catalogue, events));
  }
  return carried
    .toSorted((a, b) => Math.abs(b.strength) - Math.abs(a.strength) || (a.id < b.id ? -1 : 1))
    .slice(0, MAX_CARRIED);
}

async function keptCatalogue(
  packId: PackId,
  storage: Pick<Storage, 'packs'>,
  reader: PackReader,
): Promise<PackCatalogue | null> {
  try {
    const record = await storage.packs.get(packId);
    return record === null ? null : await readCatalogue(reader, toStoredBytes(record));
  } catch {
    // that shop says so itself when it is opened
    return null;
  }
}

function itemsOf(catalogue: PackCatalogue, events: readonly VisitorEvent[]): readonly CarriedItem[] {
  const byId = new Map(catalogue.items.map((item) => [item.id, item]));
  const profiles: readonly ItemProfile<ProfileEvent>[] = visitorProfile(
    resolveProfile(events, (id) => byId.get(id) ?? null),
  );
  const { id: packId, name: shop } = catalogue.manifest;
  return profiles.flatMap(({ item: index, strength }): readonly CarriedItem[] => {
    const item = catalogue.items[index];
    if (item === undefined || strength === 0) return [];
    const own = events.filter(({ itemId }) => itemId === item.id);
    return [{ type: 'item', id: `${packId}/${item.id}`, shop, item, events: own, strength }];
  });
}
