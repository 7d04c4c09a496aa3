import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLightGcn } from '../../../src/cli/sources/interaction-columns.ts';
import { strengthMatrix } from '../../../src/lib/model/index.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fairshelf-lightgcn-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function file(text: string, name = 'train.txt'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('readLightGcn', () => {
  it('reads a line a user, whatever the blanks, the order and the line ends', async () => {
    const path = file('1 0 2\r\n\n0  3\t1 \n4\n', 'own.txt');
    const columns = await readLightGcn(path);
    expect(columns).toMatchObject({ users: 2, items: 4, length: 4 });
    expect([...columns.user]).toEqual([1, 1, 0, 0]);
    expect([...columns.item]).toEqual([0, 2, 3, 1]);
    const matrix = strengthMatrix(columns, null);
    expect([...matrix.indptr]).toEqual([0, 2, 4]);
    expect([...matrix.indices]).toEqual([1, 3, 0, 2]);
    expect(new Set(matrix.data).size).toBe(1);
  });

  it('takes the train.txt of a folder', async () => {
    file('0 1\n');
    expect((await readLightGcn(folder)).length).toBe(1);
  });

  it.each([
    ['0 1\n1 x\n', 'line 2: "x"'],
    ['0 1\n\n1 2.5\n', 'line 3: "2.5"'],
    ['0 -1\n', 'line 1: "-1"'],
    ['0 1e3\n', 'line 1: "1e3"'],
    ['0 999999999999\n', 'line 1: "999999999999"'],
    ['0,1\n', 'line 1: "0,1"'],
    ['0 1\n0 2\n', 'line 2: "0"'],
    ['0 1 2 1\n', 'line 1: "1"'],
  ])('refuses %j and says where', async (text, place) => {
    const path = file(text);
    await expect(readLightGcn(path)).rejects.toThrow(`train.txt, ${place} is not valid.`);
  });

  it('refuses a file without interactions, and none at all', async () => {
    const path = file('0\n1\n');
    await expect(readLightGcn(path)).rejects.toThrow('train.txt holds no interactions.');
    await expect(readLightGcn(join(folder, 'nowhere'))).rejects.toThrow('cannot be read');
  });
});
