import { snapshotOfShop } from '../../lib/model/index.ts';
import type { Catalogue } from './catalogue.svelte.ts';
import type { KeptModels } from './kept-models.svelte.ts';

/**
 * Takes the model that the shop trained into use and keeps it, where it has one. It holds nothing of the visitor, who is
 * folded in as into any other. Rejects with the pack's or the storage's error.
 */
export async function adoptShopModel(
  catalogue: Pick<Catalogue, 'shopModel'>,
  kept: Pick<KeptModels, 'pack' | 'adopt' | 'save'>,
): Promise<void> {
  const { pack } = kept;
  const model = await catalogue.shopModel();
  if (model === null || pack === null || kept.pack !== pack) return;
  const snapshot = await snapshotOfShop(model, pack, Date.now());
  await kept.adopt(snapshot);
  await kept.save(snapshot);
}
