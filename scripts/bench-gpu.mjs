/**
 * Seconds an iteration of iALS takes on WebGPU, on a file of interactions (user, item, strength first on each line,
 * separated by a tab, comma or `::`, as MovieLens has them):
 *
 *     node scripts/bench-gpu.mjs ml-100k/u.data [--factors 64] [--iterations 7] [--short-rows auto|dual|primal]
 *     node scripts/bench-gpu.mjs --synthetic 140000,27000,20000000 --factors 8 --iterations 2
 *
 * Bindings are limited to WebGPU's default of 128 MiB. The first iteration compiles the kernels: it is told apart and left out of the median.
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
    iterations: { type: 'string', default: '7' },
    synthetic: { type: 'string' },
    'short-rows': { type: 'string', default: 'auto' },
  },
});
const [file] = positionals;
const size = values.synthetic?.split(',').map(Number);
if (file === undefined && size === undefined) {
  console.error('Name a file of interactions, or --synthetic USERS,ITEMS,INTERACTIONS.');
  process.exit(1);
}

const server = await createServer({
  configFile: false,
  logLevel: 'error',
  server: { port: 0, hmr: false },
  // the bench page imports few modules, all of them ESM
  optimizeDeps: { noDiscovery: true, include: [] },
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
  const address = server.resolvedUrls?.local[0] ?? '';
  // a page without the app: it would train on its own
  await page.route(`${address}bench`, (route) => route.fulfill({ contentType: 'text/html', body: '' }));
  await page.goto(`${address}bench`);
  const result = await page.evaluate(
    async (request) => (await import('/tests/bench/ials-gpu.ts')).bench(request),
    {
      data:
        size === undefined
          ? { triples: readTriples(file) }
          : { synthetic: { users: size[0], items: size[1], interactions: size[2] } },
      factors: Number(values.factors),
      iterations: Number(values.iterations),
      shortRows: values['short-rows'],
    },
  );
  const [first = 0, ...rest] = result.iterations;
  console.log(
    JSON.stringify({
      device: result.device,
      interactions: result.interactions,
      loss: result.loss,
      deviceMiB: +(result.deviceBytes / 2 ** 20).toFixed(1),
      longestDispatch: result.longestDispatch,
      firstSeconds: +(first / 1000).toFixed(3),
      medianSeconds: +(median(rest) / 1000).toFixed(3),
      allSeconds: rest.map((time) => +(time / 1000).toFixed(3)),
      callMilliseconds: Object.fromEntries(
        Object.entries(result.calls).map(([name, times]) => [
          name,
          +median(times.slice(times.length / result.iterations.length)).toFixed(1),
        ]),
      ),
    }),
  );
} finally {
  await browser.close();
  await server.close();
}

/** @param {string} path */
function readTriples(path) {
  const users = new Map();
  const items = new Map();
  const [row, column, strength] = [[], [], []];
  const position = (ids, id) => ids.get(id) ?? ids.set(id, ids.size).size - 1;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [user, item, value] = line.split(/\t|::|,/);
    if (value === undefined || Number.isNaN(Number(value))) continue;
    row.push(position(users, user));
    column.push(position(items, item));
    strength.push(Number(value));
  }
  return { rows: users.size, columns: items.size, row, column, strength };
}

/** @param {readonly number[]} numbers */
function median(numbers) {
  const sorted = numbers.toSorted((first, second) => first - second);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
