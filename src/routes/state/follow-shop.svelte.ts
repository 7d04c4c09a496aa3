import { untrack } from 'svelte';
import type { PackCatalogue } from '../../lib/pack/types.ts';
import type { AppState } from './app-state.ts';

/**
 * Keeps visitor and recommendations in step with the open shop and with each other: a shop that opens (or is
 * replaced by a newer one) opens both; every event re-ranks the shelves. Call inside the root component.
 */
export function followShop(app: AppState): void {
  const { catalogue, visitor, recommendations } = app;
  let ready = $state.raw<PackCatalogue | null>(null);

  $effect(() => {
    const pack = catalogue.pack;
    if (pack !== null) untrack(() => void openFor(pack));
  });

  $effect(() => {
    if (ready === null || ready !== catalogue.pack) return;
    const profile = visitor.profile;
    const change = visitor.lastChange;
    untrack(() => void recommendations.refresh(profile, change));
  });

  async function openFor(pack: PackCatalogue): Promise<void> {
    try {
      await Promise.all([visitor.open(pack.manifest.id), recommendations.open(pack.items, null)]);
      if (catalogue.pack !== pack) return;
      ready = pack;
      await catalogue.loadCommunity();
    } catch (error) {
      app.notices.error(error);
    }
  }
}
