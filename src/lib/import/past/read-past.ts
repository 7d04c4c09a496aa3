import { openTables } from '../open-tables.ts';
import { ProblemLog } from '../problems.ts';
import { fileError, throwIfStopped } from '../errors.ts';
import type { SourceTable } from '../tables/table.ts';
import type { ByteSource, InspectOptions } from '../types.ts';
import { amazonReader } from './amazon.ts';
import { goodreadsReader } from './goodreads.ts';
import { letterboxdReader } from './letterboxd.ts';
import { steamReader } from './steam.ts';
import type { PastReader, PastRow } from './rows.ts';
import type { PastFile, PastLeftOut, PastLibrary, PastWork } from './types.ts';

/** Things of one import. Twenty times the largest library of a reader that Goodreads tells of. */
export const MAX_WORKS = 200_000;

const SIGNATURES = [goodreadsReader, letterboxdReader, amazonReader, steamReader] as const;

export interface ReadPastOptions extends Pick<InspectOptions, 'signal' | 'onProgress'> {
  /** At a row that cannot be read: leave it out and say so, or end with an error. */
  readonly onProblem: 'skip' | 'stop';
}

/**
 * Reads a person's own history from the exports of Goodreads, Letterboxd, Amazon and Steam, recognised by their columns;
 * other tables are named and left out. Rows on one thing are put together, so the order of the files changes nothing but
 * the order of the things. Throws `import-invalid` where no table is known, for a file that cannot be read and, with
 * `stop`, for the first such row; `cancelled`.
 */
export async function readPast(
  sources: readonly ByteSource[],
  options: ReadPastOptions,
): Promise<PastLibrary> {
  const { tables, skipped } = await openTables(sources, options);
  const known = tables.flatMap((table) => {
    const reader = readerOf(table);
    return reader === null ? [] : [{ table, reader }];
  });
  const [first] = tables;
  if (known.length === 0) {
    throw fileError(
      first?.name ?? '',
      'no-past',
      'Give an export of Goodreads, Letterboxd, Amazon or Steam with its first line.',
    );
  }
  const problems = new ProblemLog(options.onProblem);
  const works = new Map<string, Gathered>();
  const leftOut: Record<PastLeftOut, number> = { cancelled: 0, 'no-sign': 0 };
  const files: PastFile[] = [];
  const totalBytes = known.reduce((sum, { table }) => sum + table.bytes, 0);
  let doneBytes = 0;
  for (const { table, reader } of known) {
    throwIfStopped(options.signal);
    let rows = 0;
    await table.read(
      (cells, line) => {
        rows += 1;
        const result = reader.read(cells);
        if ('fault' in result) problems.add({ file: table.name, line, ...result.fault });
        else if ('leftOut' in result) leftOut[result.leftOut] += 1;
        else gather(works, reader, result);
      },
      {
        signal: options.signal,
        wanted: reader.wanted,
        onPacked: (bytes) => {
          doneBytes += bytes;
          options.onProgress?.({ stage: 'read', file: table.name, doneBytes, totalBytes });
        },
        onProblem: (problem) => {
          if (problem.line > 0) rows += 1;
          problems.add({ file: table.name, ...problem });
        },
      },
    );
    files.push({ name: table.name, source: reader.source, rows });
  }
  const read = new Set(known.map(({ table }) => table.name));
  return {
    works: [...works.values()],
    files,
    ignored: tables.map(({ name }) => name).filter((name) => !read.has(name)),
    skipped,
    problems: problems.report(),
    leftOut,
  };
}

function readerOf(table: SourceTable): PastReader | null {
  if (!table.header) return null;
  for (const signature of SIGNATURES) {
    const reader = signature(table);
    if (reader !== null) return reader;
  }
  return null;
}

type Gathered = PastWork & { readonly deeds: PastWork['deeds'][number][] };

/** Throws `import-invalid` beyond `MAX_WORKS`. */
function gather(works: Map<string, Gathered>, { source }: PastReader, row: PastRow): void {
  const key = `${source}\n${row.key}`;
  const known = works.get(key);
  if (known !== undefined) {
    known.deeds.push(...row.deeds);
    return;
  }
  if (works.size === MAX_WORKS) {
    throw fileError(source, `more than ${MAX_WORKS} things`, 'Import a part of them.');
  }
  const { title, author, year, ids, deeds } = row;
  works.set(key, { source, title, author, year, ids, deeds: [...deeds] });
}
