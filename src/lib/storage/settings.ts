import { get, put, reading, writingStrictly, type RecordDatabase } from './operations.ts';
import { moveToQuarantine, setAside } from './quarantine.ts';
import type { SettingsRecord } from './schema.ts';
import type { Settings, Storage } from './types.ts';
import { faultOf, parsed, required, settingsSchema } from './validate.ts';

/** What holds until the visitor chooses otherwise. */
export const DEFAULT_SETTINGS: Settings = {
  language: null,
  theme: 'system',
  model: 'ials',
  device: 'auto',
  autoTrain: true,
  activePack: null,
};

/** The visitor's choices: one record, read over the defaults, so that a setting added later has a value. */
export function createSettings(database: RecordDatabase): Storage['settings'] {
  return {
    async get() {
      const stored = await database.run(reading('settings'), () => get('settings', 'settings'));
      const fault = faultOfStored(stored);
      if (fault !== null) await moveToQuarantine(database, 'settings', faultOfStored);
      return withoutId(fault === null ? required(settingsSchema, overDefaults(stored)) : defaults());
    },
    update: (change) =>
      database.run(writingStrictly('settings', 'quarantine'), function* () {
        const stored = yield* get('settings', 'settings');
        const fault = faultOfStored(stored);
        if (fault !== null) yield* setAside('settings', stored, fault);
        const before = parsed(settingsSchema, overDefaults(stored)) ?? defaults();
        const after = required(settingsSchema, { ...before, ...change, id: before.id });
        yield* put('settings', [after]);
        return withoutId(after);
      }),
  };
}

const defaults = (): SettingsRecord => ({ ...DEFAULT_SETTINGS, id: 'settings' });

const overDefaults = (stored: unknown): unknown =>
  typeof stored === 'object' ? { ...defaults(), ...stored } : defaults();

const faultOfStored = (stored: unknown): string | null => faultOf(settingsSchema, overDefaults(stored));

function withoutId(record: SettingsRecord): Settings {
  const { language, theme, model, device, autoTrain, activePack } = record;
  return { language, theme, model, device, autoTrain, activePack };
}
