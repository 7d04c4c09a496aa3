import { createContext } from 'svelte';
import type { Installation, OfflineCopy } from '../../lib/pwa/index.ts';
import type { Storage } from '../../lib/storage/types.ts';
import type { I18n } from '../i18n/i18n.svelte.ts';
import type { Actions } from './actions.ts';
import type { Catalogue } from './catalogue.svelte.ts';
import type { Experiments } from './experiments.svelte.ts';
import type { Notices } from './notices.svelte.ts';
import type { Preferences } from './preferences.svelte.ts';
import type { Recommendations } from './recommendations.svelte.ts';
import type { TrainingState } from './training.svelte.ts';
import type { Visitor } from './visitor.svelte.ts';
import type { Why } from './why.svelte.ts';

/** Everything the pages share. Made once, in main.ts, and handed down by context. */
export interface AppState {
  readonly storage: Storage;
  readonly i18n: I18n;
  readonly preferences: Preferences;
  readonly notices: Notices;
  readonly catalogue: Catalogue;
  readonly visitor: Visitor;
  readonly recommendations: Recommendations;
  readonly training: TrainingState;
  readonly experiments: Experiments;
  readonly actions: Actions;
  readonly why: Why;
  readonly offline: OfflineCopy;
  readonly installation: Installation;
}

/** The app's state, inside a component. */
export const [getAppState, setAppState] = createContext<AppState>();
