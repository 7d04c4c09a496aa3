import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../src/cli/program.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairshelf-cli-'));
  writeFileSync(join(folder, 'movies.csv'), 'movieId,title,genres\n1,A (2001),Drama\n');
  writeFileSync(join(folder, 'ratings.csv'), 'userId,movieId,rating,timestamp\n1,1,4,86400\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const lines = { out: [] as string[], err: [] as string[] };
  const code = await runCommandLine(['node', 'fairshelf', ...args], {
    out: (line) => lines.out.push(line),
    err: (line) => lines.err.push(line),
  });
  return { code, out: lines.out.join('\n'), err: lines.err.join('\n') };
}

describe('fairshelf', () => {
  it('writes a pack and finds it sound', async () => {
    const pack = join(folder, 'pack');
    const written = await run('pack', '--movielens', folder, '--out', pack);
    expect(written.code).toBe(0);
    expect(written.err).toMatch(/^Reading MovieLens …\nWhat the pack still tells:\n/);
    expect(written.out).toContain('1 items, 1 shoppers, 1 events, 0 reviews');
    const verified = await run('pack', 'verify', pack);
    expect(verified).toMatchObject({ code: 0, out: written.out, err: '' });
  });

  it('names the file that was changed afterwards', async () => {
    const pack = join(folder, 'pack');
    await run('pack', '--movielens', folder, '--out', pack);
    const path = join(pack, 'items.parquet');
    const bytes = readFileSync(path);
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const changed = await run('pack', 'verify', pack);
    expect(changed).toMatchObject({ code: 2, out: '' });
    expect(changed.err).toContain('items.parquet is not the file that pack.json describes');
    rmSync(path);
    expect(await run('pack', 'verify', pack)).toMatchObject({ code: 2 });
    expect((await run('pack', 'verify', pack)).err).toContain('The pack has no items.parquet');
  });

  it('names row, column and remedy of a bad source, and writes nothing', async () => {
    writeFileSync(join(folder, 'ratings.csv'), 'userId,movieId,rating,timestamp\n1,1,9,86400\n');
    const pack = join(folder, 'pack');
    const { code, err } = await run('pack', '--movielens', folder, '--out', pack);
    expect(code).toBe(2);
    expect(err).toContain('row 1, column rating: "9" is not valid');
    expect(err).toContain('Give a rating from 0.5 to 5.');
    expect(() => readFileSync(join(pack, 'pack.json'))).toThrow('ENOENT');
  });

  it.each([
    [[], 'No command given'],
    [['bogus'], 'Unknown command: bogus'],
    [['pack'], 'Name one source'],
    [['pack', '--movielens', 'a', '--online-retail', 'b', '--out', 'c'], 'Name one source'],
    [['pack', '--movielens', 'a'], '--out needs one value'],
    [['pack', '--movielens', 'a', '--out', 'b', '--out', 'c'], '--out needs one value'],
    [['pack', '--bogus', 'a'], 'Unknown option'],
    [['pack', 'check', 'a'], 'Not understood: pack check'],
    [['pack', 'verify'], 'Not understood: pack verify'],
    [['demo-pack'], '--out needs one value'],
    [['pack', '--movielens', '/nowhere', '--out', 'c'], 'cannot be read'],
  ])('exits with 2 for %j', async (args, message) => {
    const { code, out, err } = await run(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });
});
