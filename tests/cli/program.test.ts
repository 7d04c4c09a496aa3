import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
    const written = await run('pack', folder, '--out', pack);
    expect(written.code).toBe(0);
    expect(written.err).toContain('Data set: movielens');
    expect(written.err).toContain('ratings.csv: events, delimited, utf-8, 1 rows, 1 used');
    expect(written.err).toContain('What the pack still tells:');
    expect(written.out).toContain('1 items, 1 shoppers, 1 events, 0 reviews');
    const verified = await run('pack', 'verify', pack);
    expect(verified).toMatchObject({ code: 0, out: written.out, err: '' });
  });

  it('names the file that was changed afterwards', async () => {
    const pack = join(folder, 'pack');
    await run('pack', folder, '--out', pack);
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

  it('names line, column and remedy of a bad source: skipped and told, or stopped with nothing written', async () => {
    writeFileSync(join(folder, 'ratings.csv'), 'userId,movieId,rating,timestamp\n1,1,9,86400\n1,1,3,86400\n');
    const pack = join(folder, 'pack');
    const stopped = await run('pack', folder, '--on-problem', 'stop', '--out', pack);
    expect(stopped.code).toBe(2);
    expect(stopped.err).toContain('ratings.csv, line 2, column rating: "9" is not valid');
    expect(stopped.err).toContain('Give a rating from 0.5 to 5.');
    expect(() => readFileSync(join(pack, 'pack.json'))).toThrow('ENOENT');
    const report = join(folder, 'report.json');
    const skipped = await run('pack', folder, '--out', pack, '--report', report);
    expect(skipped).toMatchObject({ code: 0 });
    expect(skipped.err).toContain('ratings.csv, line 2, column rating: "9". Give a rating from 0.5 to 5.');
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({
      problems: { total: 1 },
      counts: { events: 1 },
    });
  });

  it('takes tables of products and events, and a map that was printed and corrected', async () => {
    const [items, orders] = [join(folder, 'items.csv'), join(folder, 'orders.csv')];
    writeFileSync(items, 'sku,name,kind of thing\n1,Pot,kitchen\n2,Cup,kitchen\n');
    writeFileSync(orders, 'who,what,when\nann,1,2020-01-02\nbob,2,2020-01-03\n');
    const tables = ['--items', items, '--events', orders];
    const printed = await run('pack', ...tables, '--print-map');
    expect(printed.code).toBe(0);
    const map = JSON.parse(printed.out) as { tables: Record<string, { table: string; roles: object }> };
    expect(map.tables).toMatchObject({
      'items.csv': { table: 'items', roles: { item: 'sku', title: 'name' } },
    });
    map.tables['orders.csv'] = { table: 'events', roles: { user: 'who', item: 'what', time: 'when' } };
    map.tables['items.csv']!.roles = { item: 'sku', title: 'name', category: 'kind of thing' };
    const file = join(folder, 'map.json');
    writeFileSync(file, JSON.stringify(map));
    const pack = join(folder, 'pack');
    const written = await run(
      'pack',
      ...tables,
      '--map',
      file,
      '--id',
      'mine',
      '--name',
      'My shop',
      '--out',
      pack,
    );
    // a shop's own log goes through the gate, which leaves nothing of so few
    expect(written).toMatchObject({ code: 2, out: '' });
    expect(written.err).toContain('2 of 2 shoppers left out');
    const open = ['--share', 'events', '--min-events', '1', '--k-anonymity', '1'];
    const named = ['--map', file, '--id', 'mine', '--name', 'My shop', '--out', pack];
    const shared = await run('pack', ...tables, ...named, ...open);
    expect(shared.out).toContain('My shop (mine): sound');
    expect(shared.out).toContain('2 items, 2 shoppers, 2 events, 0 reviews');
    writeFileSync(file, JSON.stringify({ version: 1, tables: { 'orders.csv': { table: 'event' } } }));
    expect(await run('pack', ...tables, '--map', file, '--out', pack)).toMatchObject({ code: 2 });
    writeFileSync(file, JSON.stringify({ version: 1, tables: { 'other.csv': { table: 'events' } } }));
    const unknown = await run('pack', ...tables, '--map', file, '--out', pack);
    expect(unknown.err).toContain('There is no such table; there are items.csv, orders.csv.');
  });

  it('packs what shoppers wrote only where it is told to', async () => {
    const reviews = join(folder, 'reviews');
    mkdirSync(reviews);
    writeFileSync(
      join(reviews, 'a.jsonl'),
      '{"reviewerID":"A","asin":"B","overall":5,"reviewText":"So good.","unixReviewTime":1}\n',
    );
    const pack = join(folder, 'pack');
    expect((await run('pack', reviews, '--out', pack)).out).toContain('1 events, 0 reviews');
    expect((await run('pack', reviews, '--allow-reviews', '--out', pack)).out).toContain(
      '1 events, 1 reviews',
    );
  });

  it.each([
    [[], 'No command given'],
    [['bogus'], 'Unknown command: bogus'],
    [['pack'], 'Name what to pack'],
    [['pack', '.'], '--out must be one value'],
    [['pack', '.', '--out', 'b', '--out', 'c'], '--out must be one value'],
    [['pack', '.', '--out', 'b', '--on-problem', 'panic'], '--on-problem must be one of skip, stop'],
    [['pack', '.', '--out', 'b', '--k-core', 'x'], '--k-core must be a whole number'],
    [['pack', '--bogus', 'a'], 'Unknown option'],
    [['pack', 'verify'], 'pack verify needs one folder'],
    [['pack', 'verify', 'a', 'b'], 'pack verify needs one folder'],
    [['demo-pack'], '--out needs one value'],
    [['pack', '/nowhere', '--out', 'c'], 'cannot be read'],
  ])('exits with 2 for %j', async (args, message) => {
    const { code, out, err } = await run(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });
});
