import type { PlainFile } from '../bytes/unpack.ts';
import { TextStream } from '../bytes/decode.ts';
import { fileError, shorten } from '../errors.ts';
import { detached } from '../events/ids.ts';
import { SAMPLE_ROWS } from '../limits.ts';
import { encodingProblem } from './delimited.ts';
import type { OnRow, ReadContext, SourceTable } from './table.ts';

/** A line of a very active user: a million items of eight digits. */
const MAX_LINE_LENGTH = 16 * 1024 * 1024;
const COLUMNS = ['user', 'item'] as const;
/** Far above every public data set; a slip of the keyboard would otherwise ask for gigabytes. */
const MAX_POSITION = 100_000_000;

/**
 * Opens a file in LightGCN's format (He et al. 2020; NGCF's and KGAT's splits too): a line a user, `user item item …`,
 * positions from 0 with blanks between. Each item becomes a row of two cells. Null where the sample is none: every line
 * must be positions, and the lines of different lengths (else it is a table with blanks between cells).
 */
export function openRows(file: PlainFile, sample: string, whole: boolean): SourceTable | null {
  const lines = sample.split('\n').slice(0, whole ? undefined : -1);
  // a user's only line can be longer than the sample
  const filled = (lines.length === 0 ? [sample.slice(0, sample.lastIndexOf(' '))] : lines)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (filled.length === 0 || !filled.every((line) => /^\d+(?:[ \t]+\d+)*$/u.test(line))) return null;
  const widths = new Set(filled.map((line) => line.split(/[ \t]+/u).length));
  if (widths.size < 2 && (filled.length > 1 || sample.includes('\t'))) return null;
  const rows: string[][] = [];
  for (const line of filled) {
    const [user = '', ...items] = line.split(/[ \t]+/u);
    for (const item of items) if (rows.length < SAMPLE_ROWS) rows.push([user, item]);
  }
  return rowsTable(file, rows);
}

/** The same of a file that is known to be one. */
export function rowsTable(file: PlainFile, sample: readonly (readonly string[])[] = []): SourceTable {
  return {
    name: file.name,
    format: 'rows',
    delimiter: ' ',
    header: false,
    columns: COLUMNS,
    sample,
    bytes: file.packedBytes,
    encoding: () => 'utf-8',
    read: (onRow, context) => readRows(file, onRow, context),
  };
}

async function readRows(file: PlainFile, onRow: OnRow, context: ReadContext): Promise<void> {
  const stream = new TextStream();
  const cells: [string, string] = ['', ''];
  let rest = '';
  let line = 0;
  const users = new Set<string>();
  const problem = (value: string, remedy: string): void =>
    context.onProblem({ line, column: '', value: shorten(value), reason: 'id', remedy });
  const readLine = (text: string): void => {
    line += 1;
    const [user = '', ...items] = text.trim().split(/\s+/u);
    if (user === '') return;
    cells[0] = user;
    const wrong = [user, ...items].find((token) => !isPosition(token));
    if (wrong !== undefined) {
      problem(wrong, `Give positions: whole numbers from 0 to ${MAX_POSITION}.`);
      return;
    }
    if (users.has(user)) {
      problem(user, 'Give every user one line.');
      return;
    }
    users.add(detached(user));
    const own = new Set(items);
    if (own.size < items.length) {
      const repeated = items.find((item, at) => items.indexOf(item) !== at) ?? '';
      problem(repeated, 'Name an item once in a line.');
    }
    for (const item of own) {
      cells[1] = item;
      onRow(cells, line);
    }
  };
  for await (const chunk of stream.decode(file.chunks(context.signal, context.onPacked))) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) readLine(text);
    if (rest.length > MAX_LINE_LENGTH) {
      throw fileError(
        file.name,
        `line ${line + 1} is longer than ${MAX_LINE_LENGTH} characters`,
        'Cut the line.',
      );
    }
  }
  if (rest !== '') readLine(rest);
  if (stream.unreadable > 0) context.onProblem(encodingProblem(stream.encoding, stream.unreadable));
}

function isPosition(token: string): boolean {
  return /^\d{1,9}$/u.test(token) && Number(token) <= MAX_POSITION;
}
