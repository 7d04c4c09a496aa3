import { render } from 'vitest-browser-svelte';
import type { Component } from 'svelte';
import { createRecommender } from '../../../src/lib/model/index.ts';
import { createStorage, type Storage } from '../../../src/lib/storage/index.ts';
import { createMemoryDatabase } from '../../../src/lib/storage/memory-database.ts';
import type { PackCatalogue } from '../../../src/lib/pack/types.ts';
import { I18n } from '../../../src/routes/i18n/i18n.svelte.ts';
import { Actions } from '../../../src/routes/state/actions.ts';
import type { AppState } from '../../../src/routes/state/app-state.ts';
import { Catalogue } from '../../../src/routes/state/catalogue.svelte.ts';
import { Experiments } from '../../../src/routes/state/experiments.svelte.ts';
import { KeptModels } from '../../../src/routes/state/kept-models.svelte.ts';
import { Notices } from '../../../src/routes/state/notices.svelte.ts';
import type { PackReader } from '../../../src/routes/state/pack-source.ts';
import { Preferences } from '../../../src/routes/state/preferences.svelte.ts';
import { Recommendations } from '../../../src/routes/state/recommendations.svelte.ts';
import { TrainingState } from '../../../src/routes/state/training.svelte.ts';
import { Visitor } from '../../../src/routes/state/visitor.svelte.ts';
import { Why } from '../../../src/routes/state/why.svelte.ts';
import Host from './Host.svelte';

/** A pack worker that has one pack, kept already. */
function readerOf(pack: PackCatalogue): PackReader {
  return {
    call: (method, _params, options) => {
      if (method !== 'catalogue') return Promise.reject(new Error(`The test's reader has no ${method}.`));
      options?.onProgress?.(pack.items);
      return Promise.resolve(pack);
    },
  };
}

/**
 * The app's state over a pack, with the real storage (in memory) and the real recommender worker; training and the
 * offline copy stand still.
 */
export async function createTestApp(
  pack: PackCatalogue,
  storage: Storage = memoryStorage(),
): Promise<AppState> {
  const packId = pack.manifest.id;
  await storage.packs.put({
    packId,
    fingerprint: pack.fingerprint,
    manifestText: '{}',
    files: [],
    storedAt: 0,
  });
  const settings = await storage.settings.get();
  const i18n = await I18n.create('en');
  await i18n.loadPages();
  const notices = new Notices(i18n);
  const catalogue = new Catalogue({
    storage,
    reader: () => readerOf(pack),
    baseUrl: 'http://localhost:1/',
    activePack: packId,
  });
  await catalogue.open();
  const visitor = new Visitor(storage, catalogue);
  await visitor.open(packId);
  const recommendations = new Recommendations(() => createRecommender());
  await recommendations.open(pack.items, null);
  const kept = new KeptModels({ storage, serve: (snapshot) => recommendations.useSnapshot(snapshot) });
  return {
    storage,
    i18n,
    preferences: new Preferences(storage, settings, i18n, notices),
    notices,
    catalogue,
    visitor,
    recommendations,
    training: new TrainingState(
      {
        trainer: {
          probe: () => Promise.reject(new Error('No trainer in this test.')),
          train: () => Promise.reject(new Error('No trainer in this test.')),
        },
        interactions: () => catalogue.interactions(),
        visitorRow: () => ({ item: new Int32Array(), strength: new Float32Array() }),
      },
      kept,
    ),
    experiments: new Experiments({
      storage,
      startTrainer: () => {
        throw new Error('No trainer in this test.');
      },
      interactions: () => catalogue.interactions(),
      pack: () => ({ packId, fingerprint: pack.fingerprint, name: packId }),
    }),
    actions: new Actions(visitor, notices, i18n),
    why: new Why(),
    offline: {
      status: { readiness: 'unsupported', updateWaiting: false },
      start: () => undefined,
      subscribe: () => () => undefined,
      applyUpdate: () => undefined,
    },
    installation: { option: 'none', subscribe: () => () => undefined, install: () => Promise.resolve(false) },
  };
}

/** The real storage without IndexedDB. */
export function memoryStorage(): Storage {
  return createStorage(createMemoryDatabase(), 'a test');
}

/** Renders a component inside the app's context. */
export async function renderInApp<Props extends Record<string, unknown>>(
  app: AppState,
  component: Component<Props>,
  props: Props,
): Promise<void> {
  await render(Host as Component<{ app: AppState; component: Component<Props>; inner: Props }>, {
    app,
    component,
    inner: props,
  });
}
