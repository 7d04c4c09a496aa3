import * as v from 'valibot';
import { sha256Hex } from '../checksum.ts';
import { AppError } from '../errors.ts';
import { LANGUAGES, type PackId } from '../types.ts';
import { MAX_CATEGORIES, MAX_FILE_BYTES, MAX_MANIFEST_BYTES, MAX_ROWS, MAX_TEXT } from './limits.ts';
import { cleanText } from './text.ts';
import { PACK_FILE_KINDS, PACK_SCHEMA_VERSION, type PackManifest } from './types.ts';

/** Name of the manifest inside a pack's folder. */
export const MANIFEST_FILE = 'pack.json';

/** Keys of packs, categories and art: they end up in file names, addresses and storage keys. */
export const KEY_PATTERN = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/u;

/** Folders and a file name of plain characters; no segment begins with a dot, so neither `..` nor a scheme fits. */
const PATH_PATTERN = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/u;
const MAX_PATH_LENGTH = 200;

const text = (cap: number): v.GenericSchema<unknown, string> =>
  v.pipe(
    v.string(),
    v.transform((value) => cleanText(value, cap)),
  );

const localizedText = (cap: number, minimum: 0 | 1): v.GenericSchema<unknown, { en?: string; zh?: string }> =>
  v.pipe(
    v.object({ en: v.optional(text(cap)), zh: v.optional(text(cap)) }),
    v.transform(({ en, zh }) => ({
      ...(en === undefined || en === '' ? {} : { en }),
      ...(zh === undefined || zh === '' ? {} : { zh }),
    })),
    v.check(
      (value) => Object.keys(value).length >= minimum,
      'A text in at least one of the languages en and zh is needed.',
    ),
  );

const key = v.pipe(
  v.string(),
  v.regex(
    KEY_PATTERN,
    'Lower-case letters, digits, ".", "_" and "-" only; at most 64, ends in a letter or digit.',
  ),
);

const count = (max: number): v.GenericSchema<unknown, number> =>
  v.pipe(
    v.number(),
    v.safeInteger(),
    v.minValue(0),
    v.maxValue(max),
    v.transform((value) => value + 0), // -0 becomes 0
  );

const fileEntry = (maxRows: number): v.GenericSchema<unknown, FileEntry> =>
  v.object({
    path: v.pipe(
      v.string(),
      v.maxLength(MAX_PATH_LENGTH),
      v.regex(PATH_PATTERN, 'A relative path of plain names: no "..", no scheme, no leading slash.'),
    ),
    sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u, '64 lower-case hex digits.')),
    bytes: count(MAX_FILE_BYTES),
    rows: count(maxRows),
  });

interface FileEntry {
  path: string;
  sha256: string;
  bytes: number;
  rows: number;
}

const MANIFEST = v.object({
  schemaVersion: v.literal(PACK_SCHEMA_VERSION),
  id: key,
  name: localizedText(MAX_TEXT.name, 1),
  description: localizedText(MAX_TEXT.description, 0),
  simulated: v.boolean(),
  languages: v.pipe(v.array(v.picklist(LANGUAGES)), v.minLength(1), v.maxLength(LANGUAGES.length)),
  licence: text(MAX_TEXT.licence),
  source: localizedText(MAX_TEXT.description, 0),
  currency: v.nullable(v.pipe(v.string(), v.regex(/^[A-Z]{3}$/u, 'An ISO 4217 code such as EUR.'))),
  categories: v.pipe(
    v.array(v.object({ key, name: localizedText(MAX_TEXT.name, 1), art: v.nullable(key) })),
    v.minLength(1),
    v.maxLength(MAX_CATEGORIES),
    v.check(
      (categories) => new Set(categories.map((category) => category.key)).size === categories.length,
      'Two categories have the same key.',
    ),
  ),
  counts: v.object({
    items: count(MAX_ROWS.items),
    users: count(MAX_ROWS.interactions),
    interactions: count(MAX_ROWS.interactions),
    reviews: count(MAX_ROWS.reviews),
  }),
  files: v.object({
    items: fileEntry(MAX_ROWS.items),
    art: v.optional(fileEntry(MAX_ROWS.art)),
    interactions: v.optional(fileEntry(MAX_ROWS.interactions)),
    reviews: v.optional(fileEntry(MAX_ROWS.reviews)),
    factors: v.optional(fileEntry(MAX_ROWS.items)),
    sentiment: v.optional(fileEntry(MAX_ROWS.sentiment)),
  }),
});

/**
 * Reads pack.json. Unknown keys are ignored, so later versions may add some; texts are cleaned and clipped.
 * Throws `pack-schema-unsupported` for another schema version, and `pack-manifest-invalid` naming the first
 * field that breaks the format.
 */
export function parseManifest(manifestText: string): PackManifest {
  const json = parseJson(manifestText);
  const version =
    typeof json === 'object' && json !== null && 'schemaVersion' in json ? json.schemaVersion : undefined;
  if (version !== PACK_SCHEMA_VERSION && (typeof version === 'number' || typeof version === 'string')) {
    throw new AppError('pack-schema-unsupported', `The pack has schema version ${version}.`, {
      values: { version: String(version).slice(0, 20), supported: PACK_SCHEMA_VERSION },
      remedy: 'Update the app, or write the pack again with this version of the command line.',
    });
  }
  const result = v.safeParse(MANIFEST, json, { abortEarly: true });
  if (!result.success) {
    const [issue] = result.issues;
    throw manifestError(v.getDotPath(issue) ?? '', issue.message);
  }
  const { id, files, counts, ...rest } = result.output;
  checkFiles(files, counts);
  const { items, ...others } = files;
  return {
    ...rest,
    id: id as PackId,
    counts,
    files: {
      items,
      ...Object.fromEntries(Object.entries(others).filter(([, entry]) => entry !== undefined)),
    },
  };
}

/** SHA-256 (hex) of pack.json as it was read: changes whenever anything in the pack does. */
export function manifestFingerprint(manifestText: string): Promise<string> {
  return sha256Hex(new TextEncoder().encode(manifestText));
}

type Files = v.InferOutput<typeof MANIFEST>['files'];
type Counts = v.InferOutput<typeof MANIFEST>['counts'];

function checkFiles(files: Files, counts: Counts): void {
  const seen = new Set<string>([MANIFEST_FILE]);
  for (const kind of PACK_FILE_KINDS) {
    const entry = files[kind];
    if (entry !== undefined && seen.has(entry.path)) {
      throw manifestError(`files.${kind}.path`, `${entry.path} is named twice.`);
    }
    if (entry !== undefined) seen.add(entry.path);
    const rows = entry?.rows ?? 0;
    if (kind === 'factors') {
      if (entry !== undefined && rows !== counts.items) {
        throw manifestError('files.factors.rows', `Is ${rows}, but counts.items is ${counts.items}.`);
      }
    } else if (kind !== 'art' && kind !== 'sentiment' && counts[kind] !== rows) {
      throw manifestError(`counts.${kind}`, `Is ${counts[kind]}, but files.${kind}.rows is ${rows}.`);
    }
  }
  if (counts.items === 0) throw manifestError('counts.items', 'A pack needs at least one item.');
}

function parseJson(manifestText: string): unknown {
  if (manifestText.length > MAX_MANIFEST_BYTES) {
    throw manifestError('', `Longer than ${MAX_MANIFEST_BYTES} characters.`);
  }
  try {
    return JSON.parse(manifestText);
  } catch (cause) {
    throw manifestError('', 'Not JSON.', cause);
  }
}

function manifestError(field: string, reason: string, cause?: unknown): AppError {
  const where = field === '' ? MANIFEST_FILE : `${MANIFEST_FILE}, ${field}`;
  return new AppError('pack-manifest-invalid', `${where}: ${reason}`, {
    values: { file: MANIFEST_FILE, field, reason },
    remedy: 'See docs/pack-format.md, or write the pack with `fairshelf pack`.',
    cause,
  });
}
