/**
 * Time to the same quality on WebGPU in Chromium: implicit ALS by our kernels, against the same objective by gradient
 * steps in plain tfjs ops (gather, autograd, dense Adam), and by our sparse kernels for tfjs. On a file of interactions
 * (user, item first on each line, separated by a tab, comma or `::`), each counted with strength 1:
 *
 *     node scripts/bench-gradient.mjs ml-100k/u.data [--factors 64] [--iterations 10] [--share 0.98]
 *         [--rivals ops,sparse] [--max-epochs 40] [--max-seconds 900] [--learning-rate 0.005] [--batch 8192] [--drawn 4]
 *
 * A fifth of each user's items is left out of training; the quality is NDCG@10 over all other items. The target is
 * `share` of the best that ALS reaches. Times are of training alone, kernels compiled before. One line of JSON.
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { ensureChromium, QUIET_ARGS, WEBGPU_ARGS } from './chromium.mjs';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    factors: { type: 'string', default: '64' },
    iterations: { type: 'string', default: '10' },
    share: { type: 'string', default: '0.98' },
    rivals: { type: 'string', default: 'ops,sparse' },
    'max-epochs': { type: 'string', default: '40' },
    'max-seconds': { type: 'string', default: '900' },
    'learning-rate': { type: 'string', default: '0.005' },
    batch: { type: 'string', default: '8192' },
    drawn: { type: 'string', default: '4' },
  },
});
const [file] = positionals;
if (file === undefined) {
  console.error('Name a file of interactions.');
  process.exit(1);
}

const server = await createServer({
  configFile: false,
  logLevel: 'error',
  server: { port: 0, hmr: false },
  // found late, they would reload the page in the middle of a run
  optimizeDeps: {
    noDiscovery: true,
    include: [
      '@tensorflow/tfjs-core',
      '@tensorflow/tfjs-core/dist/register_all_gradients',
      '@tensorflow/tfjs-backend-webgpu',
    ],
  },
});
await server.listen();
const browser = await chromium.launch({
  executablePath: ensureChromium(),
  args: [...QUIET_ARGS, ...WEBGPU_ARGS],
});
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  page.on('pageerror', (error) => console.error(error.message));
  page.on('console', (message) => console.error(message.text()));
  const address = server.resolvedUrls?.local[0] ?? '';
  // a page without the app: it would train on its own
  await page.route(`${address}bench`, (route) => route.fulfill({ contentType: 'text/html', body: '' }));
  await page.goto(`${address}bench`);
  const result = await page.evaluate(
    async (request) => (await import('/tests/bench/gradient-gpu.ts')).bench(request),
    {
      triples: readPairs(file),
      factors: Number(values.factors),
      iterations: Number(values.iterations),
      share: Number(values.share),
      rivals: values.rivals.split(','),
      maxEpochs: Number(values['max-epochs']),
      maxSeconds: Number(values['max-seconds']),
      sampling: {
        learningRate: Number(values['learning-rate']),
        batchSize: Number(values.batch),
        drawn: Number(values.drawn),
      },
    },
  );
  console.log(JSON.stringify(result));
  for (const { path, secondsToTarget, ratio, ratioAt } of result.rivals) {
    console.error(
      secondsToTarget === null
        ? `${path}: did not reach NDCG@10 ${result.target.toFixed(4)}; at its best, ${ratioAt.toFixed(4)}, ALS was ${ratio.toFixed(1)} times faster`
        : `${path}: NDCG@10 ${result.target.toFixed(4)} in ${secondsToTarget.toFixed(1)} s; ALS was ${ratio.toFixed(1)} times faster`,
    );
  }
} finally {
  await browser.close();
  await server.close();
}

/** @param {string} path */
function readPairs(path) {
  const users = new Map();
  const items = new Map();
  const [row, column] = [[], []];
  const position = (ids, id) => ids.get(id) ?? ids.set(id, ids.size).size - 1;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [user, item, value] = line.split(/\t|::|,/);
    // a header, or no interaction
    if (item === undefined || Number.isNaN(Number(value))) continue;
    row.push(position(users, user));
    column.push(position(items, item));
  }
  return { rows: users.size, columns: items.size, row, column, strength: row.map(() => 1) };
}
