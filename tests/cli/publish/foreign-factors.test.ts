import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readFactorTable } from '../../../src/cli/publish/factor-files/read.ts';

const FOLDER = fileURLToPath(new URL('fixtures/', import.meta.url));
/** Row r, factor f is r + 1 + f / 4 in every file (`fixtures/make.py`). */
const FACTORS = Float32Array.from({ length: 15 }, (_, at) => Math.floor(at / 3) + 1 + (at % 3) / 4);
const IDS = ['10', '20', '30', '40', '50'];

/** What must not be read, and the words that say why. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  'numpy-integers.npy': /no floating-point numbers/,
  'numpy-pickled.npy': /no floating-point numbers/,
  'scipy-sparse.npz': /none of the arrays item_factors/,
  'safetensors-i64.safetensors': /none of the matrices item_factors/,
  'spark-missing.parquet': /no columns id and features \(a list of numbers\) in row 4/,
  'gensim-word2vec.bin': /binary/,
};
const FILES = readdirSync(FOLDER).filter((name) => !name.endsWith('.py'));
const READ = FILES.filter((name) => !Object.hasOwn(REFUSED, name));

/** Files of other programs: numpy, scipy, safetensors, pyarrow, gensim. */
describe('item factors that other programs wrote', () => {
  it.each(READ)('reads %s exactly', async (name) => {
    const ids = name.startsWith('spark')
      ? IDS
      : name.startsWith('gensim')
        ? [...IDS.slice(0, 4), '茶壶']
        : null;
    expect(await readFactorTable(FOLDER + name)).toEqual({ ids, rows: 5, factors: 3, values: FACTORS });
  });

  it.each(Object.entries(REFUSED))('refuses %s by name', async (name, reason) => {
    await expect(readFactorTable(FOLDER + name)).rejects.toMatchObject({
      code: 'import-invalid',
      values: { file: FOLDER + name, reason: expect.stringMatching(reason) as string },
    });
  });
});
