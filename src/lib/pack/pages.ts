import type { ColumnMetaData } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';

/**
 * Walks the page headers of one flat column chunk before anything is decoded: the decoder believes them, so a
 * header that promises two billion values would keep it busy for minutes. Throws Error (with the reason) where
 * pages leave the file, promise more values than the row group has rows, or unpack to more than the chunk says.
 */
export function checkPages(bytes: Uint8Array<ArrayBuffer>, chunk: ColumnMetaData, rows: number): void {
  const {
    data_page_offset: data,
    dictionary_page_offset: dictionary,
    total_uncompressed_size: unpacked,
  } = chunk;
  const start = Number(dictionary === undefined || dictionary <= 0n || dictionary > data ? data : dictionary);
  const end = start + Number(chunk.total_compressed_size);
  if (start < 0 || end > bytes.byteLength || end <= start)
    throw new Error('a column lies outside of the file');
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset + start, end - start), offset: 0 };
  let values = 0;
  let unpackedBytes = 0;
  while (reader.offset < reader.view.byteLength) {
    const page = readHeader(reader);
    reader.offset += page.compressedBytes;
    unpackedBytes += page.unpackedBytes;
    if (page.isDictionary ? page.values > page.unpackedBytes : (values += page.values) > rows) {
      throw new Error('a page promises more values than there are');
    }
    if (reader.offset > reader.view.byteLength || unpackedBytes > Number(unpacked)) {
      throw new Error('a page is larger than its column');
    }
  }
  if (values !== rows) throw new Error(`a column has ${values} values for ${rows} rows`);
}

interface Page {
  readonly isDictionary: boolean;
  readonly values: number;
  readonly compressedBytes: number;
  readonly unpackedBytes: number;
}

function readHeader(reader: { view: DataView; offset: number }): Page {
  const header = parquetHeader(reader);
  const isDictionary = header.type === 'DICTIONARY_PAGE';
  const values = isDictionary
    ? header.dictionary_page_header?.num_values
    : header.type === 'DATA_PAGE_V2'
      ? header.data_page_header_v2?.num_values
      : header.data_page_header?.num_values;
  return {
    isDictionary,
    values: size(values),
    compressedBytes: size(header.compressed_page_size),
    unpackedBytes: size(header.uncompressed_page_size),
  };
}

/** A size out of a header: the Thrift reader gives whatever stands there, of any type. */
function size(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw new Error('a page header is broken');
}
