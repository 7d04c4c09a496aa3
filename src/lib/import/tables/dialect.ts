import Papa from 'papaparse';

/** How a delimited table is cut. */
export interface Dialect {
  readonly delimiter: string;
  /** The sign that ends a line; a `\r` before `\n` is cut off row by row, so mixed line ends do no harm. */
  readonly newline: '\n' | '\r';
  /** False where `"` is a character like any other (`::` and most `|` files, many TSV files). */
  readonly quotes: boolean;
}

/** On equal marks the rarer sign in plain text wins. */
export const DELIMITERS = ['\t', '::', '|', ';', ','] as const;
const ROWS = 200;

/** The dialect in which a sample falls into most rows of one width above 1; null where it is no table. */
export function dialectOf(sample: string, whole: boolean): Dialect | null {
  const newline = sample.includes('\n') || !sample.includes('\r') ? '\n' : '\r';
  let best: { readonly dialect: Dialect; readonly share: number; readonly width: number } | null = null;
  for (const delimiter of DELIMITERS) {
    if (!sample.includes(delimiter)) continue;
    const dialect = { delimiter, newline, quotes: usesQuotes(sample, delimiter, newline) } as const;
    const { width, share } = fit(parseText(sample, dialect, whole).slice(0, ROWS));
    if (width < 2) continue;
    if (best === null || share > best.share + 0.05 || (share >= best.share - 0.05 && width > best.width)) {
      best = { dialect, share, width };
    }
  }
  return best === null || best.share < 0.5 ? null : best.dialect;
}

/** Rows of a text; without `whole`, its last one, which may go on, is left out. Blank rows are left out. */
export function parseText(text: string, dialect: Dialect, whole: boolean): readonly (readonly string[])[] {
  return parserOf(dialect)
    .parse(text, !whole)
    .data.filter((row) => !isBlank(row))
    .map((row) => withoutReturn(row));
}

interface ParsedText {
  readonly data: string[][];
  readonly errors: readonly { readonly code: string; readonly row: number }[];
  /** Characters up to the end of the last row in `data`. */
  readonly cursor: number;
}

/**
 * Papaparse's inner parser: its streaming front ends want a browser's File or a Node stream, this one takes text as it
 * comes. `fastMode` (splitting without a look at quotes) is forced only where the dialect has none; else the parser takes it
 * itself for texts in which no quote occurs.
 */
export function parserOf({ delimiter, newline, quotes }: Dialect): {
  parse(text: string, leaveLast: boolean): ParsedText;
} {
  const config = { delimiter, newline, ...(quotes ? {} : { fastMode: true }) };
  const parser = new Papa.Parser(config);
  return {
    parse(text, leaveLast) {
      const { data, errors, meta } = parser.parse(text, 0, leaveLast) as Papa.ParseResult<string[]>;
      return {
        data,
        errors: errors.map(({ code, row = 0 }) => ({ code, row })),
        cursor: meta.cursor,
      };
    },
  };
}

export function isBlank(row: readonly string[]): boolean {
  return row.length === 1 && (row[0] ?? '').trim() === '';
}

/** Cuts the `\r` of a `\r\n` off the last cell. */
export function withoutReturn(row: string[]): string[] {
  const last = row.length - 1;
  const cell = row[last];
  if (cell?.endsWith('\r') === true) row[last] = cell.slice(0, -1);
  return row;
}

/** CSV is quoted by its rules; elsewhere quotes count only where they enclose whole cells throughout the sample. */
function usesQuotes(sample: string, delimiter: string, newline: '\n' | '\r'): boolean {
  if (delimiter === ',' || delimiter === ';') return true;
  if (delimiter === '::') return false;
  let enclosed = 0;
  for (const row of sample.split(newline).slice(0, ROWS)) {
    for (const cell of row.replace(/\r$/u, '').split(delimiter)) {
      if (!cell.startsWith('"')) continue;
      if (!/^"(?:[^"]|"")*"$/u.test(cell)) return false;
      enclosed += 1;
    }
  }
  return enclosed > 0;
}

/** The most frequent width of rows, and how many have it. */
function fit(rows: readonly (readonly string[])[]): { readonly width: number; readonly share: number } {
  const counts = new Map<number, number>();
  for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1);
  let width = 0;
  let most = 0;
  for (const [candidate, count] of counts) {
    if (count > most || (count === most && candidate > width)) [width, most] = [candidate, count];
  }
  return { width, share: rows.length === 0 ? 0 : most / rows.length };
}
