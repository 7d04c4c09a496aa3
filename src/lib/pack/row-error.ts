import { AppError } from '../errors.ts';

/** Longest part of an offending value that an error repeats. */
const SHOWN_VALUE_LENGTH = 80;

/**
 * A row that breaks the format: names file, row (1-based, as a spreadsheet without its header counts), column
 * and value, and says what to do.
 */
export function rowError(
  file: string,
  row: number,
  column: string,
  value: unknown,
  remedy: string,
): AppError {
  const shown = show(value);
  return new AppError(
    'pack-row-invalid',
    `${file}, row ${row + 1}, column ${column}: ${shown} is not valid.`,
    {
      values: { file, row: row + 1, column, value: shown },
      remedy,
    },
  );
}

/** A file that is no readable table of the format. */
export function fileError(file: string, reason: string, remedy: string, cause?: unknown): AppError {
  return new AppError('pack-file-invalid', `${file}: ${reason}`, { values: { file, reason }, remedy, cause });
}

function show(value: unknown): string {
  const text =
    typeof value === 'string' ? JSON.stringify(value.slice(0, SHOWN_VALUE_LENGTH)) : describe(value);
  return text.length > SHOWN_VALUE_LENGTH ? `${text.slice(0, SHOWN_VALUE_LENGTH - 1)}…` : text;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'a bad date' : value.toISOString();
  return typeof value;
}
