import { mount } from 'svelte';
import type { AppError } from './lib/errors.ts';
import { createRecommender, createTrainer, visitorRow } from './lib/model/index.ts';
import { createPackReader } from './lib/pack/pack-client.ts';
import { keepOfflineCopy, watchInstallation } from './lib/pwa/index.ts';
import { openStorage } from './lib/storage/index.ts';
import App from './routes/App.svelte';
import { firstPaint } from './routes/first-paint.ts';
import { chooseLanguage, I18n } from './routes/i18n/i18n.svelte.ts';
import StartFailed from './routes/shell/StartFailed.svelte';
import { Actions } from './routes/state/actions.ts';
import type { AppState } from './routes/state/app-state.ts';
import { Catalogue } from './routes/state/catalogue.svelte.ts';
import { Experiments } from './routes/state/experiments.svelte.ts';
import { KeptModels } from './routes/state/kept-models.svelte.ts';
import { Notices } from './routes/state/notices.svelte.ts';
import { Preferences } from './routes/state/preferences.svelte.ts';
import { Recommendations } from './routes/state/recommendations.svelte.ts';
import { TrainingState } from './routes/state/training.svelte.ts';
import { Visitor } from './routes/state/visitor.svelte.ts';
import { Why } from './routes/state/why.svelte.ts';
import { nextFrame } from './routes/ui/next-task.ts';
import './routes/styles/tokens.css';
import './routes/styles/base.css';

// Before anything is awaited: the browser offers it once.
const installation = watchInstallation();
const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app.');

/** Composition root: opens the storage and makes every state once. */
async function createApp(): Promise<AppState> {
  let onSuperseded = (reason: AppError): void => {
    throw reason;
  };
  const storage = await openStorage({ onSuperseded: (reason) => onSuperseded(reason) });
  const settings = await storage.settings.get();
  const i18n = await I18n.create(chooseLanguage(settings.language, navigator.languages));
  const notices = new Notices(i18n);
  // Nothing can be saved here any more: said until the visitor reloads, since a reload of our own could lose input.
  onSuperseded = (reason) =>
    void notices.show(i18n.error(reason), {
      kind: 'error',
      lifeMs: null,
      action: { label: i18n.t('common.error.reload'), run: () => location.reload() },
    });
  const preferences = new Preferences(storage, settings, i18n, notices);
  let reader: ReturnType<typeof createPackReader> | null = null;
  const catalogue = new Catalogue({
    storage,
    reader: () => (reader ??= createPackReader()).client,
    baseUrl: document.baseURI,
    activePack: settings.activePack,
  });
  const visitor = new Visitor(storage, catalogue);
  const recommendations = new Recommendations(() => createRecommender());
  const kept = new KeptModels({
    storage,
    serve: (snapshot) => recommendations.useSnapshot(snapshot),
  });
  const training = new TrainingState(
    {
      trainer: createTrainer(),
      interactions: () => catalogue.interactions(),
      visitorRow: () => visitorRow(visitor.profile),
    },
    kept,
  );
  const experiments = new Experiments({
    storage,
    startTrainer: () => createTrainer(),
    interactions: () => catalogue.interactions(),
    pack: () =>
      catalogue.pack === null
        ? null
        : {
            packId: catalogue.pack.manifest.id,
            fingerprint: catalogue.pack.fingerprint,
            name: catalogue.pack.manifest.id,
          },
  });
  const actions = new Actions(visitor, notices, i18n);
  return {
    storage,
    i18n,
    preferences,
    notices,
    catalogue,
    visitor,
    recommendations,
    training,
    experiments,
    actions,
    why: new Why(),
    offline: keepOfflineCopy('./sw.js'),
    installation,
  };
}

try {
  const app = await createApp();
  mount(App, { target, props: { app } });
  // The pack worker's code would compete with the first paint, and with the rest of the frame, which follows it.
  void firstPaint()
    .then(nextFrame)
    .then(() => app.catalogue.open());
} catch (error) {
  // The visitor's data is there but cannot be opened now: no page must pretend that it is empty.
  const i18n = await I18n.create(chooseLanguage(null, navigator.languages));
  mount(StartFailed, { target, props: { i18n, error } });
}
