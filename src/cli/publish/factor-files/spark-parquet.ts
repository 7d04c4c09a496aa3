import { parquetReadObjects, type AsyncBuffer } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { factorError, tableOf, type FactorTable } from './factor-table.ts';

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
      read = await parquetReadObjects({ file: buffer, compressors });
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
