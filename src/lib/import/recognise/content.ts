import { parseNumber } from '../cells/number.ts';
import { timeFormatOf, type TimeFormat } from '../cells/time.ts';
import type { SourceTable } from '../tables/table.ts';

/** Cells of one column in the sample. */
export function valuesOf(table: SourceTable, column: string): readonly string[] {
  const position = table.columns.indexOf(column);
  return table.sample.map((row) => row[position] ?? '');
}

/** The same as numbers, empty cells left out; NaN for what is none. */
export function numbersOf(table: SourceTable, column: string): readonly number[] {
  return valuesOf(table, column)
    .filter((cell) => cell.trim() !== '')
    .map((cell) => parseNumber(cell, '.'));
}

/** Oldest and newest moment at which a log is likely: 1990 and 2100, in seconds. */
const OLDEST = 631_152_000;
const NEWEST = 4_102_444_800;
const UNITS: Readonly<Partial<Record<TimeFormat, number>>> = { 'unix-s': 1, 'unix-ms': 1e3, 'unix-us': 1e6 };

/** True where the cells are times; counts must be moments at which logs are written, since any number is a count. */
export function isTime(cells: readonly string[], wanted: TimeFormat | null): boolean {
  const filled = cells.filter((cell) => cell.trim() !== '');
  const format = timeFormatOf(filled);
  if (filled.length === 0 || format === null || (wanted !== null && wanted !== format)) return false;
  const unit = UNITS[format];
  if (unit === undefined) return format !== 'text' || filled.every((cell) => /\d{4}/u.test(cell));
  return filled.every((cell) => Number(cell) / unit >= OLDEST && Number(cell) / unit <= NEWEST);
}
