import { EVENT_KINDS, type InteractionColumns } from '../types.ts';
import { readColumns, wholeNumber } from './cells.ts';
import { MAX_ROWS } from './limits.ts';
import { rowError } from './row-error.ts';
import { Table } from './table.ts';
import type { PackManifest } from './types.ts';

/** Days since 1970-01-01 that a Date can hold: year 9999. */
export const MAX_DAY = 2_932_896;

const CODES = new Map<unknown, number>(EVENT_KINDS.map((kind, code) => [kind, code]));
const RATE = EVENT_KINDS.indexOf('rate');
const REVIEW = EVENT_KINDS.indexOf('review');

/**
 * Reads interactions.parquet: one row an event, sorted by user, then day. One row group after another: decoded cells take
 * several times the 14 bytes that an event is kept in. Throws `pack-file-invalid` or, for the first bad row, `pack-row-invalid`.
 */
export async function readInteractions(
  bytes: Uint8Array<ArrayBuffer>,
  manifest: PackManifest,
): Promise<InteractionColumns> {
  const file = manifest.files.interactions?.path ?? '';
  const table = await Table.open(file, bytes, MAX_ROWS.interactions);
  const { users, items } = manifest.counts;
  const length = table.rows;
  const user = new Int32Array(length);
  const item = new Int32Array(length);
  const kind = new Uint8Array(length);
  const stars = new Uint8Array(length);
  const day = new Int32Array(length);
  for (const part of table.parts) {
    const columns = await readColumns(table, ['user', 'item', 'kind', 'day'], ['stars'], [part]);
    for (let row = part.rowStart; row < part.rowEnd; row++) {
      const at = row - part.rowStart;
      const place = (column: string) => ({ file, row, column });
      const code = CODES.get(columns.kind[at]);
      if (code === undefined) {
        throw rowError(file, row, 'kind', columns.kind[at], `Use one of ${EVENT_KINDS.join(', ')}.`);
      }
      const rated = code === RATE || code === REVIEW;
      user[row] = wholeNumber(columns.user[at], 0, users - 1, place('user'));
      item[row] = wholeNumber(columns.item[at], 0, items - 1, place('item'));
      kind[row] = code;
      stars[row] = rated
        ? wholeNumber(columns.stars[at], 1, 5, place('stars'))
        : wholeNumber(columns.stars[at] ?? 0, 0, 0, place('stars'));
      day[row] = wholeNumber(columns.day[at], 0, MAX_DAY, place('day'));
      if (row > 0 && isBefore(user, day, row)) {
        throw rowError(file, row, 'user', user[row], 'Sort the rows by user, then day.');
      }
    }
  }
  return { users, items, length, user, item, kind, stars, day };
}

function isBefore(user: Int32Array, day: Int32Array, row: number): boolean {
  const step = (user[row] ?? 0) - (user[row - 1] ?? 0);
  return step < 0 || (step === 0 && (day[row] ?? 0) < (day[row - 1] ?? 0));
}
