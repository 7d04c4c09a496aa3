import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Papa from 'papaparse';
import { AppError } from '../../lib/errors.ts';
import type { CsrMatrix } from '../../lib/model/index.ts';
import type { Format } from './read-interactions.ts';
import { lineError, readLines } from './lines.ts';

/** Files of MovieLens's sets that hold genres, the one of ml-100k without a header and with a flag a genre. */
const MOVIELENS_FILES = ['u.item', 'movies.csv', 'movies.dat'] as const;
const FLAGS_FILE = 'u.item';
/** Columns of u.item before the flags. */
const FLAGS_FROM = 5;

const ITEM_NAMES = ['item', 'itemid', 'movieid', 'productid', 'bookid', 'id', 'asin'];
const CATEGORY_NAMES = ['categories', 'category', 'genres', 'genre', 'tags'];
/** Each category costs a column for each pair that is trained on. */
const MAX_CATEGORIES = 1_000;

/** Items with the categories that a file gives them. */
export interface ItemFeatures {
  readonly file: string;
  /** items × categories, 1 each. */
  readonly matrix: CsrMatrix;
  /** Items of which the file says nothing. */
  readonly unknown: number;
}

/** The file with the genres beside MovieLens's ratings; null where there is none. */
export function movielensFeatures(ratings: string, format: Format): string | null {
  if (format !== 'movielens') return null;
  const folder =
    statSync(ratings, { throwIfNoEntry: false })?.isDirectory() === true ? ratings : dirname(ratings);
  return MOVIELENS_FILES.map((name) => join(folder, name)).find((file) => existsSync(file)) ?? null;
}

/**
 * Categories of items: MovieLens's `u.item`, `movies.csv` or `movies.dat`, or any CSV with a header that has a column
 * of items (item, movieId, book_id …) and one of categories (categories, genres, tags …), several separated by bar or
 * comma. Rows of the matrix follow `items`; items that are not in it are left out. Throws `import-invalid` naming file,
 * line and value, also for more than 1,000 categories.
 */
export function readItemFeatures(file: string, items: readonly string[]): ItemFeatures {
  const at = new Map(items.map((id, position) => [id, position]));
  const categories = new Map<string, number>();
  const rows = new Map<number, ReadonlySet<number>>();
  eachItem(file, (id, names) => {
    const item = at.get(id);
    if (item === undefined) return;
    const own = names.map((name) => {
      const known = categories.get(name) ?? categories.size;
      categories.set(name, known);
      return known;
    });
    rows.set(item, new Set([...(rows.get(item) ?? []), ...own]));
  });
  if (categories.size > MAX_CATEGORIES) {
    throw new AppError('import-invalid', `${file} has ${categories.size} categories of these items.`, {
      values: { file, categories: categories.size, most: MAX_CATEGORIES },
      remedy: `Give at most ${MAX_CATEGORIES}: each is a feature of every pair.`,
    });
  }
  return { file, matrix: matrixOf(items.length, categories.size, rows), unknown: items.length - rows.size };
}

function eachItem(file: string, onItem: (id: string, categories: readonly string[]) => void): void {
  const name = basename(file);
  let columns: { readonly item: number; readonly categories: number; readonly width: number } | null = null;
  readLines(file, (text, line) => {
    if (name === FLAGS_FILE) {
      const cells = text.split('|');
      const flags = cells.slice(FLAGS_FROM);
      if (flags.length === 0 || !flags.every((flag) => flag === '0' || flag === '1')) {
        throw lineError(
          file,
          line,
          text,
          'Give a flag, 0 or 1, for each genre, as u.item of ml-100k has them.',
        );
      }
      onItem(
        cells[0] ?? '',
        flags.flatMap((flag, genre) => (flag === '1' ? [String(genre)] : [])),
      );
      return;
    }
    const cells = name.endsWith('.dat') ? text.split('::') : csvCells(file, line, text);
    if (columns === null) {
      columns = name.endsWith('.dat')
        ? { item: 0, categories: cells.length - 1, width: cells.length }
        : headerOf(file, line, text, cells);
      if (!name.endsWith('.dat')) return;
    }
    if (cells.length !== columns.width) {
      throw lineError(file, line, text, `Give ${columns.width} cells, as the first line has.`);
    }
    onItem(cells[columns.item] ?? '', categoriesOf(cells[columns.categories] ?? ''));
  });
}

function csvCells(file: string, line: number, text: string): readonly string[] {
  const { data, errors } = Papa.parse<string[]>(text, { delimiter: ',' });
  if (errors.some(({ type }) => type === 'Quotes'))
    throw lineError(file, line, text, 'Close the quotation mark.');
  return data[0] ?? [];
}

function headerOf(file: string, line: number, text: string, cells: readonly string[]) {
  const names = cells.map((cell) => cell.toLowerCase().replaceAll(/[^a-z]/gu, ''));
  const item = names.findIndex((name) => ITEM_NAMES.includes(name));
  const categories = names.findIndex((name) => CATEGORY_NAMES.includes(name));
  if (item !== -1 && categories !== -1) return { item, categories, width: cells.length };
  throw lineError(file, line, text, 'Give a header with a column item and a column categories (or genres).');
}

/** `Action|Drama` or `action,drama`; MovieLens's way of saying none is none. */
function categoriesOf(cell: string): readonly string[] {
  return cell
    .split(/[|,;]/u)
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== '(no genres listed)');
}

function matrixOf(items: number, columns: number, rows: ReadonlyMap<number, ReadonlySet<number>>): CsrMatrix {
  const indptr = new Int32Array(items + 1);
  const indices: number[] = [];
  for (let item = 0; item < items; item++) {
    indices.push(...[...(rows.get(item) ?? [])].sort((a, b) => a - b));
    indptr[item + 1] = indices.length;
  }
  return {
    rows: items,
    columns,
    indptr,
    indices: Int32Array.from(indices),
    data: new Float32Array(indices.length).fill(1),
  };
}
