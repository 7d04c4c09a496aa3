/**
 * `npm run soak`: a visitor's years in a persistent profile of Chromium, on the production build: 10,000 events, 200
 * trainings, 500 reloads, and 50 times kill -9 to the whole browser at a seeded moment. After every start each event that
 * IndexedDB had acknowledged must be there, and within a life the page's memory must stay flat. Prints figures as JSON.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { findChromium, QUIET_ARGS } from './chromium.mjs';
import { createStaticServer, listen } from './server/static-server.mjs';

const { values } = parseArgs({
  options: { scale: { type: 'string', default: '1' }, seed: { type: 'string', default: '1' } },
});
const scale = Number(values.scale);
const seed = Number(values.seed);
if (!(scale > 0 && scale <= 10) || !Number.isInteger(seed)) {
  console.error('npm run soak -- --scale 0.05 --seed 7: a scale above 0 and at most 10, and a whole number.');
  process.exit(2);
}
if (!existsSync('dist/index.html')) {
  console.error('No build in dist: npm run build');
  process.exit(2);
}
const share = (whole) => Math.max(1, Math.round(whole * scale));
const PLAN = { events: share(10_000), trainings: share(200), reloads: share(500), kills: share(50) };
/** A kill comes this soon after the visitor begins to rate without pause. */
const KILL_WITHIN_MS = 1_500;
/** Memory of the last third of the longest life, by that of the second: above this it grows. */
const MEMORY_RATIO = 1.25;

const generator = xoroshiro128plus(seed);
const draw = (below) => uniformInt(generator, 0, below - 1);
const part = (whole, round) =>
  Math.floor((whole * (round + 1)) / PLAN.kills) - Math.floor((whole * round) / PLAN.kills);

/** In the page: tells of every write to the events, when it is tried and when its transaction is complete. */
function tellWrites() {
  const writes = new WeakMap();
  for (const name of ['add', 'put', 'delete', 'clear']) {
    const original = IDBObjectStore.prototype[name];
    IDBObjectStore.prototype[name] = function (...args) {
      if (this.name === 'events') {
        if (!writes.has(this.transaction)) {
          const list = [];
          writes.set(this.transaction, list);
          this.transaction.addEventListener('complete', () => void globalThis.acknowledged(list));
        }
        const write =
          name === 'clear'
            ? { all: true, text: null }
            : name === 'delete'
              ? { id: args[0], text: null }
              : { id: args[0].id, text: JSON.stringify(args[0]) };
        writes.get(this.transaction).push(write);
        void globalThis.tried(write);
      }
      return original.apply(this, args);
    };
  }
}

/** In the page: rates `products` one after the other, by the stars of its page. */
async function rateAll(products) {
  const until = async (look) => {
    const end = Date.now() + 60_000;
    for (;;) {
      const found = look();
      if (found) return found;
      if (Date.now() > end) throw new Error(`Not there after a minute: ${look}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  for (const { id, stars } of products) {
    location.hash = `#/product/${id}`;
    const star = await until(() =>
      document.querySelector(`main fieldset input[type=radio][value="${stars}"]`),
    );
    star.click();
    // The page shows a change at once; what counts is told when its transaction is complete.
    await until(() => star.checked || !star.isConnected);
    await new Promise((resolve) => setTimeout(resolve));
  }
}

const readEvents = () =>
  new Promise((resolve, reject) => {
    const opening = indexedDB.open('fairshelf');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const reading = opening.result.transaction('events').objectStore('events').getAll();
      reading.onsuccess = () => {
        opening.result.close();
        resolve(reading.result.map((event) => [event.id, JSON.stringify(event)]));
      };
    };
  });

const served = await listen(createStaticServer({ root: 'dist' }));
const profile = await mkdtemp(join(tmpdir(), 'fairshelf-soak-'));
/** What must be there, by id: JSON of the event. */
const ledger = new Map();
/** What was tried since, by id: it may be there or not. */
const open = new Map();
const figures = { acknowledged: 0, lost: 0, trainings: 0, reloads: 0, kills: 0, starts: 0 };
const memory = [];
const pageErrors = [];
const started = Date.now();

function tried({ id, all, text }) {
  for (const it of all ? ledger.keys() : [id]) open.set(it, [...(open.get(it) ?? []), text]);
}
function acknowledged(writes) {
  for (const { id, all, text } of writes) {
    if (text !== null) figures.acknowledged += 1;
    for (const it of all ? [...ledger.keys()] : [id]) {
      if (text === null) ledger.delete(it);
      else ledger.set(it, text);
      // Later ones that are not complete yet stay open.
      const left = (open.get(it) ?? []).slice((open.get(it) ?? []).indexOf(text) + 1);
      if (left.length === 0) open.delete(it);
      else open.set(it, left);
    }
  }
}

/** Medians of what was measured, or null of nothing. */
function median(measured) {
  if (measured.length === 0) return null;
  const of = (name) => measured.map((it) => it[name]).sort((a, b) => a - b)[Math.floor(measured.length / 2)];
  return { bytes: of('bytes'), nodes: of('nodes'), listeners: of('listeners') };
}

async function start() {
  const executablePath = findChromium();
  const context = await chromium.launchPersistentContext(profile, {
    ...(executablePath === null ? {} : { executablePath }),
    args: QUIET_ARGS,
  });
  await context.exposeBinding('tried', (_source, write) => tried(write));
  await context.exposeBinding('acknowledged', (_source, writes) => acknowledged(writes));
  await context.addInitScript(tellWrites);
  const page = context.pages()[0] ?? (await context.newPage());
  page.on('pageerror', (error) => pageErrors.push(error.message));
  await page.goto(served.url);
  await page.locator('main a[href^="#/product/"]').first().waitFor({ timeout: 120_000 });
  figures.starts += 1;
  return { context, page };
}

async function verify(page) {
  const kept = new Map(await page.evaluate(readEvents));
  for (const [id, text] of ledger) {
    if (kept.get(id) === text || (open.get(id) ?? []).includes(kept.get(id) ?? null)) continue;
    figures.lost += 1;
    console.error(`Lost: ${text}; there is ${kept.get(id) ?? 'nothing'}.`);
  }
  ledger.clear();
  open.clear();
  for (const [id, text] of kept) ledger.set(id, text);
}

async function train(page) {
  await page.evaluate(() => void (location.hash = '#/train'));
  await page.getByRole('radio', { name: 'Processor (CPU engine)' }).check({ timeout: 120_000 });
  const field = page.getByLabel('Iterations', { exact: true });
  if (!(await field.isVisible())) await page.getByText('Advanced', { exact: true }).click();
  await field.fill('2');
  // A run that begins by itself goes first.
  await page
    .getByRole('button', { name: /^(Start training|Train again|Start over)$/ })
    .click({ timeout: 240_000 });
  await page
    .getByRole('progressbar', { name: 'Progress of training' })
    .waitFor({ timeout: 30_000 })
    .catch(() => undefined);
  await page.getByText(/^Done in /).waitFor({ timeout: 240_000 });
  figures.trainings += 1;
}

async function measure(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
  await session.detach();
  memory.push({ bytes: usedSize, nodes, listeners: jsEventListeners });
}

/** The whole browser, as a power cut would: every process, none asked. */
async function kill({ context }) {
  const session = await context.browser().newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  for (const { id } of processInfo) {
    try {
      process.kill(id, 'SIGKILL');
    } catch {
      // gone with its parent
    }
  }
  await context.close().catch(() => undefined);
  figures.kills += 1;
}

/** Products and stars that each change what is kept: the same stars again are no event. */
function chosen(count) {
  const starsOf = new Map();
  for (const text of ledger.values()) {
    const { kind, itemId, stars } = JSON.parse(text);
    if (kind === 'rate') starsOf.set(itemId, stars);
  }
  return Array.from({ length: count }, () => {
    const id = ids[draw(ids.length)];
    const before = starsOf.get(id) ?? 0;
    const stars = ((before + draw(before === 0 ? 5 : 4)) % 5) + 1;
    starsOf.set(id, stars);
    return { id, stars };
  });
}

/** Some of the work of a life: rates and trains in turn. */
async function liveThrough(page, events, trainings) {
  for (let at = 0; at < trainings; at += 1) {
    await page.evaluate(rateAll, chosen(Math.ceil(events / trainings)));
    await train(page);
    await measure(page);
  }
}

let ids = [];
try {
  // Half of it without a reload: whatever leaks piles up.
  const long = await start();
  ids = await long.page
    .locator('main a[href^="#/product/"]')
    .evaluateAll((links) => [
      ...new Set(links.map((link) => link.getAttribute('href').slice('#/product/'.length))),
    ]);
  const half = { events: Math.ceil(PLAN.events / 2), trainings: Math.ceil(PLAN.trainings / 2) };
  await liveThrough(long.page, half.events, half.trainings);
  await verify(long.page);
  await long.context.close();
  const [, middle, end] = [0, 1, 2].map((third) =>
    median(
      memory.slice(Math.floor((third * memory.length) / 3), Math.floor(((third + 1) * memory.length) / 3)),
    ),
  );

  for (let round = 0; round < PLAN.kills; round += 1) {
    const life = await start();
    const { page } = life;
    await verify(page);
    await liveThrough(
      page,
      part(PLAN.events - half.events, round),
      part(PLAN.trainings - half.trainings, round),
    );
    for (let at = 0; at < part(PLAN.reloads, round); at += 1) {
      await page.reload();
      await page.locator('main').first().waitFor();
      figures.reloads += 1;
    }
    await page.evaluate(() => void (location.hash = '#/'));
    await page.locator('main a[href^="#/product/"]').first().waitFor({ timeout: 120_000 });
    await verify(page);
    // Rates without pause until the end comes.
    void page.evaluate(rateAll, chosen(10_000)).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, draw(KILL_WITHIN_MS)));
    await kill(life);
    console.error(`round ${round + 1} of ${PLAN.kills}: ${JSON.stringify(figures)}`);
  }
  const last = await start();
  await verify(last.page);
  await last.context.close();

  // Fewer than six say nothing.
  const flat = half.trainings < 6 || end.bytes <= MEMORY_RATIO * middle.bytes;
  const ok = figures.lost === 0 && flat && pageErrors.length === 0 && figures.acknowledged >= PLAN.events;
  console.log(
    JSON.stringify({
      ok,
      seed,
      plan: PLAN,
      ...figures,
      pageErrors,
      memoryOfLongestLife: { trainings: half.trainings, middle, end, flat },
      seconds: Math.round((Date.now() - started) / 1000),
    }),
  );
  process.exitCode = ok ? 0 : 1;
} finally {
  await served.close();
  await rm(profile, { recursive: true, force: true, maxRetries: 5 });
}
