/**
 * `npm run screenshots`: pictures of every page of the production build in docs/screenshots, with a visitor who has
 * done things and a model trained here. `--all` makes every size, theme and language, not only the documented ones.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { chromium } from 'playwright';
import { build } from 'vite';
import { ensureChromium, QUIET_ARGS, WEBGPU_ARGS } from './chromium.mjs';
import { createStaticServer, listen } from './server/static-server.mjs';

/** A software GPU takes minutes where a real one takes seconds. */
const TRAINING_TIMEOUT_MS = 1_800_000;
/** Products that the visitor of the pictures touches. */
const PRODUCTS = 10;
const OUT = 'docs/screenshots';
const SIZES = {
  phone: { width: 390, height: 844 },
  laptop: { width: 1280, height: 800 },
  wide: { width: 2560, height: 1440 },
};
const THEMES = ['light', 'dark'];
const LANGUAGES = { en: 'en-US', zh: 'zh-CN' };

/** What the documentation shows: every page once, and each size, theme and language somewhere. */
const DOCUMENTED = new Set([
  'shop-laptop-light-en',
  'shop-phone-light-en',
  'shop-wide-dark-en',
  'shop-laptop-light-zh',
  'product-laptop-light-en',
  'why-laptop-light-en',
  'basket-phone-light-en',
  'you-laptop-light-en',
  'you-phone-dark-zh',
  'train-laptop-light-en',
  'train-laptop-dark-en',
  'models-laptop-light-en',
  'models-phone-dark-zh',
]);

const all = process.argv.includes('--all');
await mkdir(OUT, { recursive: true });
await build({ logLevel: 'warn' });
const server = await listen(createStaticServer({ root: 'dist' }));
const { url } = server;
const browser = await chromium.launch({
  executablePath: ensureChromium(),
  args: [...QUIET_ARGS, ...WEBGPU_ARGS],
});
try {
  const context = await browser.newContext({ serviceWorkers: 'block', locale: 'en-US' });
  const page = await context.newPage();
  const picked = await doThings(page);

  const pages = {
    shop: '#/',
    product: picked,
    why: '#/',
    basket: '#/basket',
    you: '#/you',
    train: '#/train',
    models: '#/models',
  };
  for (const [language, locale] of Object.entries(LANGUAGES)) {
    await switchLanguage(page, locale);
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      for (const [size, viewport] of Object.entries(SIZES)) {
        await page.setViewportSize(viewport);
        for (const [name, hash] of Object.entries(pages)) {
          const shot = `${name}-${size}-${theme}-${language}`;
          if (!all && !DOCUMENTED.has(shot)) continue;
          await page.goto(url + hash);
          await page.waitForTimeout(1200);
          if (name === 'why') {
            await page.locator('main article button.reason').first().click();
            await page.waitForTimeout(600);
          }
          // Numbers and history are below the fold of a laptop.
          const fullPage = ['train', 'you', 'models'].includes(name) && size === 'laptop';
          await page.screenshot({ path: join(OUT, `${shot}.png`), fullPage });
          console.log(shot);
          if (name === 'why') await page.keyboard.press('Escape');
        }
      }
    }
  }
} finally {
  await browser.close();
  await server.close();
}

/** Rates, reviews, orders, fills the basket and trains; returns the address of a rated product. */
async function doThings(page) {
  await page.goto(url);
  const tiles = page.locator('main article h3 a');
  // Cards come one by one, and as far as the window reaches.
  await page.setViewportSize(SIZES.wide);
  await page.waitForFunction(
    (wanted) =>
      new Set([...document.querySelectorAll('main article h3 a')].map(({ href }) => href)).size > wanted,
    PRODUCTS,
  );
  const links = await tiles.evaluateAll((all) => [...new Set(all.map((link) => link.getAttribute('href')))]);
  // Training begins when the pictures want it, not before.
  await page.goto(`${url}#/train`);
  await page.getByRole('checkbox', { name: /Train on its own/ }).uncheck();
  for (const [position, stars] of [5, 4, 5, 2].entries()) {
    await page.goto(`${url}${links[3 * position + 1]}`);
    const group = page.getByRole('group', { name: 'Your rating' });
    await group.getByRole('radio', { name: `${stars} stars`, exact: true }).check({ force: true });
    await page.getByRole('button', { name: 'Clear', exact: true }).waitFor();
  }
  await page.getByRole('textbox', { name: 'Your review' }).fill('Smaller than I thought.');
  await page.getByRole('button', { name: 'Keep the review' }).click();
  for (const href of [links[5], links[6]]) {
    await page.goto(`${url}${href}`);
    await page.locator('main .actions button.primary').first().click();
    await page.waitForTimeout(300);
  }
  await page.goto(`${url}#/basket`);
  await page.getByRole('button', { name: 'Place a pretend order' }).click();
  await page.waitForTimeout(500);
  for (const href of [links[8], links[9]]) {
    await page.goto(`${url}${href}`);
    await page.locator('main .actions button.primary').first().click();
    await page.waitForTimeout(300);
  }
  await page.goto(`${url}#/train`);
  await page.getByRole('button', { name: 'Start training' }).click();
  await page.getByText(/^(Done in|Training failed)/).waitFor({ timeout: TRAINING_TIMEOUT_MS });
  await compareModels(page);
  return links[1];
}

/** Fits the models that the page has chosen already, and waits until each stands against the best. */
async function compareModels(page) {
  await page.goto(`${url}#/models`);
  await page.getByRole('combobox', { name: 'Device' }).selectOption('cpu');
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await page
    .getByText(/clearly behind/)
    .first()
    .waitFor({ timeout: TRAINING_TIMEOUT_MS });
  await page.getByRole('button', { name: 'Compare', exact: true }).waitFor({ timeout: TRAINING_TIMEOUT_MS });
  await page.waitForTimeout(3000);
}

async function switchLanguage(page, locale) {
  await page.setViewportSize(SIZES.laptop);
  await page.goto(`${url}#/`);
  const current = await page.evaluate(() => document.documentElement.lang);
  if (current.startsWith(locale.slice(0, 2))) return;
  await page.locator('header button[lang]').first().click();
  await page.waitForFunction((tag) => document.documentElement.lang.startsWith(tag), locale.slice(0, 2));
}
