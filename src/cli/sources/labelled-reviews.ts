import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import Papa from 'papaparse';
import { AppError } from '../../lib/errors.ts';
import type { LabelledText } from '../../lib/model/index.ts';
import { csvError, readCsv } from '../csv.ts';

/** Names of columns that are understood without being told, in lower case. */
const COLUMNS = {
  text: ['text', 'review', 'review text', 'reviewtext', 'comment', 'sentence', 'content'],
  label: ['label', 'sentiment', 'class'],
  group: ['group', 'category', 'cat'],
} as const;

/** Which columns of a CSV hold what; undefined where the header should tell. */
export interface ReviewColumns {
  readonly text?: string;
  readonly label?: string;
  readonly group?: string;
  /** Labels are 1 to 5 stars: 1 and 2 are negative, 4 and 5 positive, 3 neither. */
  readonly stars: boolean;
}

export interface LabelledReviews {
  readonly texts: readonly LabelledText[];
  /** Rows without words, and with 3 stars. */
  readonly skipped: number;
}

/**
 * Reads labelled reviews: a CSV with a header (a text, a label of 0 or 1, and optionally a group), or lines of text, tab
 * and label without a header, the file's name being the group. Throws `import-invalid` naming file, row and column.
 */
export function readLabelledReviews(path: string, columns: ReviewColumns): LabelledReviews {
  return /\.csv(?:\.gz)?$/u.test(path) ? readTable(path, columns) : readLines(path, columns.stars);
}

function readTable(path: string, { text, label, group, stars }: ReviewColumns): LabelledReviews {
  const header = path.endsWith('.gz') ? [] : headerOf(path);
  const columnOf = (kind: keyof typeof COLUMNS, given: string | undefined): string | null =>
    given ?? header.find((name) => COLUMNS[kind].some((known) => known === name.toLowerCase())) ?? null;
  const names = {
    text: columnOf('text', text),
    label: columnOf('label', label),
    group: columnOf('group', group),
  };
  for (const kind of ['text', 'label'] as const) {
    if (names[kind] !== null) continue;
    throw csvError(path, 0, kind, header.join(','), `Name the column of the ${kind}: --${kind} NAME.`);
  }
  const wanted = [names.text ?? '', names.label ?? '', ...(names.group === null ? [] : [names.group])];
  const texts: LabelledText[] = [];
  let skipped = 0;
  readCsv(path, wanted, ({ cells, row }) => {
    const words = (cells[names.text ?? ''] ?? '').trim();
    const value = (cells[names.label ?? ''] ?? '').trim();
    const positive = positiveOf(value, stars);
    if (positive === undefined) throw labelError(path, row, names.label ?? '', value, stars);
    if (words === '' || positive === null) skipped++;
    else texts.push({ text: words, positive, group: names.group === null ? '' : (cells[names.group] ?? '') });
  });
  return { texts, skipped };
}

function readLines(path: string, stars: boolean): LabelledReviews {
  const group = basename(path, extname(path));
  const texts: LabelledText[] = [];
  let skipped = 0;
  const lines = readUtf8(path).split(/\r?\n/u);
  lines.forEach((line, at) => {
    if (line.trim() === '') return;
    const tab = line.lastIndexOf('\t');
    const value = line.slice(tab + 1).trim();
    const positive = tab < 0 ? undefined : positiveOf(value, stars);
    if (positive === undefined) throw labelError(path, at + 1, 'label', value, stars);
    const words = line.slice(0, tab).trim();
    if (words === '' || positive === null) skipped++;
    else texts.push({ text: words, positive, group });
  });
  if (texts.length === 0) throw csvError(path, 0, '', 'no rows', 'Give lines of a text, a tab and 0 or 1.');
  return { texts, skipped };
}

/** Null for neither, undefined for no label. */
function positiveOf(value: string, stars: boolean): boolean | null | undefined {
  if (!stars) return value === '1' ? true : value === '0' ? false : undefined;
  const number = Number(value);
  if (!Number.isFinite(number) || number < 1 || number > 5) return undefined;
  return number >= 4 ? true : number <= 2 ? false : null;
}

function labelError(path: string, row: number, column: string, value: string, stars: boolean): AppError {
  return csvError(
    path,
    row,
    column,
    value,
    stars ? 'Give 1 to 5 stars.' : 'Give 1 for a positive text and 0 for a negative one, or add --stars.',
  );
}

function headerOf(path: string): string[] {
  const [header] = Papa.parse<string[]>(readUtf8(path), { preview: 1 }).data;
  return header ?? [];
}

function readUtf8(path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('import-invalid', `${path} cannot be read: ${reason}`, {
      values: { file: path, reason },
      remedy: 'Give a readable text file in UTF-8.',
      cause,
    });
  }
}
