/** Spreadsheets run a cell that begins with one of these. */
const FORMULA = /^'*[=+\-@\t\r\0]/u;

/**
 * A text as a cell of an exported table: one that a spreadsheet would run gets an apostrophe in front (OWASP, "CSV
 * injection"), and so does one that has it already. Not for numbers, which begin with - by right.
 */
export function escapeFormula(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** The text that `escapeFormula` made a cell of; any other cell is what it is. */
export function restoreFormula(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;
}
