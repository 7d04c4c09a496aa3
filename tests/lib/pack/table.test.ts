import fc from 'fast-check';
import { gzipSync } from 'fflate';
import { parquetMetadata, type FileMetaData } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/lib/errors.ts';
import { readInteractions } from '../../../src/lib/pack/read-interactions.ts';
import { readItems } from '../../../src/lib/pack/read-items.ts';
import { parseManifest } from '../../../src/lib/pack/manifest.ts';
import { checkFooter, Table } from '../../../src/lib/pack/table.ts';
import { samplePack } from './sample-pack.ts';

const numbers = (length: number) => [{ name: 'n', type: 'INT32' as const, data: new Int32Array(length) }];
const bytesOf = (...args: Parameters<typeof parquetWriteBuffer>): Uint8Array<ArrayBuffer> =>
  new Uint8Array(parquetWriteBuffer(...args));

function footerOf(bytes: Uint8Array): FileMetaData {
  return parquetMetadata(bytes);
}

describe('Table', () => {
  it('joins row groups in order', async () => {
    const data = Int32Array.from({ length: 2500 }, (_, row) => row * 3);
    const bytes = bytesOf({ columnData: [{ name: 'n', type: 'INT32', data }], rowGroupSize: 1000 });
    const table = await Table.open('t', bytes, 10_000);
    expect(Array.from(await table.column('n'))).toEqual([...data]);
  });

  it('refuses more rows than are read', async () => {
    const bytes = bytesOf({ columnData: numbers(11) });
    await expect(Table.open('t.parquet', bytes, 10)).rejects.toMatchObject({
      code: 'pack-file-invalid',
      values: { file: 't.parquet', reason: 'has 11 rows; at most 10 are read' },
    });
  });

  it('refuses a codec other than Snappy before unpacking, and says which to use', async () => {
    const codec = 'GZIP';
    const bytes = bytesOf({ columnData: numbers(5000), codec, compressors: { GZIP: gzipSync } });
    await expect(Table.open('t.parquet', bytes, 10_000)).rejects.toMatchObject({
      code: 'pack-file-invalid',
      values: { reason: 'is compressed with GZIP, which is not read' },
      remedy: expect.stringContaining('Snappy') as string,
    });
  });

  it('refuses a file that unpacks to more than a gibibyte before unpacking it', () => {
    const footer = footerOf(bytesOf({ columnData: numbers(10) }));
    expect(() => checkFooter('t', footer, 10)).not.toThrow();
    const chunk = footer.row_groups[0]!.columns[0]!;
    chunk.meta_data!.total_uncompressed_size = 2n ** 30n + 1n;
    expect(() => checkFooter('t', footer, 10)).toThrow(
      expect.objectContaining({ code: 'pack-file-invalid' }) as Error,
    );
  });

  it('gives columns or a named error for any bytes: flipped anywhere, never a crash', async () => {
    const { manifestText, files } = await samplePack();
    const manifest = parseManifest(manifestText);
    const items = files.find((file) => file.kind === 'items')!.bytes;
    const interactions = files.find((file) => file.kind === 'interactions')!.bytes;
    const flips = fc.array(fc.record({ at: fc.nat(), value: fc.nat(255) }), { minLength: 1, maxLength: 4 });
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(flips, fc.boolean(), async (changes, first) => {
        const bytes = (first ? items : interactions).slice();
        for (const { at, value } of changes) bytes[at % bytes.length] = value;
        const reading = first ? readItems(bytes, manifest) : readInteractions(bytes, manifest);
        const result = await reading.then(
          () => null,
          (error: unknown) => error,
        );
        if (result === null) return;
        refused += 1;
        expect(result).toBeInstanceOf(AppError);
        expect(['pack-file-invalid', 'pack-row-invalid']).toContain((result as AppError).code);
      }),
      { numRuns: 1500, seed: 5 },
    );
    expect(refused).toBeGreaterThan(500);
  });
});
