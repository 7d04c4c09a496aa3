import * as v from 'valibot';
import { AppError } from '../../errors.ts';
import type { Experiment } from '../../types.ts';
import { canonical } from '../export.ts';
import { settingsFrom } from '../settings.ts';
import type { PackRecord } from '../types.ts';
import {
  basketLineSchema,
  eventSchema,
  experimentSchema,
  faultOf,
  orderSchema,
  packEntrySchema,
  parsed,
  quarantinedSchema,
  sayingSchema,
  type RecordSchema,
} from '../validate.ts';
import type { BackupContents, BackupProblem, BackupReading, BackupSection } from './types.ts';

/** The newest version of what a backup says. 1 is the JSON export; a file of every version can be restored. */
export const DOCUMENT_VERSION = 2;

const FORMATS: readonly unknown[] = ['fairshelf-export', 'fairshelf-backup'];

/** The files of a pack as the document lists them; their bytes follow it, one after the other. */
const fileListSchema = v.array(
  v.object({
    kind: v.pipe(v.string(), v.nonEmpty()),
    bytes: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  }),
);

/** The document of a backup as JSON, and the bytes that follow it in the order it names them. */
export function writeDocument(contents: BackupContents): {
  readonly text: string;
  readonly bytes: readonly Uint8Array<ArrayBuffer>[];
} {
  const { packs, experiments, ...rest } = contents;
  const document = {
    ...rest,
    format: 'fairshelf-backup',
    version: DOCUMENT_VERSION,
    experiments: (experiments ?? []).map((experiment) => ({
      ...experiment,
      // Float32 to double and back loses nothing.
      paired: { ...experiment.paired, values: Array.from(experiment.paired.values) },
    })),
    packs: packs.map((pack) => ({
      ...pack,
      files: pack.files.map(({ kind, bytes }) => ({ kind, bytes: bytes.byteLength })),
    })),
  };
  return {
    text: JSON.stringify(canonical(document)),
    bytes: packs.flatMap((pack) => pack.files.map((file) => file.bytes)),
  };
}

/**
 * A parsed document, checked record by record. A record that is not valid, or whose key came before, is left out and
 * listed. Throws `backup-invalid` where it is no document of ours, `backup-newer-version` where it is of a later version.
 */
export function readDocument(value: unknown, tail: Uint8Array<ArrayBuffer>): BackupReading {
  const document = fieldsOf(value);
  if (document === null || !FORMATS.includes(document['format'])) {
    throw new AppError('backup-invalid', 'The file is JSON, but no backup of this page.', {
      remedy: 'Choose the file that this page saved.',
    });
  }
  const version = versionOf(document['version']);
  const problems: BackupProblem[] = [];
  const list = <Value>(
    section: BackupSection,
    schema: RecordSchema<Value>,
    keyOf: (record: Value) => string,
    prepare: (record: unknown) => unknown = (record) => record,
  ): readonly Value[] => {
    const records = document[section];
    if (!Array.isArray(records)) {
      throw new AppError('backup-invalid', `The backup has no list of ${section}.`, { values: { section } });
    }
    const kept = new Map<string, Value>();
    records.map(prepare).forEach((record, index) => {
      const position = index + 1;
      const found = parsed(schema, record);
      if (found === null) problems.push({ section, position, reason: faultOf(schema, record) ?? '' });
      else if (kept.has(keyOf(found))) problems.push({ section, position, reason: 'id: Is there twice.' });
      else kept.set(keyOf(found), found);
    });
    return [...kept.values()];
  };

  const settings = settingsFrom(document['settings']);
  if (settings === null) problems.push({ section: 'settings', position: 1, reason: 'Not valid.' });
  const { createdAt, exportedAt } = document;
  const madeAt = version === 1 ? exportedAt : createdAt;
  const contents: BackupContents = {
    createdAt: typeof madeAt === 'string' && !Number.isNaN(Date.parse(madeAt)) ? madeAt : '',
    settings,
    events: list('events', eventSchema, ({ id }) => id),
    sayings:
      version === 1 && document['sayings'] === undefined
        ? null
        : list('sayings', sayingSchema, ({ id }) => id),
    orders: list('orders', orderSchema, ({ id }) => id),
    basket: list('basket', basketLineSchema, ({ packId, itemId }) => JSON.stringify([packId, itemId])),
    quarantine: list('quarantine', quarantinedSchema, ({ id }) => id),
    experiments: version === 1 ? null : list('experiments', experimentSchema, ({ id }) => id, withFloats),
    packs: version === 1 ? [] : readPacks(document['packs'], tail, problems),
  };
  return { version, contents, problems };
}

function versionOf(version: unknown): 1 | 2 {
  if (version === 1 || version === 2) return version;
  if (typeof version === 'number' && version > DOCUMENT_VERSION) {
    throw new AppError('backup-newer-version', 'A newer version of this page made the backup.', {
      values: { version, newest: DOCUMENT_VERSION },
      remedy: 'Reload the page to get the newer version. Nothing was changed.',
    });
  }
  throw new AppError('backup-invalid', 'The backup names no version.');
}

function withFloats(record: unknown): unknown {
  const paired = fieldsOf(fieldsOf(record)?.['paired']);
  const values = paired?.['values'];
  if (!Array.isArray(values) || !values.every((value) => typeof value === 'number')) return record;
  return { ...(record as Experiment), paired: { ...paired, values: Float32Array.from(values) } };
}

function readPacks(
  value: unknown,
  tail: Uint8Array<ArrayBuffer>,
  problems: BackupProblem[],
): readonly PackRecord[] {
  if (!Array.isArray(value)) throw new AppError('backup-invalid', 'The backup has no list of packs.');
  let offset = 0;
  const packs: PackRecord[] = [];
  value.forEach((record: unknown, index) => {
    const files = parsed(fileListSchema, fieldsOf(record)?.['files']);
    // Where the next pack's bytes begin is not known any more: nothing after it can be read.
    if (files === null)
      throw new AppError('backup-invalid', 'The backup does not say what files a pack has.');
    const own = files.map(({ kind, bytes }) => {
      const part = tail.slice(offset, offset + bytes);
      if (part.byteLength < bytes) throw new AppError('backup-invalid', 'The file of a pack is cut off.');
      offset += bytes;
      return { kind, bytes: part };
    });
    const candidate = { ...fieldsOf(record), kinds: files.map(({ kind }) => kind), origin: 'device' };
    const entry = parsed(packEntrySchema, candidate);
    const isTwice = packs.some(({ packId }) => packId === entry?.packId);
    if (entry === null || isTwice) {
      const reason = faultOf(packEntrySchema, candidate) ?? 'packId: Is there twice.';
      problems.push({ section: 'packs', position: index + 1, reason });
      return;
    }
    const { packId, fingerprint, manifestText, storedAt } = entry;
    packs.push({ packId, fingerprint, manifestText, storedAt, origin: 'device', files: own });
  });
  return packs;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;
}
