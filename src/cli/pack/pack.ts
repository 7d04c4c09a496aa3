import { readFileSync, writeFileSync } from 'node:fs';
import { AppError } from '../../lib/errors.ts';
import {
  applyMapFile,
  importFiles,
  inspectFiles,
  withStatistics,
  type ByteSource,
  type ImportMapping,
  type ImportResult,
  type TableKind,
} from '../../lib/import/index.ts';
import { itemStatistics } from '../../lib/model/index.ts';
import type { PackContent } from '../../lib/pack/write.ts';
import { ART_LICENCE, fluentEmoji } from '../art.ts';
import { choice, text, whole } from '../evaluate/options.ts';
import type { CommandLineOutput } from '../output.ts';
import { writePackFolder, type VerifiedPack } from '../pack-folder.ts';
import { fileSources } from '../sources/file-sources.ts';
import { reportLines } from './report.ts';

/** Options as cac parses them: true for a missing value, a list for a repeated option. */
export interface PackOptions {
  readonly items?: unknown;
  readonly events?: unknown;
  readonly reviews?: unknown;
  readonly map?: unknown;
  readonly printMap?: unknown;
  readonly onProblem?: unknown;
  readonly kCore?: unknown;
  readonly allowReviews?: unknown;
  readonly id?: unknown;
  readonly name?: unknown;
  readonly report?: unknown;
  readonly out?: unknown;
}

const PROGRESS_MS = 2000;

/**
 * `fairshelf pack PATHS --out DIR`: imports files and folders, writes what came of them as a pack and says what was done.
 * Null where only the mapping was asked for. Throws `input-invalid`, and what the import throws; nothing is written then.
 */
export async function packFiles(
  paths: readonly string[],
  options: PackOptions,
  output: CommandLineOutput,
): Promise<VerifiedPack | null> {
  const { sources, kinds } = await sourcesOf(paths, options);
  if (options.printMap === true) {
    const { mapping } = await inspectFiles(sources, { kinds });
    output.out(JSON.stringify(mapping, null, 2));
    return null;
  }
  const folder = text('out', options.out);
  const mapping = options.map === undefined ? null : await mapped(sources, kinds, text('map', options.map));
  const result = await importFiles(sources, {
    kinds,
    mapping,
    onProblem: choice('on-problem', options.onProblem ?? 'skip', ['skip', 'stop']),
    minEvents: whole('k-core', options.kCore ?? 0, 0, 1000),
    reviews: options.allowReviews === true,
    ...(options.id === undefined ? {} : { packId: text('id', options.id) }),
    ...(options.name === undefined ? {} : { packName: text('name', options.name) }),
    onProgress: progressLines(output),
  });
  for (const line of reportLines(result.report)) output.err(line);
  if (options.report !== undefined) {
    writeFileSync(text('report', options.report), `${JSON.stringify(result.report, null, 2)}\n`);
  }
  return writePackFolder(folder, completed(result));
}

/** The content of an import with what the library leaves open: the community's counts and the pictures. */
export function completed({ content }: ImportResult): PackContent {
  const counted =
    content.interactions === null ? content : withStatistics(content, itemStatistics(content.interactions));
  const names = [...content.about.categories, ...content.items].flatMap(({ art }) =>
    art === null ? [] : [art],
  );
  if (names.length === 0) return counted;
  const licence = `${content.about.licence} ${ART_LICENCE}`;
  return { ...counted, about: { ...content.about, licence }, art: fluentEmoji(names) };
}

async function sourcesOf(
  paths: readonly string[],
  options: PackOptions,
): Promise<{ readonly sources: readonly ByteSource[]; readonly kinds: Readonly<Record<string, TableKind>> }> {
  const given: [string, TableKind | null][] = [
    ...paths.map((path): [string, null] => [path, null]),
    ...listOf(options.items).map((path): [string, TableKind] => [path, 'items']),
    ...listOf(options.events).map((path): [string, TableKind] => [path, 'events']),
    // reviews are events with words
    ...listOf(options.reviews).map((path): [string, TableKind] => [path, 'events']),
  ];
  if (given.length === 0) {
    throw new AppError('input-invalid', 'Name what to pack.', {
      remedy: 'Give files or folders, or --items FILE --events FILE.',
    });
  }
  const sources: ByteSource[] = [];
  const kinds: Record<string, TableKind> = {};
  const taken = new Set<string>();
  for (const [path, kind] of given) {
    for (const source of await fileSources(path)) {
      // two folders may hold files of one name
      const name = taken.has(source.name) ? `${taken.size + 1}/${source.name}` : source.name;
      taken.add(name);
      sources.push({ ...source, name });
      if (kind !== null) kinds[name.replace(/\.gz(?:ip)?$/iu, '')] = kind;
    }
  }
  return { sources, kinds };
}

async function mapped(
  sources: readonly ByteSource[],
  kinds: Readonly<Record<string, TableKind>>,
  path: string,
): Promise<ImportMapping> {
  const { mapping } = await inspectFiles(sources, { kinds });
  return applyMapFile(readText(path), mapping, path);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('import-invalid', `${path} cannot be read: ${reason}`, {
      values: { file: path, reason },
      remedy: 'Give a readable JSON file.',
      cause,
    });
  }
}

function progressLines(output: CommandLineOutput) {
  let last = Date.now();
  return ({ file, doneBytes, totalBytes }: { file: string; doneBytes: number; totalBytes: number }): void => {
    if (Date.now() - last < PROGRESS_MS || file === '') return;
    last = Date.now();
    output.err(`${file} … ${Math.floor((100 * doneBytes) / Math.max(1, totalBytes))}%`);
  };
}

/** What cac makes of an option that may come again. */
function listOf(value: unknown): readonly string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? (value as unknown[]) : [value]).map((one) =>
    text('items, --events and --reviews', one),
  );
}
