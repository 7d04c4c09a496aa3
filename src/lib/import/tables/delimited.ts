import { TextStream } from '../bytes/decode.ts';
import type { PlainFile } from '../bytes/unpack.ts';
import { restoreFormula } from '../cells/formula.ts';
import { fileError, shorten } from '../errors.ts';
import { MAX_COLUMNS, MAX_ROW_LENGTH, SAMPLE_ROWS } from '../limits.ts';
import {
  DELIMITERS,
  dialectOf,
  isBlank,
  parserOf,
  parseText,
  withoutReturn,
  type Dialect,
} from './dialect.ts';
import { headerOf } from './header.ts';
import { columnNumber, type OnRow, type ReadContext, type SourceTable } from './table.ts';

/** Opens a delimited table by a sample of its text; null where the sample is none. `whole`: the sample is all of it. */
export function openDelimited(
  file: PlainFile,
  sample: string,
  whole: boolean,
  encoding: string,
): SourceTable | null {
  const dialect = dialectOf(sample, whole);
  if (dialect === null) return null;
  const [first = [], ...rest] = parseText(sample, dialect, whole).slice(0, SAMPLE_ROWS + 1);
  const header = headerOf(first, rest);
  const columns = header ?? first.map((_, position) => columnNumber(position));
  if (columns.length > MAX_COLUMNS) {
    throw fileError(
      file.name,
      `has ${columns.length} columns; at most ${MAX_COLUMNS} are read`,
      'Leave out some.',
    );
  }
  let found = encoding;
  return {
    name: file.name,
    format: 'delimited',
    delimiter: dialect.delimiter,
    header: header !== null,
    columns,
    sample: (header === null ? [first, ...rest] : rest).filter(({ length }) => length === columns.length),
    bytes: file.packedBytes,
    encoding: () => found,
    async read(onRow, context) {
      found = await readDelimited(
        file,
        dialect,
        { width: columns.length, header: header !== null },
        onRow,
        context,
      );
    },
  };
}

/** Reads all rows and returns the encoding. */
async function readDelimited(
  file: PlainFile,
  dialect: Dialect,
  { width, header }: { readonly width: number; readonly header: boolean },
  onRow: OnRow,
  context: ReadContext,
): Promise<string> {
  const stream = new TextStream();
  const parser = parserOf(dialect);
  const cutReturns = dialect.newline === '\n';
  let rest = '';
  let line = 1;
  let skip = header;
  const feed = (text: string, last: boolean): void => {
    const { data, errors, cursor } = parser.parse(text, !last);
    const bad = new Map(errors.map(({ code, row }) => [row, code]));
    // only a quoted cell holds a line end, and only texts with quotes have quoted cells
    const mayHoldLines = dialect.quotes && text.includes('"');
    const mayBeEscaped = text.includes("'");
    for (let index = 0; index < data.length; index++) {
      const row = data[index] ?? [];
      const at = line;
      line += 1 + (mayHoldLines ? lineEnds(row, dialect.newline) : 0);
      if (cutReturns) withoutReturn(row);
      if (isBlank(row)) continue;
      if (mayBeEscaped)
        for (let cell = 0; cell < row.length; cell++) row[cell] = restoreFormula(row[cell] ?? '');
      if (skip) {
        skip = false;
        continue;
      }
      const code = bad.get(index);
      if (code !== undefined) context.onProblem(quotesProblem(at, row));
      else if (row.length !== width) context.onProblem(widthProblem(at, row, dialect.delimiter, width));
      else onRow(row, at);
    }
    rest = last ? '' : text.slice(cursor);
  };
  for await (const chunk of stream.decode(file.chunks(context.signal, context.onPacked))) {
    feed(rest + chunk, false);
    if (rest.length > MAX_ROW_LENGTH) {
      throw fileError(
        file.name,
        `line ${line} is longer than ${MAX_ROW_LENGTH} characters`,
        'Close the quotation mark that opens there, or cut the line.',
      );
    }
  }
  if (rest !== '') feed(rest, true);
  if (stream.unreadable > 0) context.onProblem(encodingProblem(stream.encoding, stream.unreadable));
  return stream.encoding;
}

function lineEnds(row: readonly string[], newline: string): number {
  let count = 0;
  for (const cell of row) {
    for (let at = cell.indexOf(newline); at !== -1; at = cell.indexOf(newline, at + 1)) count += 1;
  }
  return count;
}

function quotesProblem(line: number, row: readonly string[]) {
  const value = shorten(row.find((cell) => cell.includes('"')) ?? row.join(' '));
  const remedy = 'Close the quotation mark; write one inside of a cell twice ("").';
  return { line, column: '', value, reason: 'quotes', remedy } as const;
}

function widthProblem(line: number, row: readonly string[], delimiter: string, width: number) {
  const text = row.join(delimiter);
  const other = DELIMITERS.find((sign) => sign !== delimiter && text.split(sign).length === width);
  const remedy =
    other === undefined
      ? `Give ${width} cells in every line, as the first has; this one has ${row.length}.`
      : `Mixed separators: the first line uses ${nameOf(delimiter)}, this one ${nameOf(other)}. Use one.`;
  return { line, column: '', value: shorten(text), reason: 'cells', remedy } as const;
}

function nameOf(delimiter: string): string {
  return delimiter === '\t' ? 'a tab' : JSON.stringify(delimiter);
}

/** Bytes that are no characters cost no row: they are counted and shown as U+FFFD. */
export function encodingProblem(encoding: string, count: number) {
  const remedy = `Save the file as UTF-8; it was read as ${encoding}.`;
  return {
    line: 0,
    column: '',
    value: `${count} unreadable characters`,
    reason: 'encoding',
    remedy,
  } as const;
}
