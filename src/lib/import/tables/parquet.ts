import {
  parquetMetadataAsync,
  parquetScan,
  parquetSchema,
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  type ParquetRowRange,
} from 'hyparquet';
import { checkPages } from '../../pack/pages.ts';
import type { PlainFile } from '../bytes/unpack.ts';
import { fileError, throwIfStopped } from '../errors.ts';
import { MAX_COLUMNS, MAX_EVENTS, MAX_ROW_GROUP_ROWS, SAMPLE_ROWS } from '../limits.ts';
import type { ByteSource } from '../types.ts';
import { cellOf } from './cell.ts';
import type { OnRow, ReadContext, SourceTable } from './table.ts';

const MAGIC = [0x50, 0x41, 0x52, 0x31];
/** Of one column chunk unpacked. */
const MAX_CHUNK_BYTES = 1024 * 1024 * 1024;

export function isParquet(head: Uint8Array): boolean {
  return MAGIC.every((byte, position) => head[position] === byte);
}

/** Opens a Parquet file by its footer, whatever wrote it: nested lists become one cell. Throws `import-invalid`. */
export async function openParquet(file: PlainFile, signal: AbortSignal | undefined): Promise<SourceTable> {
  const bytes = await file.random(signal);
  const source = bufferOf(bytes);
  // all of it may be anything: a field of a broken footer has any type
  const { metadata, columns, scan } = await readable(file.name, async () => {
    const footer = await parquetMetadataAsync(source);
    const names = parquetSchema(footer).children.map(({ element }) => element.name);
    checkFooter(file.name, footer, names.length);
    const compressors = await compressorsOf(footer);
    const opened = await parquetScan({ file: source, metadata: footer, useOffsetIndex: false, compressors });
    return { metadata: footer, columns: names, scan: opened };
  });
  const columnsOf: ColumnsOf = (names, rows) =>
    readable(file.name, async () => {
      await checkChunks(bytes, metadata, names, rows);
      return Promise.all(names.map((column) => scan.readColumn({ column, ...rows })));
    });
  const [first] = scan.ranges;
  const sampled = first === undefined ? 0 : Math.min(SAMPLE_ROWS, first.rowEnd - first.rowStart);
  const sample = first === undefined ? [] : await columnsOf(columns, { rowStart: 0, rowEnd: sampled });
  return {
    name: file.name,
    format: 'parquet',
    delimiter: '',
    header: true,
    columns,
    sample: Array.from({ length: sampled }, (_, row) => sample.map((values) => cellOf(values[row]))),
    bytes: file.packedBytes,
    encoding: () => '',
    async read(onRow, context) {
      for (const range of scan.ranges) {
        throwIfStopped(context.signal);
        await readRange(columns, range, columnsOf, onRow, context);
        context.onPacked(Math.floor(file.packedBytes / scan.ranges.length));
      }
    },
  };
}

type ColumnsOf = (names: readonly string[], rows: ParquetRowRange) => Promise<readonly ArrayLike<unknown>[]>;

async function readRange(
  columns: readonly string[],
  range: ParquetRowRange,
  columnsOf: ColumnsOf,
  onRow: OnRow,
  context: ReadContext,
): Promise<void> {
  const wanted = columns.filter((name) => context.wanted.has(name));
  const values = await columnsOf(wanted, range);
  const positions = wanted.map((name) => columns.indexOf(name));
  const cells = columns.map(() => '');
  for (let row = 0; row < range.rowEnd - range.rowStart; row++) {
    for (let at = 0; at < values.length; at++) cells[positions[at] ?? 0] = cellOf(values[at]?.[row]);
    onRow(cells, range.rowStart + row + 1);
  }
}

function checkFooter(file: string, metadata: FileMetaData, columns: number): void {
  if (metadata.num_rows < 0n || metadata.num_rows > BigInt(MAX_EVENTS)) {
    throw fileError(file, `has ${metadata.num_rows} rows; at most ${MAX_EVENTS} are read`, 'Split it.');
  }
  if (columns > MAX_COLUMNS) {
    throw fileError(file, `has ${columns} columns; at most ${MAX_COLUMNS} are read`, 'Leave out some.');
  }
  const counted = metadata.row_groups.reduce((sum, group) => sum + group.num_rows, 0n);
  if (counted !== metadata.num_rows || metadata.row_groups.some(({ num_rows: rows }) => rows < 0n)) {
    throw fileError(file, 'its row groups have another number of rows than the file', 'Write it again.');
  }
  const largest = metadata.row_groups.find(({ num_rows: rows }) => rows > BigInt(MAX_ROW_GROUP_ROWS));
  if (largest !== undefined) {
    throw fileError(
      file,
      `has a row group of ${largest.num_rows} rows; at most ${MAX_ROW_GROUP_ROWS} are read at once`,
      'Write it with smaller row groups.',
    );
  }
}

/** Looks at the page headers of the wanted columns before anything is decoded: the decoder believes them. */
async function checkChunks(
  bytes: ByteSource,
  metadata: FileMetaData,
  names: readonly string[],
  { rowStart, rowEnd }: ParquetRowRange,
): Promise<void> {
  let first = 0;
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    const isRead = first < rowEnd && first + rows > rowStart;
    first += rows;
    if (!isRead) continue;
    for (const { meta_data: chunk } of group.columns) {
      if (chunk === undefined) throw new Error('a column chunk has no metadata');
      if (!names.includes(chunk.path_in_schema[0] ?? '')) continue;
      const values = Number(chunk.num_values);
      if (Number(chunk.total_uncompressed_size) > MAX_CHUNK_BYTES || values > MAX_EVENTS) {
        throw new Error(`column "${chunk.path_in_schema.join('.')}" unpacks to more than is read at once`);
      }
      const { data_page_offset: data, dictionary_page_offset: dictionary } = chunk;
      const start = dictionary === undefined || dictionary <= 0n || dictionary > data ? data : dictionary;
      const part = await bytes.slice(Number(start), Number(start + chunk.total_compressed_size));
      const moved = { ...chunk, data_page_offset: 0n };
      delete moved.dictionary_page_offset;
      checkPages(part, moved, values);
    }
  }
}

/** Snappy comes with the reader; the others (73 KiB) only when a file needs them. */
async function compressorsOf(metadata: FileMetaData): Promise<Compressors> {
  const codecs = new Set(
    metadata.row_groups.flatMap(({ columns }) =>
      columns.map((column) => column.meta_data?.codec ?? 'UNCOMPRESSED'),
    ),
  );
  if ([...codecs].every((codec) => codec === 'UNCOMPRESSED' || codec === 'SNAPPY')) return {};
  return (await import('hyparquet-compressors')).compressors;
}

function bufferOf(bytes: ByteSource): AsyncBuffer {
  return {
    byteLength: bytes.size,
    slice: async (start, end) => {
      const part = await bytes.slice(start, end ?? bytes.size);
      return part.buffer.slice(part.byteOffset, part.byteOffset + part.byteLength);
    },
  };
}

async function readable<Result>(file: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error && error.name === 'AppError') throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw fileError(file, `cannot be read as Parquet (${reason})`, 'Write it again.', error);
  }
}
