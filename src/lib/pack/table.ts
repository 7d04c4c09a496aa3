import {
  parquetMetadataAsync,
  parquetSchema,
  parquetScan,
  type FileMetaData,
  type ParquetScan,
} from 'hyparquet';
import { checkPages } from './pages.ts';
import { fileError } from './row-error.ts';
import { MAX_DECODED_BYTES } from './limits.ts';

/** One column's values in row order; a cell without a value is null or undefined. */
export type Column = ArrayLike<unknown>;

const CODECS: readonly string[] = ['UNCOMPRESSED', 'SNAPPY'];
const decoder = new TextDecoder();

/** Reads the columns of one Parquet file that is whole in memory. Nothing in its cells is trusted. */
export class Table {
  readonly file: string;
  readonly rows: number;
  readonly #names: ReadonlySet<string>;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #scan: ParquetScan;

  private constructor(
    file: string,
    bytes: Uint8Array<ArrayBuffer>,
    names: ReadonlySet<string>,
    scan: ParquetScan,
  ) {
    this.file = file;
    this.rows = Number(scan.metadata.num_rows);
    this.#bytes = bytes;
    this.#names = names;
    this.#scan = scan;
  }

  /**
   * Opens a file by its footer. Throws `pack-file-invalid` where it is no Parquet, has more rows than `maxRows`,
   * is packed with a codec other than Snappy, or says that it unpacks to more than `MAX_DECODED_BYTES`.
   */
  static async open(file: string, bytes: Uint8Array<ArrayBuffer>, maxRows: number): Promise<Table> {
    const source = {
      byteLength: bytes.byteLength,
      slice: (start: number, end?: number): ArrayBuffer => bytes.slice(start, end).buffer,
    };
    try {
      const metadata = await parquetMetadataAsync(source);
      checkFooter(file, metadata, maxRows);
      const scan = await parquetScan({
        file: source,
        metadata,
        useOffsetIndex: false,
        // JSON columns stay text: they are parsed with their own checks.
        parsers: { jsonFromBytes: decodeText, stringFromBytes: decodeText },
      });
      const names = new Set(parquetSchema(metadata).children.map((child) => child.element.name));
      return new Table(file, bytes, names, scan);
    } catch (error) {
      throw this.#unreadable(file, error);
    }
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  /** A column that must be there. Throws `pack-file-invalid` where it is missing or cannot be decoded. */
  async column(name: string): Promise<Column> {
    if (!this.#names.has(name)) {
      throw fileError(
        this.file,
        `has no column "${name}"`,
        `Add the column "${name}" (docs/pack-format.md).`,
      );
    }
    try {
      this.#checkPages(name);
      const parts = await Promise.all(
        this.#scan.ranges.map((range) => this.#scan.readColumn({ column: name, ...range })),
      );
      const [first] = parts;
      const values =
        parts.length === 1 && first !== undefined
          ? first
          : parts.flatMap((part) => Array.from<unknown>(part));
      if (values.length !== this.rows) {
        throw new Error(`column "${name}" has ${values.length} values for ${this.rows} rows`);
      }
      return values;
    } catch (error) {
      throw Table.#unreadable(this.file, error);
    }
  }

  /** A column that may be missing: null then. */
  optional(name: string): Promise<Column | null> {
    return this.#names.has(name) ? this.column(name) : Promise.resolve(null);
  }

  #checkPages(name: string): void {
    for (const group of this.#scan.metadata.row_groups) {
      const chunks = group.columns.flatMap(({ meta_data: chunk }) =>
        chunk?.path_in_schema[0] === name ? [chunk] : [],
      );
      const [chunk] = chunks;
      if (chunk === undefined || chunks.length > 1 || chunk.path_in_schema.length > 1) {
        throw new Error(`column "${name}" is not one plain value a row`);
      }
      checkPages(this.#bytes, chunk, Number(group.num_rows));
    }
  }

  static #unreadable(file: string, error: unknown): Error {
    if (error instanceof Error && error.name === 'AppError') return error;
    const reason = error instanceof Error ? error.message : String(error);
    return fileError(
      file,
      `cannot be read as Parquet (${reason})`,
      'Write the file again, for example with pandas: to_parquet(path, compression="snappy").',
      error,
    );
  }
}

/**
 * Refuses a file by its footer, before anything of it is unpacked. Throws `pack-file-invalid` for more rows than
 * `maxRows`, another codec than Snappy or none, or more unpacked bytes than `MAX_DECODED_BYTES`.
 */
export function checkFooter(file: string, metadata: FileMetaData, maxRows: number): void {
  if (metadata.num_rows < 0n || metadata.num_rows > BigInt(maxRows)) {
    throw fileError(file, `has ${metadata.num_rows} rows; at most ${maxRows} are read`, 'Split the pack.');
  }
  let decodedBytes = 0n;
  for (const group of metadata.row_groups) {
    for (const { meta_data: chunk } of group.columns) {
      if (chunk === undefined) throw new Error('a column chunk has no metadata');
      if (!CODECS.includes(chunk.codec)) {
        throw fileError(
          file,
          `is compressed with ${chunk.codec}, which is not read`,
          'Write it with Snappy, for example with pandas: to_parquet(path, compression="snappy").',
        );
      }
      decodedBytes += chunk.total_uncompressed_size;
    }
  }
  if (decodedBytes > BigInt(MAX_DECODED_BYTES)) {
    throw fileError(
      file,
      `unpacks to ${decodedBytes} bytes; at most ${MAX_DECODED_BYTES} are read`,
      'Split it.',
    );
  }
}

function decodeText(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : decoder.decode(bytes);
}
