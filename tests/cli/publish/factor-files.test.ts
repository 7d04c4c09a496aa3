import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { placed } from '../../../src/cli/publish/external-factors.ts';
import { readFactorTable } from '../../../src/cli/publish/factor-files/read.ts';
import { tensorOfValues, writeSafetensors } from '../../../src/lib/safetensors.ts';
import { sampleItem } from '../../lib/pack/sample-pack.ts';

const folder = mkdtempSync(join(tmpdir(), 'factor-files-'));
let files = 0;

function fileOf(content: Uint8Array | string): string {
  const path = join(folder, `file-${files++}`);
  writeFileSync(path, content);
  return path;
}

/** What numpy.save writes: version 1.0, header padded to a multiple of 64. */
function npy(descr: string, fortran: boolean, shape: string, data: ArrayBufferLike): Uint8Array<ArrayBuffer> {
  const dictionary = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${shape}, }`;
  const header = dictionary.padEnd(64 * Math.ceil((dictionary.length + 11) / 64) - 11) + '\n';
  const file = new Uint8Array(10 + header.length + data.byteLength);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(file.buffer).setUint16(8, header.length, true);
  file.set(new TextEncoder().encode(header), 10);
  file.set(new Uint8Array(data), 10 + header.length);
  return file;
}

const ROWS = Float32Array.of(1, 2, 3, 4, 5, 6);

describe('readFactorTable', () => {
  it.each([
    ['32-bit floats', npy('<f4', false, '(3, 2)', ROWS.buffer)],
    ['64-bit floats', npy('<f8', false, '(3, 2)', Float64Array.from(ROWS).buffer)],
    [
      '16-bit floats',
      npy('<f2', false, '(3, 2)', Uint16Array.of(0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600).buffer),
    ],
    ['columns first', npy('<f4', true, '(3, 2)', Float32Array.of(1, 3, 5, 2, 4, 6).buffer)],
    [
      'an npz of implicit',
      zipSync({
        'user_factors.npy': npy('<f4', false, '(1, 2)', ROWS.buffer.slice(0, 8)),
        'item_factors.npy': npy('<f4', false, '(3, 2)', ROWS.buffer),
      }),
    ],
    [
      'safetensors',
      writeSafetensors({
        metadata: new Map(),
        tensors: new Map([['anything', tensorOfValues([3, 2], ROWS)]]),
      }),
    ],
  ])('reads %s', async (_name, bytes) => {
    expect(await readFactorTable(fileOf(bytes))).toEqual({ ids: null, rows: 3, factors: 2, values: ROWS });
  });

  it('reads big-endian numbers', async () => {
    const data = new DataView(new ArrayBuffer(8));
    data.setFloat32(0, 1.5);
    data.setFloat32(4, -2);
    const table = await readFactorTable(fileOf(npy('>f4', false, '(1, 2)', data.buffer)));
    expect(table.values).toEqual(Float32Array.of(1.5, -2));
  });

  it('reads what Spark writes, also in several part files', async () => {
    const part = (ids: readonly number[], features: readonly number[][]): Uint8Array =>
      new Uint8Array(
        parquetWriteBuffer({
          columnData: [
            { name: 'id', data: [...ids] },
            { name: 'features', data: features.map((row) => [...row]) },
          ],
          schema: [
            { name: 'root', num_children: 2 },
            { name: 'id', type: 'INT32', repetition_type: 'REQUIRED' },
            { name: 'features', repetition_type: 'OPTIONAL', converted_type: 'LIST', num_children: 1 },
            { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
            { name: 'element', type: 'FLOAT', repetition_type: 'REQUIRED' },
          ],
        }),
      );
    const many = join(folder, 'itemFactors');
    mkdirSync(many);
    writeFileSync(
      join(many, 'part-00000.parquet'),
      part(
        [7, 3],
        [
          [1, 2],
          [3, 4],
        ],
      ),
    );
    writeFileSync(join(many, 'part-00001.parquet'), part([5], [[5, 6]]));
    writeFileSync(join(many, '_SUCCESS'), '');
    expect(await readFactorTable(many)).toEqual({ ids: ['7', '3', '5'], rows: 3, factors: 2, values: ROWS });
  });

  it.each([
    ['with a first line of sizes', '3 2\nx 1 2\ny 3 4\nz 5 6\n'],
    ['as GloVe writes it', 'x 1 2\r\ny 3 4\r\nz 5 6'],
  ])('reads word2vec’s text %s', async (_name, text) => {
    expect(await readFactorTable(fileOf(text))).toEqual({
      ids: ['x', 'y', 'z'],
      rows: 3,
      factors: 2,
      values: ROWS,
    });
  });

  it.each<[string, Uint8Array | string, RegExp]>([
    ['a word in the place of a number', 'x 1 2\ny 3 four\n', /line 2: four/],
    ['rows of different length', 'x 1 2\ny 3\n', /row 2/],
    ['fewer rows than announced', '4 2\nx 1 2\n', /announces 4/],
    ['nothing', '', /no factors/],
    ['an array of whole numbers', npy('<i8', false, '(1, 2)', new ArrayBuffer(16)), /floating-point/],
    ['an array of one dimension', npy('<f4', false, '(6,)', ROWS.buffer), /two dimensions/],
    ['an array cut short', npy('<f4', false, '(3, 2)', ROWS.buffer).subarray(0, -4), /not the numbers/],
    ['an npz without item factors', zipSync({ 'x.npy': new Uint8Array(3) }), /none of the arrays/],
    ['a broken zip', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0), /unpacked/],
    ['a broken Parquet', Uint8Array.of(0x50, 0x41, 0x52, 0x31, 0), /no Parquet/],
  ])('refuses %s', async (_name, content, reason) => {
    await expect(readFactorTable(fileOf(content))).rejects.toMatchObject({
      code: 'import-invalid',
      values: { reason: expect.stringMatching(reason) as string },
    });
  });
});

describe('placed', () => {
  const items = ['a', 'b', 'c'].map((id, index) => sampleItem(index, id));
  const objective = { alpha: 40, regularization: 0.01, frequencyScaling: 0 };
  const table = { ids: ['c', 'x', 'a'], rows: 3, factors: 2, values: ROWS };

  it('brings rows to the order of the catalogue by their ids', () => {
    const { model, missing, unknown } = placed('f', table, null, items, objective);
    expect(model.itemFactors).toEqual(Float32Array.of(5, 6, 0, 0, 1, 2));
    expect({ missing, unknown }).toEqual({ missing: 1, unknown: 1 });
    expect(model.hyperparameters).toMatchObject({ unobservedWeight: 1, alpha: 40, frequencyScaling: 0 });
  });

  it('goes by place where there are no ids, and as many rows as items', () => {
    expect(placed('f', { ...table, ids: null }, null, items, objective).model.itemFactors).toEqual(ROWS);
    expect(() => placed('f', { ...table, ids: null }, null, items.slice(1), objective)).toThrow(
      /3 rows for 2 items/,
    );
  });

  it.each<[string, readonly string[], RegExp]>([
    ['too few ids', ['a'], /1 ids/],
    ['an id twice', ['a', 'b', 'a'], /two rows for a/],
    ['ids of other items', ['x', 'y', 'z'], /no row for any item/],
  ])('refuses %s', (_name, ids, reason) => {
    expect(() => placed('f', table, ids, items, objective)).toThrow(reason);
  });

  it('names the item of a factor that is not finite', () => {
    const values = ROWS.map((value, at) => (at === 5 ? NaN : value));
    expect(() => placed('f', { ...table, values }, null, items, objective)).toThrow(/of item a/);
  });
});
