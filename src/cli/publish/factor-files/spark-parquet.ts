import { parquetMetadataAsync, parquetReadObjects, type AsyncBuffer, type FileMetaData } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { MAX_ROWS } from '../../../lib/pack/limits.ts';
import { checkPages } from '../../../lib/pack/pages.ts';
import { factorError, tableOf, type FactorTable } from './factor-table.ts';

/** Of one column chunk unpacked, and of its values: a million items with the most factors that a pack takes are half of it. */
const MAX_CHUNK_BYTES = 4 * 2 ** 30;
const MAX_CHUNK_VALUES = 2 ** 30;

/**
 * The item factors of Spark MLlib's ALS (`model.itemFactors.write.parquet`): columns `id` and `features`, a list of
 * floats. Several part files are one table. Throws `import-invalid`.
 */
export async function readSparkParquet(
  file: string,
  parts: readonly Uint8Array<ArrayBuffer>[],
): Promise<FactorTable> {
  const rows: { id: string; values: ArrayLike<number> }[] = [];
  for (const part of parts) {
    const buffer: AsyncBuffer = {
      byteLength: part.length,
      slice: (begin, end) => part.slice(begin, end).buffer,
    };
    let read: Record<string, unknown>[];
    try {
      const metadata = await parquetMetadataAsync(buffer);
      checkSizes(part, metadata);
      read = await parquetReadObjects({ file: buffer, metadata, compressors });
    } catch (error) {
      throw factorError(file, 'is no Parquet that can be read', error);
    }
    for (const { id, features } of read) {
      const numbers = ArrayBuffer.isView(features) ? Array.from(features as Float32Array) : features;
      const isId = typeof id === 'number' || typeof id === 'bigint' || typeof id === 'string';
      if (!isId || !Array.isArray(numbers) || !numbers.every((value) => typeof value === 'number')) {
        throw factorError(
          file,
          `has no columns id and features (a list of numbers) in row ${rows.length + 1}`,
        );
      }
      rows.push({ id: String(id), values: numbers });
    }
  }
  return tableOf(file, rows);
}

/** Before anything is decoded: the decoder believes the footer and the pages. Throws Error with the reason. */
function checkSizes(
  bytes: Uint8Array<ArrayBuffer>,
  { num_rows: rows, row_groups: groups }: FileMetaData,
): void {
  const counted = groups.reduce((sum, group) => sum + group.num_rows, 0n);
  const negative = groups.some((group) => group.num_rows < 0n);
  if (negative || counted !== rows || rows > BigInt(MAX_ROWS.items)) {
    throw new Error(`the file says ${rows} rows, its row groups ${counted}`);
  }
  for (const { columns } of groups) {
    for (const { meta_data: chunk } of columns) {
      if (chunk === undefined) throw new Error('a column chunk has no metadata');
      const values = Number(chunk.num_values);
      if (Number(chunk.total_uncompressed_size) > MAX_CHUNK_BYTES || values > MAX_CHUNK_VALUES) {
        throw new Error('a column unpacks to more than is read');
      }
      checkPages(bytes, chunk, values);
    }
  }
}
