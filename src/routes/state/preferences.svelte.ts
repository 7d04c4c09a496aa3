import type { Settings, Storage } from '../../lib/storage/types.ts';
import type { Language, ModelKind } from '../../lib/types.ts';
import { chooseLanguage, type I18n } from '../i18n/i18n.svelte.ts';
import type { Notices } from './notices.svelte.ts';

/** The visitor's settings: what is chosen is at once in force, and kept on the device. */
export class Preferences {
  readonly #storage: Pick<Storage, 'settings'>;
  readonly #i18n: I18n;
  readonly #notices: Notices;
  #settings: Settings;

  constructor(storage: Pick<Storage, 'settings'>, settings: Settings, i18n: I18n, notices: Notices) {
    this.#storage = storage;
    this.#settings = $state.raw(settings);
    this.#i18n = i18n;
    this.#notices = notices;
    applyTheme(settings.theme);
  }

  get settings(): Settings {
    return this.#settings;
  }
  get theme(): Settings['theme'] {
    return this.#settings.theme;
  }
  get model(): ModelKind {
    return this.#settings.model;
  }
  get device(): Settings['device'] {
    return this.#settings.device;
  }
  get autoTrain(): boolean {
    return this.#settings.autoTrain;
  }

  async setLanguage(language: Language): Promise<void> {
    await this.update({ language });
  }

  /** Changes settings. A change that cannot be kept stays in force for this visit, and the page says so. */
  async update(change: Partial<Settings>): Promise<void> {
    this.#settings = { ...this.#settings, ...change };
    await this.#apply();
    try {
      await this.#storage.settings.update(change);
    } catch (error) {
      this.#notices.notSaved(error);
    }
  }

  /** Takes the settings from storage again: after everything was erased they are the defaults. */
  async reload(): Promise<void> {
    this.#settings = await this.#storage.settings.get();
    await this.#apply();
  }

  async #apply(): Promise<void> {
    applyTheme(this.#settings.theme);
    try {
      await this.#i18n.use(chooseLanguage(this.#settings.language, navigator.languages));
    } catch (error) {
      this.#notices.error(error);
    }
  }
}

function applyTheme(theme: Settings['theme']): void {
  document.documentElement.dataset['theme'] = theme;
}
