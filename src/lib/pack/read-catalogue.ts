import type { RpcClient } from '../rpc/index.ts';
import type { Item } from '../types.ts';
import type { PackService, StoredPackBytes } from './protocol.ts';
import type { PackCatalogue } from './types.ts';

/** The catalogue out of kept bytes, its products put together again. Rejects as the pack worker's `catalogue`. */
export async function readCatalogue(
  reader: Pick<RpcClient<PackService>, 'call'>,
  stored: StoredPackBytes,
): Promise<PackCatalogue> {
  const items: Item[] = [];
  const rest = await reader.call('catalogue', stored, { onProgress: (part) => void items.push(...part) });
  return { ...rest, items };
}
