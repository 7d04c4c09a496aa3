import { escapeFormula } from '../import/cells/formula.ts';

/** A cell of an exported table. Null, undefined and numbers that are not finite become empty cells. */
export type Cell = string | number | null | undefined;

/** A table with a header; every row has as many cells as there are columns. */
export interface DataTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Without it Excel takes a CSV for the system's old encoding and shows 咖啡 as å’–å•¡; readers of UTF-8 skip it. */
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * A table as comma-separated values (RFC 4180: CRLF, quotes doubled) in UTF-8 with a byte order mark. Texts that a
 * spreadsheet would run get an apostrophe (`escapeFormula`), which an import takes off again; numbers are written as they
 * are, with a point, in full precision.
 */
export function csvText({ columns, rows }: DataTable): string {
  return `${BYTE_ORDER_MARK}${csvLine(columns)}${rows.map(csvLine).join('')}`;
}

function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: Cell): string {
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const text = escapeFormula(cell ?? '');
  // outer blanks are quoted too: some readers trim bare cells
  return /^\s|[",\r\n\uFEFF]|\s$/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
