import { ByteWriter, ParquetWriter, schemaFromColumnData, type ColumnSource } from 'hyparquet-writer';

/** Rows per Parquet row group: large enough that columns compress well, small enough to decode in one go. */
const ROW_GROUP_ROWS = 1_000_000;

/** Columns of the rows from `begin` to before `end`. */
export type ColumnsOf = (begin: number, end: number) => ColumnSource[];

/**
 * A table of `rows` rows as a Parquet file. The same columns give the same bytes: nothing in them tells time or machine.
 * A row group after the other: the cells of a whole large table would take more memory than its columns.
 */
export async function tableBytes(columns: ColumnsOf, rows: number): Promise<Uint8Array<ArrayBuffer>> {
  const writer = new ByteWriter();
  const schema = schemaFromColumnData({ columnData: columns(0, 0) });
  const parquet = new ParquetWriter({ writer, schema, statistics: false, createdBy: 'fairshelf' });
  for (let begin = 0; begin < rows; begin += ROW_GROUP_ROWS) {
    const part = columns(begin, Math.min(begin + ROW_GROUP_ROWS, rows));
    await parquet.write({
      columnData: part.map((column) => ({ offsetIndex: false, ...column })),
      rowGroupSize: ROW_GROUP_ROWS,
    });
  }
  await parquet.finish();
  return new Uint8Array(writer.getBuffer());
}
