import { isKnownColumn } from '../recognise/column-names.ts';
import { columnNumber } from './table.ts';

/** Of the rows below, how many cells of a column must be numbers for a word above them to be its name. */
const NUMBERS = 0.8;

/**
 * The names of the columns where the first row is a header: no number in it, and a name that is known, or a word above a
 * column of numbers. Else null. Names that come twice get their position; a column without a name is called by it.
 */
export function headerOf(
  first: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] | null {
  if (first.some(isNumeric) || first.every((cell) => cell.trim() === '')) return null;
  const isHeader =
    first.some(isKnownColumn) ||
    first.some((_, position) => {
      const cells = rows.map((row) => row[position] ?? '').filter((cell) => cell !== '');
      return cells.length > 0 && cells.filter(isNumeric).length >= NUMBERS * cells.length;
    });
  return isHeader ? distinct(first.map((cell) => cell.trim())) : null;
}

/** Column names, each once. */
export function distinct(names: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return names.map((name, position) => {
    let unique = name === '' ? columnNumber(position) : name;
    if (seen.has(unique)) unique = `${unique} (${columnNumber(position)})`;
    seen.add(unique);
    return unique;
  });
}

function isNumeric(cell: string): boolean {
  return /^\s*[-+]?(?:\d+(?:[.,]\d+)?|[.,]\d+)\s*$/u.test(cell);
}
