import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../src/cli/program.ts';
import { Random } from '../../../src/lib/model/matrix/random.ts';

const KEYS = [
  'model',
  'device',
  'seed',
  'hyperparameters',
  'metrics',
  'users',
  'items',
  'interactions',
  'fitSeconds',
  'secondsPerIteration',
  'peakBytes',
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairshelf-evaluate-'));
  writeFileSync(join(folder, 'ratings.csv'), ratings(1));
  for (const fold of [1, 2]) {
    writeFileSync(join(folder, `u${fold}.base`), tsv(fold));
    writeFileSync(join(folder, `u${fold}.test`), tsv(fold + 10));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** 40 users, 30 items, ratings 1–5, a header. */
function ratings(seed: number): string {
  const random = new Random(seed);
  const lines = Array.from(
    { length: 500 },
    (_, at) => `${random.below(40)},${random.below(30)},${1 + random.below(5)},${at}`,
  );
  return ['userId,movieId,rating,timestamp', ...lines].join('\n');
}

function tsv(seed: number): string {
  return ratings(seed)
    .split('\n')
    .slice(1)
    .map((line) => line.replaceAll(',', '\t'))
    .join('\n');
}

async function run(...args: string[]): Promise<{ code: number; out: string[]; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommandLine(['node', 'fairshelf', ...args], {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
  });
  return { code, out, err: err.join('\n') };
}

const file = (name: string, content?: string): string => {
  const path = join(folder, name);
  if (content !== undefined) writeFileSync(path, content);
  return path;
};
const evaluate = (train: string, ...more: string[]) =>
  run(
    'evaluate',
    '--train',
    train,
    '--format',
    'csv',
    '--model',
    'itemknn',
    '--device',
    'cpu',
    '--json',
    ...more,
  );

describe('evaluate', () => {
  it.each(['random', 'kfold', 'leave-k', 'time', 'users'])(
    'prints one line with the keys, split %s',
    async (split) => {
      const { code, out } = await evaluate(file('ratings.csv'), '--split', split, '--k', '10');
      expect(code).toBe(0);
      expect(out).toHaveLength(1);
      const line = JSON.parse(out[0]!) as Record<string, unknown>;
      expect(Object.keys(line)).toEqual(KEYS);
      expect(line).toMatchObject({ model: 'itemknn', device: 'cpu', seed: 1 });
      expect(Object.keys(line['metrics'] as object)).toEqual(
        expect.arrayContaining(['recall@10', 'truncated-recall@10', 'ndcg@10', 'coverage@10', 'gini@10']),
      );
    },
  );

  it('takes given folds, and says the same twice', async () => {
    const folds = [
      'evaluate',
      '--folds',
      folder,
      '--format',
      'movielens',
      '--model',
      'popularity',
      '--device',
      'cpu',
      '--json',
    ];
    const [first, second] = [await run(...folds), await run(...folds)];
    expect(first.err).toContain('Fold 2 of 2');
    const metrics = ({ out }: typeof first) => (JSON.parse(out[0]!) as { metrics: unknown }).metrics;
    expect(metrics(first)).toEqual(metrics(second));
  });

  it('counts repeated pairs, tested users unknown to train, and a k beyond the catalogue', async () => {
    const train = file('train.csv', 'user,item\na,x\na,y\na,x\nb,x\nb,y\nb,z\n');
    const test = file('test.csv', 'user,item\na,z\nstranger,x\n');
    const { code, err } = await evaluate(train, '--test', test);
    expect(code).toBe(0);
    expect(err).toContain('1 repeated pairs');
    expect(err).toContain('1 tested users have nothing in train');
    expect(err).toContain('k = 20 is more than the 3 items');
  });

  it('warns of test pairs that stand in train', async () => {
    const train = file('train.csv', 'user,item\na,x\na,y\nb,x\nb,y\nb,z\n');
    const { err } = await evaluate(train, '--test', train);
    expect(err).toContain('Warning: 5 test pairs are also in train');
  });

  it('tunes within a budget', async () => {
    const { code, out, err } = await evaluate(
      file('ratings.csv'),
      '--tune',
      '--trials',
      '3',
      '--budget',
      '20s',
    );
    expect(code).toBe(0);
    expect(err).toContain('Best on validation');
    expect(out).toHaveLength(1);
  });
});

describe('bad input', () => {
  const good = 'user,item,rating\na,x,3\na,y,4\nb,x,5\nb,y,1\nb,z,1\nb,p,2\nb,q,3\n';
  it.each([
    ['mixed separators', 'user,item,rating\na,x,3\na;y;4\n', /line 3.*Mixed separators/s],
    ['a rating that is no number', 'user,item,rating\na,x,3\na,y,good\n', /line 3, column rating: "good"/],
    ['an infinite rating', 'user,item,rating\na,x,1e999\n', /line 2, column rating: "1e999"/],
    ['a missing cell', 'user,item,rating\na,x\n', /line 2/],
    ['an empty id', 'user,item,rating\n,x,3\n', /user and an item/],
    ['a time that is none', 'user,item,rating,time\na,x,3,yesterday\n', /line 2, column time: "yesterday"/],
    ['an open quotation mark', 'user,item,rating\n"a,x,3\n', /quotation mark/],
    ['no separator', 'hello\n', /holds no table/],
    ['an empty file', '', /holds no table/],
    ['a header alone', 'user,item\n', /no interactions/],
  ])('names %s', async (_, content, message) => {
    const { code, out, err } = await evaluate(file('bad.csv', content));
    expect(err).toMatch(message);
    expect([code, out]).toEqual([2, []]);
  });

  it.each([
    [['--split', 'magic'], /--split must be one of/],
    [['--set', 'neighbours'], /NAME=NUMBER/],
    [['--set', 'neighbours=many'], /NAME=NUMBER/],
    [['--set', 'neighbours=NaN'], /neighbours must be a whole number/],
    [['--set', 'nonsense=1'], /nonsense is not a hyper-parameter/],
    [['--k', '0'], /--k must be/],
    [['--scale', '5:1'], /--scale must be/],
    [['--scale', '1:4'], /line 4, column rating: "5"/],
    [['--budget', 'long'], /--budget must be/],
    [['--test', 'nowhere.csv'], /nowhere.csv cannot be read/],
    [['--test', 'a', '--split', 'random'], /only one of/],
  ])('refuses %j', async (args, message) => {
    const { code, out, err } = await evaluate(file('good.csv', good), ...args);
    expect(err).toMatch(message);
    expect([code, out]).toEqual([2, []]);
  });

  it('refuses an unknown format, model and more factors than items', async () => {
    const base = ['evaluate', '--train', file('ratings.csv'), '--device', 'cpu'];
    for (const [args, message] of [
      [['--format', 'xml', '--model', 'ease'], /--format must be one of lightgcn, movielens, csv/],
      [['--format', 'csv', '--model', 'magic'], /no model called "magic"/],
      [['--format', 'csv', '--model', 'ials', '--set', 'factors=31'], /factors must be at most .* 30/],
    ] as const) {
      const { code, err } = await run(...base, ...args);
      expect(err).toMatch(message);
      expect(code).toBe(2);
    }
  });

  it("refuses test ratings outside train's scale, with their count", async () => {
    const { code, err } = await evaluate(
      file('good.csv', good),
      '--test',
      file('t.csv', 'user,item,rating\na,x,9\nb,y,8\n'),
    );
    expect(err).toMatch(/2 ratings are outside the scale 1 to 5/);
    expect(code).toBe(2);
  });
});

describe('train and recommend', () => {
  it('keeps a model, recommends from a history and says why', async () => {
    const save = join(folder, 'kept');
    const trained = await run(
      'train',
      '--train',
      file('ratings.csv'),
      '--format',
      'csv',
      '--model',
      'itemknn',
      '--device',
      'cpu',
      '--save',
      save,
    );
    expect(trained.code).toBe(0);
    const history = file('history.txt', '3\n7\n7\nunknown\n');
    const args = ['recommend', '--model', save, '--history', history, '--k', '5'];
    const { code, out, err } = await run(...args, '--explain', '--json');
    expect(code).toBe(0);
    expect(err).toContain('1 items of the history are not the model');
    expect(err).toContain('1 items come again');
    const rows = JSON.parse(out[0]!) as {
      item: string;
      score: number;
      because: { item: string; part: number }[];
    }[];
    expect(rows).toHaveLength(5);
    for (const { item, score, because } of rows) {
      expect(['3', '7']).not.toContain(item);
      expect(because.reduce((sum, { part }) => sum + part, 0)).toBeCloseTo(score, 6);
    }
    expect((await run(...args)).out).toHaveLength(5);
  });

  it('refuses a damaged model, a wrong folder and a bad strength', async () => {
    const save = join(folder, 'kept');
    const model = join(save, 'model.safetensors');
    const bytes = readFileSync(model);
    const history = file('history.txt', '3\n');
    const args = ['recommend', '--model', save, '--history'];
    expect(await run(...args, file('h.txt', '3 lots\n'))).toMatchObject({ code: 2 });
    expect(await run('recommend', '--model', folder, '--history', history)).toMatchObject({ code: 2 });
    bytes[bytes.length - 3]! ^= 1;
    writeFileSync(model, bytes);
    const { code, err } = await run(...args, history);
    expect(code).toBe(2);
    expect(err).toContain('damaged');
  });
});
