import { TextStream } from '../bytes/decode.ts';
import type { PlainFile } from '../bytes/unpack.ts';
import { fileError, shorten } from '../errors.ts';
import { MAX_COLUMNS, MAX_ROW_LENGTH, SAMPLE_ROWS } from '../limits.ts';
import { cellNames, cellReader, isRecord } from './cell.ts';
import { encodingProblem } from './delimited.ts';
import { JsonRecords, MAX_DEPTH, type OnRecord } from './json-records.ts';
import type { OnRow, ReadContext, SourceTable } from './table.ts';

/**
 * Opens JSON records: a line a record (JSON lines), or a document with a list of them. Null where the sample is neither.
 * The columns are the keys that the sample's records have, `key.inner` for objects in them.
 */
export function openJson(file: PlainFile, sample: string, whole: boolean): SourceTable | null {
  const start = sample.trimStart();
  if (!start.startsWith('{') && !start.startsWith('[')) return null;
  const isLines = start.startsWith('{') && beginsWithRecord(start);
  const records: object[] = [];
  const keep: OnRecord = (text) => {
    const record = text === null ? null : parse(text);
    if (isRecord(record) && records.length < SAMPLE_ROWS) records.push(record);
  };
  if (isLines) eachLine(whole ? sample : sample.slice(0, sample.lastIndexOf('\n') + 1), 1, keep);
  else new JsonRecords(keep).push(sample);
  const columns = [...new Set(records.flatMap(cellNames))];
  if (columns.length === 0) return null;
  if (columns.length > MAX_COLUMNS) {
    throw fileError(
      file.name,
      `has ${columns.length} keys; at most ${MAX_COLUMNS} are read`,
      'Leave out some.',
    );
  }
  const readers = columns.map(cellReader);
  let encoding = 'utf-8';
  return {
    name: file.name,
    format: isLines ? 'json-lines' : 'json',
    delimiter: '',
    header: true,
    columns,
    sample: records.map((record) => readers.map((reader) => reader(record))),
    bytes: file.packedBytes,
    encoding: () => encoding,
    async read(onRow, context) {
      encoding = await readJson(file, isLines, columns, onRow, context);
    },
  };
}

/** True where the first line is a record; one line that holds a list of records is a document. */
function beginsWithRecord(text: string): boolean {
  const newline = text.trimEnd().indexOf('\n');
  const first = parse(newline === -1 ? text : text.slice(0, newline));
  if (!isRecord(first)) return false;
  return (
    newline !== -1 || !Object.values(first).some((value) => Array.isArray(value) && value.some(isRecord))
  );
}

async function readJson(
  file: PlainFile,
  isLines: boolean,
  columns: readonly string[],
  onRow: OnRow,
  context: ReadContext,
): Promise<string> {
  const stream = new TextStream();
  const readers = columns.map((name) => (context.wanted.has(name) ? cellReader(name) : nothing));
  const onRecord: OnRecord = (text, line) => {
    const record = text === null ? undefined : parse(text);
    if (isRecord(record))
      onRow(
        readers.map((reader) => reader(record)),
        line,
      );
    else context.onProblem(recordProblem(line, text));
  };
  if (isLines) {
    let rest = '';
    let line = 1;
    for await (const chunk of stream.decode(file.chunks(context.signal, context.onPacked))) {
      const text = rest + chunk;
      const end = text.lastIndexOf('\n') + 1;
      line += eachLine(text.slice(0, end), line, onRecord);
      rest = text.slice(end);
      if (rest.length > MAX_ROW_LENGTH) {
        throw fileError(
          file.name,
          `line ${line} is longer than ${MAX_ROW_LENGTH} characters`,
          'Cut the line.',
        );
      }
    }
    eachLine(rest, line, onRecord);
  } else {
    const records = new JsonRecords(onRecord);
    for await (const chunk of stream.decode(file.chunks(context.signal, context.onPacked)))
      records.push(chunk);
    if (records.open)
      throw fileError(file.name, 'ends in the middle of its JSON', 'Download or copy it again.');
    if (records.stray) {
      const remedy = 'Give a list of objects, without anything between them.';
      context.onProblem({ line: 0, column: '', value: 'values that are no objects', reason: 'json', remedy });
    }
  }
  if (stream.unreadable > 0) context.onProblem(encodingProblem(stream.encoding, stream.unreadable));
  return stream.encoding;
}

/** Calls `onRecord` for each line that is not blank and returns the number of line ends. */
function eachLine(text: string, firstLine: number, onRecord: OnRecord): number {
  let line = firstLine;
  for (let start = 0; start < text.length;) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    const content = text.slice(start, end).trim();
    if (content !== '') onRecord(content, line);
    if (found !== -1) line += 1;
    start = end + 1;
  }
  return line - firstLine;
}

function recordProblem(line: number, text: string | null) {
  const remedy = `Write every record as one JSON object of at most ${MAX_DEPTH} levels and ${MAX_ROW_LENGTH} characters.`;
  return { line, column: '', value: shorten(text ?? '…'), reason: 'json', remedy } as const;
}

function nothing(): string {
  return '';
}

/** Undefined, which no record is, where the text is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
