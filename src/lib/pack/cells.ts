import { cleanText, isCleanKey } from './text.ts';
import { rowError } from './row-error.ts';
import type { Column, Table } from './table.ts';

/** Where a cell is, for the error that names it. */
export interface CellPlace {
  readonly file: string;
  readonly row: number;
  readonly column: string;
}

/**
 * A whole number between `min` and `max` (both included) from a cell of any numeric Parquet type; -0 becomes 0.
 * Throws `pack-row-invalid` for anything else: a fraction, NaN, infinity, a text, no value.
 */
export function wholeNumber(value: unknown, min: number, max: number, place: CellPlace): number {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < min || number > max) {
    throw rowError(place.file, place.row, place.column, value, `Give a whole number from ${min} to ${max}.`);
  }
  return number + 0;
}

/** A finite number of at least 0, or null for an empty cell (or NaN, which is how pandas writes one). */
export function optionalAmount(value: unknown, place: CellPlace): number | null {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || number < 0) {
    throw rowError(
      place.file,
      place.row,
      place.column,
      value,
      'Give a finite number of at least 0, or none.',
    );
  }
  return number + 0;
}

/** Cleaned, clipped text; the empty string for an empty cell. Throws `pack-row-invalid` for another type. */
export function optionalText(
  value: unknown,
  cap: number,
  place: CellPlace,
  lines: 'join' | 'keep' = 'join',
): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') {
    throw rowError(place.file, place.row, place.column, value, 'Give a text, or none.');
  }
  return cleanText(value, cap, lines);
}

/**
 * A key as it stands: not empty, not over `cap`, and nothing in it that cleaning would change, since a changed
 * key is another key. Throws `pack-row-invalid` otherwise.
 */
export function keyText(value: unknown, cap: number, place: CellPlace): string {
  if (typeof value !== 'string' || !isCleanKey(value, cap)) {
    throw rowError(
      place.file,
      place.row,
      place.column,
      value,
      `Give a text of 1 to ${cap} characters without control characters or outer spaces.`,
    );
  }
  return value;
}

/** The columns of a table that a reader needs, by name; a missing optional one reads as empty cells. */
export async function readColumns<Required extends string, Optional extends string>(
  table: Table,
  required: readonly Required[],
  optional: readonly Optional[],
): Promise<Record<Required | Optional, Column>> {
  const empty: Column = { length: table.rows };
  const entries = await Promise.all([
    ...required.map(async (name) => [name, await table.column(name)] as const),
    ...optional.map(async (name) => [name, (await table.optional(name)) ?? empty] as const),
  ]);
  return Object.fromEntries(entries) as Record<Required | Optional, Column>;
}
