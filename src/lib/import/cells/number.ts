import type { Decimal } from '../types.ts';

/** What stands around amounts: currency signs and codes, blanks of every width, percent signs. */
const AROUND = /^(?:[A-Z]{3}|[\p{Sc}\s\u00A0])+|(?:[A-Z]{3}|[\p{Sc}\s\u00A0%])+$/gu;

/**
 * A number as people and programs write it: `1,234.50`, `1.234,50`, `1 234,5`, `£2.55`, `12,50 EUR`, `−3`. NaN for
 * everything else: an empty cell, words, hexadecimal, an infinite or overflowing value (`1e999`). -0 becomes 0.
 */
export function parseNumber(cell: string, decimal: Decimal): number {
  const number = Number(cell);
  // what JavaScript takes for a number is mostly one; its blanks, prefixes and infinities are not
  if (decimal === '.' && Number.isFinite(number)) return isPlain(cell) ? number + 0 : NaN;
  return parseWritten(cell, decimal);
}

/** Digits, a point, an exponent: `Number` also takes '' and ' ' for 0 and reads 0x10, 0b1 and 0o7. */
function isPlain(cell: string): boolean {
  const second = cell.charCodeAt(1);
  return cell.length < 3
    ? cell.trim() !== ''
    : !(second > 57 && second !== 69 && second !== 101) && cell.trim() !== '';
}

function parseWritten(cell: string, decimal: Decimal): number {
  const text = cell.trim().replaceAll(AROUND, '').replace(/^[−–]/u, '-');
  const match =
    /^(?<sign>[-+]?)[\p{Sc}]?(?<whole>\d[\d.,'’\s\u00A0]*?)(?:(?<mark>[.,])(?<part>\d+))?(?<exponent>[eE][-+]?\d{1,3})?$/u.exec(
      text,
    );
  if (match?.groups === undefined) return NaN;
  const { sign = '', whole = '', mark = '', part = '', exponent = '' } = match.groups;
  const groups = decimal === '.' ? ',' : '.';
  const isFraction = mark === decimal;
  // a mark of the other kind before exactly three digits separates thousands
  if (mark !== '' && !isFraction && part.length !== 3) return NaN;
  const written = mark === '' || isFraction ? whole : `${whole}${mark}${part}`;
  if (!isGrouped(written, groups)) return NaN;
  const digits = written.replaceAll(/\D/gu, '');
  const number = Number(`${sign}${digits}${isFraction ? `.${part}` : ''}${exponent}`);
  return Number.isFinite(number) ? number + 0 : NaN;
}

/** Digits alone, or in threes behind the first group. */
function isGrouped(written: string, groups: ',' | '.'): boolean {
  if (/^\d+$/u.test(written)) return true;
  const separator = groups === ',' ? ',' : '\\.';
  return new RegExp(`^\\d{1,3}(?:(?:${separator}|['’\\s\\u00A0])\\d{3})+$`, 'u').test(written);
}

/**
 * The decimal sign of a column's cells: a comma where some cell can only be read with one, and none only with a point.
 * Null where the cells leave it open (whole numbers) or contradict each other.
 */
export function decimalOf(cells: readonly string[]): Decimal | null {
  let point = false;
  let comma = false;
  for (const cell of cells) {
    const withPoint = !Number.isNaN(parseNumber(cell, '.'));
    const withComma = !Number.isNaN(parseNumber(cell, ','));
    if (withPoint && !withComma) point = true;
    if (withComma && !withPoint) comma = true;
    // 1.234,5 and 12,50 settle it; 1,234 reads both ways
  }
  if (point === comma) return null;
  return comma ? ',' : '.';
}
