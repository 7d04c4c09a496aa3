import { ByteWriter, parquetWrite, type ColumnSource } from 'hyparquet-writer';

/** Rows per Parquet row group: large enough that columns compress well, small enough to decode in one go. */
const ROW_GROUP_ROWS = 1_000_000;

/** Columns as a Parquet file. The same columns give the same bytes: nothing in them tells time or machine. */
export async function tableBytes(columnData: readonly ColumnSource[]): Promise<Uint8Array<ArrayBuffer>> {
  const writer = new ByteWriter();
  await parquetWrite({
    writer,
    columnData: columnData.map((column) => ({ statistics: false, offsetIndex: false, ...column })),
    rowGroupSize: ROW_GROUP_ROWS,
    createdBy: 'fairshelf',
  });
  return new Uint8Array(writer.getBuffer());
}
