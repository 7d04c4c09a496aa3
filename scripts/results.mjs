// Reruns rows of docs/results.md's tables: `npm run results` lists them, `npm run results -- --row NAME` runs one.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const DATA = process.env.FAIRSHELF_DATA ?? '../shared/data';

const lightgcn = (folder) => [
  '--train',
  `${folder}/train.txt`,
  '--test',
  `${folder}/test.txt`,
  '--format',
  'lightgcn',
];
const folds = ['--folds', 'ml-100k', '--format', 'movielens', '--scale', '1:5'];
const first = [
  '--train',
  'ml-100k/u1.base',
  '--test',
  'ml-100k/u1.test',
  '--format',
  'movielens',
  '--scale',
  '1:5',
];

/** Arguments of `fairshelf evaluate` by row; paths are relative to the data's folder. */
const ROWS = {
  'ml-100k-mf': [...folds, '--model', 'mf'],
  'ml-100k-svdpp': [...folds, '--model', 'svdpp'],
  'ml-100k-bayesian': [...folds, '--model', 'bayesian'],
  'ml-100k-u1-bayesian': [...first, '--model', 'bayesian'],
  'ml-100k-u1-mf': [...first, '--model', 'mf'],
  'gowalla-ccl': [...lightgcn('gowalla'), '--model', 'ccl', '--set', 'factors=64'],
  'gowalla-bpr': [...lightgcn('gowalla'), '--model', 'bpr', '--set', 'factors=64'],
  'gowalla-ials': [...lightgcn('gowalla'), '--model', 'ials', '--set', 'factors=64'],
  'gowalla-ease': [...lightgcn('gowalla'), '--model', 'ease'],
  'gowalla-itemknn': [...lightgcn('gowalla'), '--model', 'itemknn'],
  'gowalla-rp3beta': [...lightgcn('gowalla'), '--model', 'rp3beta'],
  'gowalla-popularity': [...lightgcn('gowalla'), '--model', 'popularity'],
  'gowalla-graph-filter': [...lightgcn('gowalla'), '--model', 'graph-filter'],
  'amazon-book-ials': [...lightgcn('amazon-book-kgat'), '--model', 'ials', '--set', 'factors=64'],
  'amazon-book-itemknn': [...lightgcn('amazon-book-kgat'), '--model', 'itemknn'],
  'amazon-book-rp3beta': [...lightgcn('amazon-book-kgat'), '--model', 'rp3beta'],
  'amazon-book-graph-filter': [...lightgcn('amazon-book-kgat'), '--model', 'graph-filter'],
};

const at = process.argv.indexOf('--row');
const row = at === -1 ? undefined : process.argv[at + 1];
if (at === -1) {
  for (const [name, args] of Object.entries(ROWS))
    console.log(`${name.padEnd(26)} evaluate ${args.join(' ')}`);
} else if (row === undefined || !Object.hasOwn(ROWS, row)) {
  console.error(`results: no row ${row ?? ''}. Rows: ${Object.keys(ROWS).join(', ')}`);
  process.exitCode = 2;
} else {
  process.exitCode = run(ROWS[row]);
}

function run(args) {
  const own = args.map((arg) =>
    /\.(?:txt|base|test)$/u.test(arg) || arg === 'ml-100k' ? join(DATA, arg) : arg,
  );
  const missing = own.find((arg) => arg.startsWith(DATA) && !existsSync(arg));
  if (missing !== undefined) {
    console.error(`results: skipped, ${missing} is not here (FAIRSHELF_DATA names the folder).`);
    return 0;
  }
  const options = { stdio: 'inherit' };
  const built = spawnSync(
    'npx',
    ['vite', 'build', '--config', 'vite.cli.config.ts', '--logLevel', 'error'],
    options,
  );
  if (built.status !== 0) return built.status ?? 1;
  console.error(
    `${new Date().toISOString().slice(0, 10)}, ${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}`,
  );
  const done = spawnSync(
    'node',
    ['build/cli/fairshelf.mjs', 'evaluate', ...own, '--seed', '1', '--json'],
    options,
  );
  return done.status ?? 1;
}
