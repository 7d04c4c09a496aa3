import { ByteWriter, parquetWrite, type ColumnSource } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { eventsOf, importOf } from '../support.ts';

async function parquet(columnData: ColumnSource[], rowGroupSize = 1000): Promise<Uint8Array> {
  const writer = new ByteWriter();
  await parquetWrite({ writer, columnData, rowGroupSize });
  return new Uint8Array(writer.getBuffer());
}

const columns = (): ColumnSource[] => [
  { name: 'user_id', data: ['a', 'b', 'a', 'c'], type: 'STRING' },
  { name: 'item_id', data: [7n, 7n, 8n, 9n], type: 'INT64' },
  { name: 'rating', data: [5, 1, 3.5, 4], type: 'DOUBLE' },
  {
    name: 'timestamp',
    data: [0, 1, 2, 3].map((day) => new Date(Date.UTC(2020, 0, 1 + day))),
    type: 'TIMESTAMP',
  },
];

describe('Parquet', () => {
  it('reads strings, whole numbers, fractions and times, over row groups', async () => {
    for (const size of [1, 3, 1000]) {
      const result = await importOf({ 'log.parquet': await parquet(columns(), size) });
      expect(result.report).toMatchObject({
        problems: { total: 0 },
        counts: { events: 4, users: 3, items: 3 },
      });
      expect(
        eventsOf(result)
          .map((event) => event.split(' ').slice(1).join(' '))
          .sort(),
      ).toEqual(['7 rate 1 18263', '7 rate 5 18262', '8 rate 4 18264', '9 rate 4 18265']);
    }
  });

  it('refuses a file that is cut off or whose pages promise too much', async () => {
    const bytes = await parquet(columns());
    await expect(importOf({ 'log.parquet': bytes.slice(0, -10) })).rejects.toThrow(
      expect.objectContaining({ code: 'import-invalid' }) as Error,
    );
    for (let at = 4; at < bytes.length; at += 7) {
      const broken = bytes.slice();
      broken[at] = broken[at]! ^ 0x55;
      // read, read with problems, or refused by name: never anything else
      await importOf({ 'log.parquet': broken }).catch((error: unknown) =>
        expect(error).toMatchObject({ code: 'import-invalid' }),
      );
    }
  });
});
