import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import Papa from 'papaparse';
import { AppError } from '../lib/errors.ts';

/** A cap on what a gzipped file may unpack to: a small file can claim any size. */
const MAX_TEXT_BYTES = 512 * 1024 * 1024;

/** One row of a CSV with a header: cells by column name, and where it stands for error messages. */
export interface CsvRow<Column extends string> {
  readonly cells: Readonly<Record<Column, string>>;
  /** 1-based, not counting the header. */
  readonly row: number;
}

/**
 * Reads a CSV file with a header (UTF-8; gzipped where its name ends in .gz) row by row. Throws `import-invalid`
 * where the file cannot be read, lacks one of `columns`, or a row has another number of cells than the header.
 */
export function readCsv<Column extends string>(
  path: string,
  columns: readonly Column[],
  onRow: (row: CsvRow<Column>) => void,
): void {
  let positions: Record<Column, number> | null = null;
  let width = 0;
  let row = 0;
  Papa.parse<string[]>(readText(path), {
    skipEmptyLines: 'greedy',
    step({ data, errors }) {
      const [error] = errors;
      if (error !== undefined && error.type === 'Quotes') {
        throw csvError(path, row + 1, '', error.message, 'Close the quotation mark.');
      }
      if (positions === null) {
        positions = readHeader(path, data, columns);
        width = data.length;
        return;
      }
      row += 1;
      if (data.length !== width) {
        throw csvError(path, row, '', `${data.length} cells`, `Give ${width} cells, as the header has.`);
      }
      const cells = {} as Record<Column, string>;
      for (const column of columns) cells[column] = data[positions[column]] ?? '';
      onRow({ cells, row });
    },
  });
  if (row === 0)
    throw csvError(path, 0, '', 'no rows', 'Give a CSV file with a header and at least one row.');
}

/** A cell that breaks the source's format. */
export function csvError(file: string, row: number, column: string, value: string, remedy: string): AppError {
  const shown = value.length > 80 ? `${value.slice(0, 79)}…` : value;
  const where = row === 0 ? file : `${file}, row ${row}${column === '' ? '' : `, column ${column}`}`;
  return new AppError('import-invalid', `${where}: ${JSON.stringify(shown)} is not valid.`, {
    values: { file, row, column, value: shown },
    remedy,
  });
}

function readHeader<Column extends string>(
  path: string,
  header: readonly string[],
  columns: readonly Column[],
): Record<Column, number> {
  const positions = {} as Record<Column, number>;
  for (const column of columns) {
    positions[column] = header.indexOf(column);
    if (positions[column] < 0) {
      throw csvError(path, 0, column, header.join(','), `Name the column ${column} in the header.`);
    }
  }
  return positions;
}

function readText(path: string): string {
  try {
    const bytes = readFileSync(path);
    const plain = path.endsWith('.gz') ? gunzipSync(bytes, { maxOutputLength: MAX_TEXT_BYTES }) : bytes;
    return new TextDecoder('utf-8', { fatal: true }).decode(plain);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('import-invalid', `${path} cannot be read: ${reason}`, {
      values: { file: path, reason },
      remedy: 'Give a readable CSV file in UTF-8, plain or gzipped.',
      cause,
    });
  }
}
