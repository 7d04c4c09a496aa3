import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../src/cli/program.ts';
import { openSentiment } from '../../../src/lib/pack/open-stored.ts';
import { parseSentimentFile, Sentiment } from '../../../src/lib/text/sentiment/index.ts';
import { dataPath } from '../data.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairshelf-sentiment-'));
  const rows = Array.from({ length: 60 }, (_, at) =>
    at % 2 === 0 ? `cups,1,"It glims, number ${at}"` : `pots,0,"It drods, number ${at}"`,
  );
  writeFileSync(join(folder, 'reviews.csv'), ['cat,label,review', ...rows, 'pots,1,'].join('\n'));
  writeFileSync(join(folder, 'lines.txt'), 'It glims a lot\t1\nIt drods\ttoo\t0\n很好用\t1\n很难用\t0\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const lines = { out: [] as string[], err: [] as string[] };
  const code = await runCommandLine(['node', 'fairshelf', 'sentiment', ...args], {
    out: (line) => lines.out.push(line),
    err: (line) => lines.err.push(line),
  });
  return { code, out: lines.out.join('\n'), err: lines.err.join('\n') };
}

describe('fairshelf sentiment', () => {
  it('measures, trains on all, and writes a model that judges', async () => {
    const { code, out, err } = await run('--reviews', join(folder, 'reviews.csv'), '--out', folder);
    expect({ code, err }).toMatchObject({
      code: 0,
      err: expect.stringContaining('60 reviews, 1 without words') as string,
    });
    expect(out).toContain('en: trained model, hold-out: 100.0% right of 12');
    const models = parseSentimentFile(readFileSync(join(folder, 'sentiment.json'), 'utf8'));
    expect(models.en).toMatchObject({ texts: 60, measured: { method: 'hold-out', texts: 12, accuracy: 1 } });
    const sentiment = new Sentiment(models);
    expect(sentiment.of('glims')).toBeGreaterThan(0.3);
    expect(sentiment.of('drods')).toBeLessThan(-0.3);
  });

  it('says in JSON how it does on folds and on categories never seen', async () => {
    const mixed = readFileSync(join(folder, 'reviews.csv'), 'utf8').replaceAll(
      /^pots,0,(.*[02468]1".*)$/gmu,
      'cups,0,$1',
    );
    writeFileSync(join(folder, 'mixed.csv'), mixed.replaceAll(/^cups,1,(.*[1357]0".*)$/gmu, 'pots,1,$1'));
    const { out } = await run(
      '--reviews',
      join(folder, 'mixed.csv'),
      '--cross-validate',
      '3',
      '--leave-category-out',
      '--json',
    );
    expect(JSON.parse(out)).toMatchObject({
      language: 'en',
      method: 'cross-validation',
      trained: { texts: 60, accuracy: { mean: 1 } },
      unseenCategories: { cups: { accuracy: { mean: 1 } }, pots: { accuracy: { mean: 1 } } },
    });
  });

  it('adds the model to a pack, which stays sound', async () => {
    writeFileSync(join(folder, 'movies.csv'), 'movieId,title,genres\n1,A (2001),Drama\n');
    writeFileSync(join(folder, 'ratings.csv'), 'userId,movieId,rating,timestamp\n1,1,4,86400\n');
    const quiet = { out: () => undefined, err: () => undefined };
    const pack = join(folder, 'pack');
    const tables = [join(folder, 'movies.csv'), join(folder, 'ratings.csv')];
    await runCommandLine(['node', 'fairshelf', 'pack', ...tables, '--out', pack], quiet);
    expect(await run('--reviews', join(folder, 'reviews.csv'), '--pack', pack)).toMatchObject({ code: 0 });
    expect(await runCommandLine(['node', 'fairshelf', 'pack', 'verify', pack], quiet)).toBe(0);

    const manifestText = readFileSync(join(pack, 'pack.json'), 'utf8');
    const bytes = new Uint8Array(readFileSync(join(pack, 'sentiment.json')));
    const text = await openSentiment({ manifestText, files: [{ kind: 'sentiment', bytes }] });
    expect(parseSentimentFile(text ?? '').en?.texts).toBe(60);
    bytes[9]! ^= 1;
    await expect(
      openSentiment({ manifestText, files: [{ kind: 'sentiment', bytes }] }),
    ).rejects.toMatchObject({
      code: 'pack-checksum-mismatch',
      values: { file: 'sentiment.json' },
    });
  });

  it.each([
    [['--reviews', 'missing.csv'], /missing\.csv/],
    [[], /--reviews/],
    [['--reviews', 'lines.txt', '--cross-validate', '1'], /--cross-validate must be/],
    [['--reviews', 'reviews.csv', '--features', '0'], /features must be/],
    [['--reviews', 'lines.txt', '--leave-category-out'], /one category/],
  ])('refuses %j', async (args, message) => {
    const { code, err } = await run(
      ...args.map((arg) => (/\.(?:csv|txt)$/u.test(arg) ? join(folder, arg) : arg)),
    );
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  it('names the file and the row of a label that is none', async () => {
    writeFileSync(join(folder, 'stars.csv'), 'text,label\nFine,1\nWell,4\n');
    const { code, err } = await run('--reviews', join(folder, 'stars.csv'));
    expect(code).toBe(2);
    expect(err).toMatch(/stars\.csv, row 2, column label: "4"[\s\S]*--stars/);
    writeFileSync(join(folder, 'bare.csv'), 'a,b\n1,2\n');
    expect((await run('--reviews', join(folder, 'bare.csv'))).err).toMatch(/--text NAME/);
  });
});

const sentences = ['amazon_cells', 'imdb', 'yelp'].map((name) =>
  dataPath('sentiment-labelled-sentences', `${name}_labelled.txt`),
);
describe.skipIf(sentences.includes(null))('on real sentences', () => {
  it('is right about 80% and more, also of sources never seen', async () => {
    const files = sentences.flatMap((path) => ['--reviews', path ?? '']);
    const { out } = await run(...files, '--cross-validate', '5', '--leave-category-out', '--json');
    const measured = JSON.parse(out) as {
      trained: { accuracy: { mean: number } };
      unseenCategories: Record<string, { accuracy: { mean: number } }>;
    };
    expect(measured.trained.accuracy.mean).toBeGreaterThan(0.84);
    for (const { accuracy } of Object.values(measured.unseenCategories))
      expect(accuracy.mean).toBeGreaterThan(0.8);
  });
});
