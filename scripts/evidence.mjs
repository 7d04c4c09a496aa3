/**
 * `npm run evidence -- --pack DIR [--screenshot FILE]`: uses the shop with a pack as a visitor would, in Chromium
 * with WebGPU (SwiftShader where there is no GPU): trains, rates five products, reads the shelf. Prints what it
 * saw as JSON. Builds nothing: run `npm run build` first.
 */
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { ensureChromium, QUIET_ARGS, WEBGPU_ARGS } from './chromium.mjs';
import { createStaticServer, listen } from './server/static-server.mjs';

const TRAINING_TIMEOUT_MS = 1_800_000;
const RATED = 5;

const { values } = parseArgs({
  options: {
    pack: { type: 'string' },
    screenshot: { type: 'string' },
    model: { type: 'string', default: 'Implicit ALS' },
    device: { type: 'string', default: 'Best there is' },
  },
});

const served = await listen(createStaticServer({ root: 'dist', pack: values.pack ?? null }));
const browser = await chromium.launch({
  executablePath: ensureChromium(),
  args: [...QUIET_ARGS, ...WEBGPU_ARGS],
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'en-US' });
  await page.goto(served.url);
  await page.locator('main a[href^="#/product/"]').first().waitFor();
  const trained = await train(page);
  const rated = await rateFive(page);
  await go(page, '#/');
  await page.getByRole('heading', { name: 'For you' }).waitFor();
  await page.waitForTimeout(1_500); // the items glide to their places
  const shelf = await page
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: 'For you' }) })
    .getByRole('button', { name: /Why / })
    .evaluateAll((buttons) => buttons.slice(0, 10).map((button) => button.getAttribute('aria-label')));
  if (values.screenshot !== undefined) await page.screenshot({ path: values.screenshot });
  console.log(JSON.stringify({ ...trained, rated, shelf }, null, 2));
} finally {
  await browser.close();
  await served.close();
}

/** Trains on the Train page; returns what the kept model says of itself. */
async function train(page) {
  await go(page, '#/train');
  await page.getByRole('radio', { name: values.model }).check({ force: true });
  await page.getByRole('radio', { name: values.device }).check({ force: true });
  await page.getByRole('button', { name: 'Start training' }).click();
  await page.getByText(/^(Done in|Training failed)/).waitFor({ timeout: TRAINING_TIMEOUT_MS });
  const snapshot = await page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('fairshelf');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const reading = opening.result.transaction('snapshots').objectStore('snapshots').getAll();
          reading.onerror = () => reject(reading.error);
          reading.onsuccess = () => resolve(reading.result[0] ?? null);
        };
      }),
  );
  if (snapshot === null) throw new Error('Training ended without a kept model.');
  const { ndcgAt10, popularityNdcgAt10, recallAt10, users } = snapshot.quality;
  return {
    pack: snapshot.packId,
    model: snapshot.model,
    device: snapshot.device,
    deviceName: snapshot.deviceName,
    items: snapshot.items,
    interactions: snapshot.interactions,
    factors: snapshot.factors,
    iterations: snapshot.iterations,
    trainSeconds: Math.round(snapshot.trainSeconds * 10) / 10,
    heldOutUsers: users,
    ndcgAt10,
    popularityNdcgAt10,
    againstPopularity: ndcgAt10 / popularityNdcgAt10,
    recallAt10,
  };
}

/** Gives five stars to the five most popular products. */
async function rateFive(page) {
  await go(page, '#/');
  const links = page.locator('main a[href^="#/product/"]');
  await links.first().waitFor();
  await page.waitForTimeout(1_000);
  const hrefs = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  const rated = [];
  for (const href of [...new Set(hrefs)].slice(0, RATED)) {
    await go(page, href);
    await page
      .getByRole('group', { name: 'Your rating' })
      .getByRole('radio', { name: '5 stars', exact: true })
      .check({ force: true });
    await page.getByRole('button', { name: 'Clear', exact: true }).waitFor();
    rated.push(await page.getByRole('heading', { level: 1 }).innerText());
  }
  return rated;
}

/** Follows a hash as a link would, without loading the document anew. */
async function go(page, hash) {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
}
