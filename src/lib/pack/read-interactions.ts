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
 * Reads interactions.parquet: one row an event, sorted by user, then day. Throws `pack-file-invalid` or, for
 * the first bad row, `pack-row-invalid`.
 */
export async function readInteractions(
  bytes: Uint8Array<ArrayBuffer>,
  manifest: PackManifest,
): Promise<InteractionColumns> {
  const file = manifest.files.interactions?.path ?? '';
  const table = await Table.open(file, bytes, MAX_ROWS.interactions);
  const columns = await readColumns(table, ['user', 'item', 'kind', 'day'], ['stars']);
  const { users, items } = manifest.counts;
  const length = table.rows;
  const user = new Int32Array(length);
  const item = new Int32Array(length);
  const kind = new Uint8Array(length);
  const stars = new Uint8Array(length);
  const day = new Int32Array(length);
  for (let row = 0; row < length; row++) {
    const place = (column: string) => ({ file, row, column });
    const code = CODES.get(columns.kind[row]);
    if (code === undefined) {
      throw rowError(file, row, 'kind', columns.kind[row], `Use one of ${EVENT_KINDS.join(', ')}.`);
    }
    const rated = code === RATE || code === REVIEW;
    user[row] = wholeNumber(columns.user[row], 0, users - 1, place('user'));
    item[row] = wholeNumber(columns.item[row], 0, items - 1, place('item'));
    kind[row] = code;
    stars[row] = rated
      ? wholeNumber(columns.stars[row], 1, 5, place('stars'))
      : wholeNumber(columns.stars[row] ?? 0, 0, 0, place('stars'));
    day[row] = wholeNumber(columns.day[row], 0, MAX_DAY, place('day'));
    if (row > 0 && isBefore(user, day, row)) {
      throw rowError(file, row, 'user', user[row], 'Sort the rows by user, then day.');
    }
  }
  return { users, items, length, user, item, kind, stars, day };
}

function isBefore(user: Int32Array, day: Int32Array, row: number): boolean {
  const step = (user[row] ?? 0) - (user[row - 1] ?? 0);
  return step < 0 || (step === 0 && (day[row] ?? 0) < (day[row - 1] ?? 0));
}
