import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readMovielensRatings } from '../../../src/cli/sources/interaction-columns.ts';
import { EVENT_KINDS } from '../../../src/lib/types.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fairshelf-ratings-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const HEADER = 'userId,movieId,rating,timestamp\n';

describe('readMovielensRatings', () => {
  it('reads u.data: positions in the order of the ids, times as days', async () => {
    file('u.data', '196\t242\t3\t881250949\n9\t1000\t5\t86400\n');
    const columns = await readMovielensRatings(folder);
    expect(columns).toMatchObject({ users: 2, items: 2, length: 2 });
    expect([...columns.user]).toEqual([1, 0]);
    expect([...columns.item]).toEqual([0, 1]);
    expect([...columns.stars]).toEqual([3, 5]);
    expect([...columns.day]).toEqual([10199, 1]);
    expect(new Set([...columns.kind].map((code) => EVENT_KINDS[code]))).toEqual(new Set(['rate']));
  });

  it('reads ratings.csv, half stars as in a pack', async () => {
    const path = file('ratings.csv', `${HEADER}1,10,0.5,0\n1,20,3.5,0\n2,10,5.0,0\n`);
    for (const where of [folder, path]) {
      const columns = await readMovielensRatings(where);
      expect([...columns.stars]).toEqual([1, 4, 5]);
      expect(columns).toMatchObject({ users: 2, items: 2 });
    }
  });

  it.each([
    ['1\t2\t6\t4\n', /line 1, column \w+: "6"/u],
    ['1\t2\tNaN\t4\n', /line 1, column \w+: "NaN"/u],
    ['1\t2\t3\tnoon\n', /line 1, column \w+: "noon"/u],
  ])('refuses %j in u.data and says where', async (text, place) => {
    const path = file('u.data', text);
    await expect(readMovielensRatings(path)).rejects.toThrow(place);
  });

  it.each([
    ['1,2,9,4\n', /line 2, column \w+: "9"/u],
    ['1,2,3,4\n1,2,x,4\n', /line 3, column \w+: "x"/u],
  ])('refuses %j in ratings.csv and says where', async (text, place) => {
    const path = file('ratings.csv', HEADER + text);
    await expect(readMovielensRatings(path)).rejects.toThrow(place);
  });

  it('refuses a folder with neither file, and an empty file', async () => {
    await expect(readMovielensRatings(folder)).rejects.toThrow('holds no table');
    file('u.data', '\n');
    await expect(readMovielensRatings(folder)).rejects.toThrow('holds no table');
  });
});
