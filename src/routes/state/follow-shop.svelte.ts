import { tick, untrack } from 'svelte';
import type { PackCatalogue } from '../../lib/pack/types.ts';
import { quiet } from '../quiet.ts';
import { nextTask } from '../ui/next-task.ts';
import type { AppState } from './app-state.ts';
import { watchAutoTrain } from './auto-train.svelte.ts';
import { adoptShopModel } from './shop-model.ts';

/**
 * Keeps visitor, recommendations and training in step with the open shop and with each other: a shop that opens (or
 * is replaced by a newer one) opens all, with the model kept for it; every event re-ranks the shelves; training
 * begins on its own once there is something to learn. What the shop does not need to stand (the community, the offline
 * copy) waits until it does. Call inside the root component.
 */
export function followShop(app: AppState): void {
  const { catalogue, visitor, recommendations, training, preferences } = app;
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

  $effect(() => {
    if (ready === null || ready !== catalogue.pack || !catalogue.communityStored) return;
    const { kept } = training;
    if (kept.pack?.fingerprint !== ready.fingerprint || kept.snapshots.length > 0) return;
    untrack(() => void adoptShopModel(catalogue, kept).catch((error: unknown) => app.notices.error(error)));
  });

  $effect(() =>
    watchAutoTrain(training, () => ({
      enabled: preferences.autoTrain,
      communityStored: catalogue.communityStored && ready?.manifest.files.interactions !== undefined,
      events: visitor.profile.length,
      model: preferences.model,
      device: preferences.device,
    })),
  );

  async function openRecommendations({ manifest, fingerprint, items }: PackCatalogue): Promise<void> {
    const snapshot = await training.kept.read({ packId: manifest.id, fingerprint }, preferences.model);
    await recommendations.open(items, snapshot);
  }

  async function openFor(pack: PackCatalogue): Promise<void> {
    try {
      await nextTask();
      await Promise.all([visitor.open(pack.manifest.id), openRecommendations(pack)]);
      if (catalogue.pack !== pack) return;
      ready = pack;
      await tick();
      await recommendations.ranked();
      await quiet();
      await catalogue.loadCommunity();
    } catch (error) {
      app.notices.error(error);
    } finally {
      app.offline.start();
    }
  }
}
