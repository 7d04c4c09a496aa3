import { canonical } from '../export.ts';
import {
  add,
  clear,
  get,
  getAll,
  put,
  reading,
  writingStrictly,
  type RecordDatabase,
  type Steps,
} from '../operations.ts';
import { splitPack } from '../packs.ts';
import { keyOf, type RecordOf, type StoreName } from '../schema.ts';
import type {
  BackupComparison,
  BackupContents,
  BackupSection,
  RestoreMode,
  SectionComparison,
} from './types.ts';

/** Sections whose records are those of the store of their name. */
const RECORD_SECTIONS = ['events', 'sayings', 'orders', 'basket', 'quarantine', 'experiments'] as const;
type RecordSection = (typeof RECORD_SECTIONS)[number];

const RESTORED: readonly StoreName[] = [
  ...RECORD_SECTIONS,
  'settings',
  'packs',
  'packFiles',
  'snapshots',
  'checkpoints',
];

/** Counts what a restore would find; changes nothing. */
export function compareBackup(database: RecordDatabase, contents: BackupContents): Promise<BackupComparison> {
  return database.run(reading(...RECORD_SECTIONS, 'packs'), function* (): Steps<BackupComparison> {
    const compared: Partial<Record<Exclude<BackupSection, 'settings'>, SectionComparison>> = {};
    for (const section of RECORD_SECTIONS) {
      compared[section] = compare(section, contents[section] ?? [], yield* getAll(section));
    }
    const kept = yield* getAll('packs');
    const packs = compare('packs', contents.packs, kept, ({ fingerprint }) => fingerprint);
    const known = new Set([...kept, ...contents.packs].map((pack) => keyOf('packs', pack)));
    const unknown = new Map<string, number>();
    for (const { packId } of contents.events) {
      if (!known.has(packId)) unknown.set(packId, (unknown.get(packId) ?? 0) + 1);
    }
    return {
      sections: { ...(compared as Record<RecordSection, SectionComparison>), packs },
      unknownPacks: [...unknown].map(([packId, events]) => ({ packId, events })),
    };
  });
}

function compare(
  store: RecordSection | 'packs',
  inFile: readonly object[],
  onDevice: readonly unknown[],
  whatCounts: (record: Readonly<Record<string, unknown>>) => unknown = canonical,
): SectionComparison {
  const textOf = (record: unknown): string =>
    JSON.stringify(whatCounts(record as Readonly<Record<string, unknown>>));
  const kept = new Map(onDevice.map((record) => [keyText(store, record), record]));
  let same = 0;
  let different = 0;
  for (const record of inFile) {
    const other = kept.get(keyText(store, record));
    if (other === undefined) continue;
    if (textOf(other) === textOf(record)) same++;
    else different++;
  }
  const added = inFile.length - same - different;
  return { inFile: inFile.length, onDevice: onDevice.length, added, same, different };
}

const keyText = (store: StoreName, record: unknown): string => JSON.stringify(keyOf(store, record));

/**
 * Puts a backup into the database, in one transaction. `merge` adds what the device lacks: of two records with one key
 * the device's stays, and so do its settings once there are any. `replace` first clears what the visitor did, and the
 * models trained on it. Either way a pack that is on the device already stays as it is.
 */
export function restoreBackup(
  database: RecordDatabase,
  contents: BackupContents,
  mode: RestoreMode,
): Promise<void> {
  return database.run(writingStrictly(...RESTORED), function* () {
    if (mode === 'replace') {
      for (const store of ['snapshots', 'checkpoints'] as const) yield* clear(store);
    }
    for (const section of RECORD_SECTIONS) {
      const records = contents[section];
      // A file that knows no such records says nothing about those there are.
      if (records === null) continue;
      if (mode === 'replace') yield* clear(section);
      yield* addMissing(section, records);
    }
    const { settings } = contents;
    if (settings !== null && (mode === 'replace' || (yield* get('settings', 'settings')) === undefined)) {
      yield* put('settings', [{ ...settings, id: 'settings' }]);
    }
    for (const pack of contents.packs) {
      if ((yield* get('packs', pack.packId)) !== undefined) continue;
      const { entry, files } = splitPack(pack);
      yield* add('packs', [entry]);
      yield* put('packFiles', files);
    }
  });
}

function* addMissing(store: RecordSection, records: readonly RecordOf<RecordSection>[]): Steps<void> {
  const kept = new Set((yield* getAll(store)).map((record) => keyText(store, record)));
  const missing = records.filter((record) => !kept.has(keyText(store, record)));
  yield* add(store, missing);
}
