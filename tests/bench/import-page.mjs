/**
 * Imports a file of ratings in the page of the production build, next to a plain papaparse parse of it in a worker, each in a
 * Chromium of its own, one after the other (`npx vite build` first):
 *   node tests/bench/import-ratings.mjs build/bench/ml-20m.csv
 *   node tests/bench/import-page.mjs build/bench/ml-20m.csv [--train]
 * Prints rows a second, processor seconds and the peak of memory of the page's process (resident, with its workers),
 * and the main thread's long tasks; then opens the shop, and with --train trains one iteration on the processor.
 * Linux only: it reads /proc.
 */
import { chromium } from '@playwright/test';
import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { findChromium, QUIET_ARGS } from '../../scripts/chromium.mjs';
import { createStaticServer, listen } from '../../scripts/server/static-server.mjs';

const MEBIBYTE = 2 ** 20;
/** Of Linux' processor clock (`getconf CLK_TCK`). */
const TICKS_PER_SECOND = 100;
const STEP_TIMEOUT_MS = 1_800_000;

const { values, positionals } = parseArgs({
  options: { train: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [file] = positionals;
if (file === undefined) throw new Error('Give a file of ratings.');
const rows = await countRows(file);
say(`${file}: ${rows} rows, ${(statSync(file).size / MEBIBYTE).toFixed(0)} MiB`);
await withBrowser(parsePlainly);
await withBrowser(importInPage);

async function parsePlainly(page, memory) {
  const papaparse = readFileSync(resolve('node_modules/papaparse/papaparse.min.js'), 'utf8');
  const worker = `${papaparse};onmessage=({data})=>{let rows=-1;Papa.parse(data,{skipEmptyLines:true,
    chunk:(r)=>{rows+=r.data.length},complete:()=>postMessage(rows)});};`;
  const html = `<!doctype html><title>papaparse</title><input type="file"><output></output><script>
    document.querySelector('input').onchange=(event)=>{const worker=new Worker('worker.js');
    worker.onmessage=({data})=>{document.querySelector('output').textContent=data};worker.postMessage(event.target.files[0]);};</script>`;
  const server = createServer(({ url }, response) => {
    const isWorker = url === '/worker.js';
    response.setHeader('Content-Type', isWorker ? 'text/javascript' : 'text/html');
    response.end(isWorker ? worker : html);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const measure = await memory.begin();
  await page.locator('input').setInputFiles(resolve(file));
  const output = page.locator('output:not(:empty)');
  await output.waitFor({ timeout: STEP_TIMEOUT_MS });
  const parsed = Number(await output.textContent());
  if (parsed !== rows) throw new Error(`papaparse found ${parsed} rows, not ${rows}.`);
  report('papaparse, nothing kept', rows, await measure());
  server.close();
}

async function importInPage(page, memory) {
  await page.addInitScript(() => {
    globalThis.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) globalThis.longTasks.push(Math.round(duration));
    }).observe({ type: 'longtask' });
  });
  const server = createStaticServer({ root: 'dist' });
  const { url, close } = await listen(server, {});
  await page.goto(`${url}#/import`);
  await page.locator('input[data-pick="files"]').waitFor({ state: 'attached' });
  await page.evaluate(() => (globalThis.longTasks.length = 0));
  let measure = await memory.begin();
  await page.locator('input[data-pick="files"]').setInputFiles(resolve(file));
  await page.getByRole('button', { name: 'Import', exact: true }).click({ timeout: STEP_TIMEOUT_MS });
  const step = page.locator('[data-step-now="done"], [data-step-now]:has([role="alert"])');
  await step.waitFor({ timeout: STEP_TIMEOUT_MS });
  const failure = page.locator('[data-step-now] [role="alert"]');
  if (await failure.isVisible()) throw new Error(`The import failed: ${await failure.textContent()}`);
  report('import in the page, kept', rows, await measure(), await longTasks(page));
  say(
    `  ${(await page.locator('[data-step-now] p').allTextContents()).slice(0, 4).join(' | ').replace(/\s+/gu, ' ')}`,
  );

  measure = await memory.begin();
  await page.getByRole('button', { name: 'Open this shop' }).click();
  const product = page.locator('main a[href^="#/product/"]').first();
  await product.waitFor({ timeout: STEP_TIMEOUT_MS });
  report('the shop opens', rows, await measure(), await longTasks(page));
  if (values.train) await trainOnce(page, url, memory);
  await close();
}

async function trainOnce(page, url, memory) {
  await page.goto(`${url}#/train`);
  await page.getByRole('radio', { name: 'Processor (CPU engine)' }).check({ timeout: STEP_TIMEOUT_MS });
  const field = page.getByLabel('Iterations', { exact: true });
  if (!(await field.isVisible())) await page.getByText('Advanced', { exact: true }).click();
  await field.fill('1');
  const measure = await memory.begin();
  await page.getByRole('button', { name: /^(Start training|Train again|Start over)$/ }).click();
  const end = page.getByText(/^(Done in|Training failed|Stopped)/);
  await end.waitFor({ timeout: STEP_TIMEOUT_MS });
  report('one iteration of training', rows, await measure(), await longTasks(page));
  say(`  ${await end.textContent()}`);
}

/** Main-thread tasks over 50 ms since the last call, in milliseconds. */
function longTasks(page) {
  return page.evaluate(() => globalThis.longTasks.splice(0));
}

/** A fresh profile on disk: an incognito one would keep the database in memory. */
async function withBrowser(work) {
  const folder = await mkdtemp(join(tmpdir(), 'fairshelf-import-'));
  const executablePath = findChromium();
  const context = await chromium.launchPersistentContext(folder, {
    ...(executablePath === null ? {} : { executablePath }),
    args: QUIET_ARGS,
    locale: 'en-GB',
  });
  try {
    const [page = await context.newPage()] = context.pages();
    await work(page, { begin: () => beginMeasuring(folder) });
  } finally {
    await context.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The renderers of the browser on a profile, by the processes' own command lines. */
function processes(folder) {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        const [, after] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
        const fields = after.split(' ');
        return [{ pid, command, parent: fields[1], ticks: Number(fields[11]) + Number(fields[12]) }];
      } catch {
        return []; // ended meanwhile
      }
    });
  const roots = new Set(all.filter(({ command }) => command.includes(folder)).map(({ pid }) => pid));
  for (let before = -1; before !== roots.size;) {
    before = roots.size;
    for (const { pid, parent } of all) if (roots.has(parent)) roots.add(pid);
  }
  return all.filter(({ pid, command }) => roots.has(pid) && command.includes('--type='));
}

/** Starts a measurement; the result ends it. Peaks are of the largest renderer, processor time is of all the browser. */
async function beginMeasuring(folder) {
  const used = () => processes(folder).reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_PER_SECOND;
  const largest = () =>
    Math.max(
      ...processes(folder)
        .filter(({ command }) => command.includes('--type=renderer'))
        .map(({ pid }) => residentBytes(pid)),
    );
  const [idleBytes, cpu, began] = [largest(), used(), performance.now()];
  let peakBytes = idleBytes;
  const timer = setInterval(() => (peakBytes = Math.max(peakBytes, largest())), 250);
  return async () => {
    clearInterval(timer);
    return {
      seconds: (performance.now() - began) / 1000,
      cpuSeconds: used() - cpu,
      idleBytes,
      peakBytes,
    };
  };
}

function residentBytes(pid) {
  try {
    return 1024 * Number(/^VmRSS:\s+(\d+)/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0; // ended meanwhile
  }
}

async function countRows(path) {
  let lines = 0;
  for await (const chunk of createReadStream(path)) for (const byte of chunk) if (byte === 10) lines += 1;
  return lines - 1;
}

function report(work, count, { seconds, cpuSeconds, idleBytes, peakBytes }, tasks = []) {
  const mib = (bytes) => `${(bytes / MEBIBYTE).toFixed(0)} MiB`;
  say(
    `${work}: ${seconds.toFixed(1)} s, processor ${cpuSeconds.toFixed(1)} s (${(count / cpuSeconds / 1e6).toFixed(2)} M rows/s), ` +
      `peak ${mib(peakBytes)} = ${((peakBytes - idleBytes) / count).toFixed(1)} bytes a row over the ${mib(idleBytes)} before; ` +
      `long tasks: ${tasks.length === 0 ? 'none' : `${tasks.length}, longest ${Math.max(...tasks)} ms`}`,
  );
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
