import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import { AppError } from '../../lib/errors.ts';
import { readLines, lineError } from './lines.ts';
import { eachLightGcnUser } from './lightgcn.ts';

export const FORMATS = ['lightgcn', 'movielens', 'csv', 'jsonl'] as const;
export type Format = (typeof FORMATS)[number];

/** Interactions as they stand in a file: ids are text, values ratings or 1. */
export interface SourceRows {
  readonly file: string;
  readonly user: readonly string[];
  readonly item: readonly string[];
  readonly value: readonly number[];
  /** Seconds since the Unix epoch; null where the file has none. */
  readonly time: readonly number[] | null;
  /** True where the values are ratings. */
  readonly rated: boolean;
}

export interface RatingScale {
  readonly min: number;
  readonly max: number;
}

/** MovieLens rates in halves up to 5, the first sets in whole stars. */
const MOVIELENS_SCALE: RatingScale = { min: 0.5, max: 5 };
const MOVIELENS_FILES = ['u.data', 'ratings.csv', 'ratings.dat'] as const;

/** By what names columns go in headers, in lower case without anything but letters. */
const COLUMN_NAMES: Readonly<Record<keyof Columns, readonly string[]>> = {
  user: ['user', 'userid', 'uid', 'customer', 'customerid', 'reviewer', 'reviewerid'],
  item: [
    'item',
    'itemid',
    'iid',
    'movie',
    'movieid',
    'product',
    'productid',
    'book',
    'bookid',
    'asin',
    'isbn',
  ],
  value: ['rating', 'stars', 'score', 'value', 'strength', 'overall'],
  time: ['time', 'timestamp', 'date', 'at', 'unixreviewtime'],
};
const SEPARATORS = ['\t', '::', ',', ';', '|'] as const;
/** Beyond this a number of seconds would be a year after 5000: it is milliseconds. */
const MILLISECONDS_FROM = 1e11;

interface Columns {
  readonly user: number;
  readonly item: number;
  /** -1 where there is none. */
  readonly value: number;
  readonly time: number;
}

/**
 * Reads interactions: `lightgcn` (a line a user, positions), `movielens` (u.data or a fold of it, ratings.csv,
 * ratings.dat, or their folder), `csv`: user, item[, rating[, time]] by a header's names or in this order; the
 * separator (tab, ::, comma, semicolon, bar) is found from the first line; `jsonl`: an object a line, its fields by the
 * same names (Amazon's reviews are such a file). Times are seconds, milliseconds or dates.
 * Throws `import-invalid` naming file, line and value: for no file or no interactions, mixed separators, a line with
 * another number of cells, an empty id, a rating that is no number or outside the scale, a time that is none.
 */
export function readInteractions(path: string, format: Format, scale: RatingScale | null): SourceRows {
  if (format === 'lightgcn') return readLightGcnRows(path);
  if (format === 'jsonl') return readObjects(path, scale);
  const file = format === 'movielens' ? movielensFile(path) : path;
  return readTable(file, scale ?? (format === 'movielens' ? MOVIELENS_SCALE : null));
}

function readLightGcnRows(path: string): SourceRows {
  const user: string[] = [];
  const item: string[] = [];
  eachLightGcnUser(path, (own, items) => {
    for (const one of items) {
      user.push(String(own));
      item.push(String(one));
    }
  });
  if (user.length === 0) throw nothing(path);
  return { file: path, user, item, value: user.map(() => 1), time: null, rated: false };
}

function movielensFile(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return path;
  const found = MOVIELENS_FILES.map((name) => join(path, name)).find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new AppError('import-invalid', `${path} holds none of ${MOVIELENS_FILES.join(', ')}.`, {
    values: { file: path },
    remedy: 'Give the folder of a MovieLens data set, or the file with its ratings.',
  });
}

function readTable(file: string, scale: RatingScale | null): SourceRows {
  const user: string[] = [];
  const item: string[] = [];
  const value: number[] = [];
  const time: number[] = [];
  let separator = '';
  let width = 0;
  let columns: Columns | null = null;
  let rated = false;
  readLines(file, (raw, line) => {
    const text = raw.replace(/^\uFEFF/u, '');
    if (columns === null) {
      separator = separatorOf(file, line, text);
      const first = cellsOf(file, line, text, separator);
      width = first.length;
      const named = namedColumns(first);
      columns = named ?? { user: 0, item: 1, value: width > 2 ? 2 : -1, time: width > 3 ? 3 : -1 };
      rated = columns.value !== -1;
      if (named !== null) return;
    }
    const cells = cellsOf(file, line, text, separator);
    if (cells.length !== width) throw raggedLine(file, line, text, separator, width);
    user.push(idOf(file, line, cells[columns.user]));
    item.push(idOf(file, line, cells[columns.item]));
    value.push(columns.value === -1 ? 1 : ratingOf(file, line, cells[columns.value] ?? '', scale));
    if (columns.time !== -1) time.push(timeOf(file, line, cells[columns.time] ?? ''));
  });
  if (user.length === 0) throw nothing(file);
  return { file, user, item, value, time: time.length === 0 ? null : time, rated };
}

/** Of a line's object the fields that the first one's names choose. */
function readObjects(file: string, scale: RatingScale | null): SourceRows {
  const user: string[] = [];
  const item: string[] = [];
  const value: number[] = [];
  const time: number[] = [];
  let names: readonly string[] = [];
  let columns: Columns | null = null;
  readLines(file, (text, line) => {
    const fields = objectOf(file, line, text);
    if (columns === null) {
      names = Object.keys(fields);
      columns = namedColumns(names);
      if (columns === null) {
        throw lineError(file, line, text, 'Name a field user (or reviewerID …) and one item (or asin …).');
      }
    }
    const cell = (column: number): string => {
      const own = fields[names[column] ?? ''];
      return typeof own === 'string' || typeof own === 'number' ? String(own).trim() : '';
    };
    user.push(idOf(file, line, cell(columns.user)));
    item.push(idOf(file, line, cell(columns.item)));
    value.push(columns.value === -1 ? 1 : ratingOf(file, line, cell(columns.value), scale));
    if (columns.time !== -1) time.push(timeOf(file, line, cell(columns.time)));
  });
  if (user.length === 0) throw nothing(file);
  const rated = (columns as Columns | null)?.value !== -1;
  return { file, user, item, value, time: time.length === 0 ? null : time, rated };
}

function objectOf(file: string, line: number, text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // said below
  }
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw lineError(file, line, text, 'Give a JSON object in every line.');
}

function separatorOf(file: string, line: number, text: string): string {
  const widths = SEPARATORS.map((separator) => ({ separator, width: text.split(separator).length }));
  const best = widths.reduce((most, one) => (one.width > most.width ? one : most));
  if (best.width >= 2) return best.separator;
  throw lineError(file, line, text, 'Separate user and item by tab, ::, comma, semicolon or bar.');
}

function cellsOf(file: string, line: number, text: string, separator: string): readonly string[] {
  if (!text.includes('"')) return text.split(separator).map((cell) => cell.trim());
  const { data, errors } = Papa.parse<string[]>(text, { delimiter: separator });
  if (errors.some(({ type }) => type === 'Quotes'))
    throw lineError(file, line, text, 'Close the quotation mark.');
  return (data[0] ?? []).map((cell) => cell.trim());
}

function raggedLine(file: string, line: number, text: string, separator: string, width: number): AppError {
  const other = SEPARATORS.find((one) => one !== separator && text.split(one).length === width);
  const name = (one: string): string => (one === '\t' ? 'a tab' : JSON.stringify(one));
  return other === undefined
    ? lineError(file, line, text, `Give ${width} cells in every line, as the first has.`)
    : lineError(
        file,
        line,
        text,
        `Mixed separators: the first line uses ${name(separator)}, this one ${name(other)}. Use one.`,
      );
}

/** Columns by a header's names; null where the line is no header. */
function namedColumns(cells: readonly string[]): Columns | null {
  const names = cells.map((cell) => cell.toLowerCase().replaceAll(/[^a-z]/gu, ''));
  const find = (column: keyof Columns): number =>
    names.findIndex((name) => COLUMN_NAMES[column].includes(name));
  const user = find('user');
  // what else is identified in a line with a user is the item (placeID, track_id)
  const other = names.findIndex((name, column) => user !== -1 && column !== user && name.endsWith('id'));
  const item = find('item') === -1 ? other : find('item');
  return user === -1 || item === -1 ? null : { user, item, value: find('value'), time: find('time') };
}

function idOf(file: string, line: number, cell: string | undefined): string {
  if (cell !== undefined && cell !== '') return cell;
  throw lineError(file, line, cell ?? '', 'Give every line a user and an item.');
}

function ratingOf(file: string, line: number, cell: string, scale: RatingScale | null): number {
  const value = Number(cell);
  if (cell === '' || !Number.isFinite(value)) {
    const header = line === 1 ? ' If this line is a header, name its columns user and item.' : '';
    throw lineError(file, line, cell, `Give ratings as numbers.${header}`);
  }
  if (scale !== null && (value < scale.min || value > scale.max)) {
    throw lineError(file, line, cell, `Give ratings from ${scale.min} to ${scale.max}.`);
  }
  return value;
}

function timeOf(file: string, line: number, cell: string): number {
  const number = cell === '' ? NaN : Number(cell);
  if (Number.isFinite(number) && number >= 0) return number >= MILLISECONDS_FROM ? number / 1000 : number;
  const date = Date.parse(cell);
  if (Number.isFinite(date)) return date / 1000;
  throw lineError(file, line, cell, 'Give times as seconds since 1970, milliseconds, or ISO dates.');
}

function nothing(file: string): AppError {
  return new AppError('import-invalid', `${file} holds no interactions.`, {
    values: { file },
    remedy: 'Give a file with at least one.',
  });
}
