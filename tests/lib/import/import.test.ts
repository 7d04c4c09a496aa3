import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  importFiles,
  inspectFiles,
  withStatistics,
  type ImportMapping,
} from '../../../src/lib/import/index.ts';
import { parseManifest } from '../../../src/lib/pack/manifest.ts';
import { verifyFile } from '../../../src/lib/pack/verify.ts';
import { writePack } from '../../../src/lib/pack/write.ts';
import { itemStatistics } from '../../../src/lib/model/index.ts';
import { eventsOf, file, importOf } from './support.ts';

const HEADER = 'userId,movieId,rating,timestamp\n';
const good = (from: number, count: number): string =>
  Array.from(
    { length: count },
    (_, at) =>
      `${1 + ((from + at) % 50)},${1 + ((from + at) % 97)},${1 + ((from + at) % 5)},${86_400 * (from + at)}\n`,
  ).join('');

describe('importFiles', () => {
  it('names a bad row among ten thousand, and reads on or imports nothing', async () => {
    const text = `${HEADER}${good(0, 4999)}7,8,nine,5\n${good(5000, 5000)}`;
    const { report } = await importOf({ 'ratings.csv': text });
    expect(report.problems).toEqual({
      total: 1,
      byReason: { rating: 1 },
      shown: [
        {
          file: 'ratings.csv',
          line: 5001,
          column: 'rating',
          value: 'nine',
          reason: 'rating',
          remedy: 'Give ratings as numbers.',
        },
      ],
    });
    expect(report.files).toMatchObject([{ rows: 10_000, used: 9999 }]);
    await expect(importOf({ 'ratings.csv': text }, { onProblem: 'stop' })).rejects.toThrow(
      expect.objectContaining({
        code: 'import-invalid',
        values: { file: 'ratings.csv', line: 5001, column: 'rating', value: 'nine', reason: 'rating' },
        remedy: 'Give ratings as numbers.',
      }) as Error,
    );
  });

  it.each([
    ['rating', '1,2,6,5'],
    ['rating', '1,2,,5'],
    ['rating', '1,2,1e999,5'],
    ['rating', '1,2,NaN,5'],
    ['timestamp', '1,2,3,noon'],
    ['timestamp', '1,2,3,1e999'],
    ['timestamp', '1,2,3,-5'],
    ['movieId', '1,2\u0000,3,5'],
    ['movieId', `1,${'9'.repeat(200)},3,5`],
    ['userId', `${'9'.repeat(200)},1,3,5`],
    ['', '1,2,3'],
  ])('refuses a bad %s: %j', async (column, line) => {
    await expect(
      importOf({ 'ratings.csv': `${HEADER}${good(0, 9)}${line}\n` }, { onProblem: 'stop' }),
    ).rejects.toThrow(
      expect.objectContaining({ values: expect.objectContaining({ line: 11, column }) as object }) as Error,
    );
  });

  it('refuses an id that is half a character', async () => {
    const record = (asin: string): string => `{"reviewerID":"A","asin":"${asin}","overall":5}\n`;
    const { report, content } = await importOf({ 'a.jsonl': record('B') + record('x\\ud800') });
    expect(report.problems.shown).toMatchObject([{ line: 2, column: 'asin', reason: 'id' }]);
    expect(content.items.map(({ id }) => id)).toEqual(['B']);
  });

  it('caps the problems that it shows, not those it counts', async () => {
    const { report } = await importOf({
      'ratings.csv': `${HEADER}${good(0, 300)}${'1,2,x,5\n'.repeat(250)}`,
    });
    expect(report.problems).toMatchObject({ total: 250, byReason: { rating: 250 } });
    expect(report.problems.shown).toHaveLength(100);
  });

  it('gives the same content for the same files, in any order, and another key for others', async () => {
    const files = {
      'a.csv': `user,item,rating\na,x,5\nb,y,3\n`,
      'b.csv': `user,item,rating\nc,x,1\nb,x,4\n`,
    };
    const first = await importOf(files);
    const second = await importFiles(
      Object.entries(files)
        .toReversed()
        .map(([name, text]) => file(name, text)),
    );
    expect(second).toEqual(first);
    expect(first.content.about.id).toMatch(/^shop-[0-9a-f]{8}$/u);
    const other = await importOf({ ...files, 'b.csv': `user,item,rating\nc,x,2\nb,x,4\n` });
    expect(other.content.about.id).not.toBe(first.content.about.id);
  });

  it('makes a sound pack of whatever it reads', async () => {
    const letters = fc.string({
      unit: fc.constantFrom('a', 'B', '7', '猫', '🦉', ' ', '<', '=', '-', '\u202E', 'é'),
    });
    const row = fc.tuple(letters, letters, fc.integer({ min: 1, max: 5 }), letters, letters);
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), async (rows) => {
        const quote = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
        const text = `user,item,rating,title,category,review\n${rows.map(([user, item, rating, title, words]) => [user, item, String(rating), title, words, words].map(quote).join(',')).join('\n')}\n`;
        const result = await importOf({ 'log.csv': text }).catch((error: unknown) => {
          expect(error).toMatchObject({ code: 'import-invalid' });
          return null;
        });
        if (result === null) return;
        const { content } = result;
        const counted =
          content.interactions === null
            ? content
            : withStatistics(content, itemStatistics(content.interactions));
        const { manifestText, files } = await writePack(counted);
        const manifest = parseManifest(manifestText);
        for (const one of files) await verifyFile(manifest, one);
      }),
      { numRuns: 40 },
    );
  });

  it('finds the order of day and month from a date late in the file, and reads it again', async () => {
    const head = Array.from(
      { length: 9000 },
      (_, at) => `u${at % 9},i${at % 5},3,0${1 + (at % 9)}/0${1 + (at % 8)}/2020\n`,
    ).join('');
    for (const [date, order, day] of [
      ['25/12/2020', 'dmy', 18_621],
      ['12/25/2020', 'mdy', 18_621],
    ] as const) {
      const result = await importOf({ 'log.csv': `user,item,rating,date\n${head}u1,late,3,${date}\n` });
      expect(result.report.decisions).toContainEqual({
        name: 'day-order',
        file: 'log.csv',
        value: order,
        certain: true,
      });
      expect(result.report.problems.total).toBe(0);
      expect(result.report.read.events).toBe(9001);
      expect(eventsOf(result).find((event) => event.includes('late'))).toContain(String(day));
    }
    const open = await importOf({ 'log.csv': `user,item,rating,date\n${head}` });
    expect(open.report.decisions).toContainEqual({
      name: 'day-order',
      file: 'log.csv',
      value: 'mdy',
      certain: false,
    });
    const told = await importFiles([file('log.csv', `user,item,rating,date\n${head}`)], {
      mapping: {
        ...(await inspectFiles([file('log.csv', `user,item,rating,date\n${head}`)])).mapping,
        dayOrder: 'dmy',
      },
    });
    expect(told.report.decisions).toContainEqual({
      name: 'day-order',
      file: 'log.csv',
      value: 'dmy',
      certain: true,
    });
  });

  it('takes the mapping that it is given, and names a column that is not there', async () => {
    const text = 'a,b,c\nu1,10,x\nu2,8,y\nu2,3,x\n';
    const mapping: ImportMapping = {
      version: 1,
      dataset: 'mapped',
      tables: {
        'log.csv': {
          table: 'events',
          roles: { user: '1', rating: '2', item: '3' },
          kind: null,
          flags: {},
          fillDown: false,
        },
      },
      scale: { min: 0, max: 10 },
      dayOrder: null,
      decimal: null,
      currency: null,
    };
    const bare = text.slice(text.indexOf('\n') + 1);
    const { content } = await importOf(
      { 'log.csv': bare },
      { mapping, packName: '我的小店', packId: 'mine' },
    );
    expect([...(content.interactions?.stars ?? [])].sort()).toEqual([2, 4, 5]);
    expect(content.about).toMatchObject({ id: 'mine', name: { zh: '我的小店' } });
    await expect(importOf({ 'log.csv': bare.replaceAll(/,.$/gmu, '') }, { mapping })).rejects.toThrow(
      'log.csv has no column "3".',
    );
  });

  it('tells of its progress, in packed bytes, and stops at once when told to', async () => {
    const source = file('ratings.csv', `${HEADER}${good(0, 200_000)}`);
    const seen: number[] = [];
    await importFiles([source], {
      onProgress: ({ stage, doneBytes, totalBytes }) => {
        expect(totalBytes).toBe(source.size);
        if (stage === 'read') seen.push(doneBytes);
      },
    });
    expect(seen.length).toBeGreaterThan(5);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(source.size);
    const stop = new AbortController();
    const stopped = importFiles([source], {
      signal: stop.signal,
      onProgress: ({ stage, doneBytes }) => {
        if (stage === 'read' && doneBytes > 500_000) stop.abort();
      },
    });
    await expect(stopped).rejects.toThrow(expect.objectContaining({ code: 'cancelled' }) as Error);
  });

  it.each([
    ['nothing', {}],
    ['an empty file', { 'a.csv': '' }],
    ['a header alone', { 'ratings.csv': HEADER }],
    ['words', { 'a.txt': 'Dear shop,\nwhat a day.\n' }],
    ['a picture', { 'a.png': new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]) }],
    ['a truncated Parquet file', { 'a.parquet': new Uint8Array([0x50, 0x41, 0x52, 0x31, 1, 2, 3]) }],
  ])('refuses %s by name', async (_name, files) => {
    await expect(importOf(files)).rejects.toThrow(
      expect.objectContaining({ code: 'import-invalid' }) as Error,
    );
  });

  it('reads or refuses any bytes: never another failure', async () => {
    const pieces = fc.constantFrom(
      'user,item,rating\n',
      '1,2,3\n',
      '"',
      '\n',
      ',',
      '{"a":1}',
      '[',
      ']',
      '\t',
      '::',
      '\0',
      '\uFEFF',
      'PK\u0003\u0004',
      '\u001f\u008b\u0008',
      'PAR1',
      '0 1 2\n',
      '猫',
      '-0',
      '1e999',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 20 }), async (parts) => {
        const bytes = new Uint8Array(Buffer.from(parts.join(''), parts.length % 2 === 0 ? 'utf8' : 'latin1'));
        await importOf({ 'any.csv': bytes }).catch((error: unknown) =>
          expect(error).toMatchObject({ code: 'import-invalid' }),
        );
      }),
      { numRuns: 300 },
    );
  });
});
