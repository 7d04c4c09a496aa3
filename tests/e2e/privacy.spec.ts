import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { listFiles } from '../../scripts/server/static-server.mjs';
import { createProfile, type Profile } from './support/browser.ts';
import { canariesIn, canary } from './support/canary.ts';
import { startForeignListeners, type ForeignListeners } from './support/foreign.ts';
import { offlineCopy } from './support/offline.ts';
import { serve, type Served } from './support/serve.ts';
import {
  compareModels,
  eraseEverything,
  exportText,
  productIds,
  rate,
  train,
  visit,
} from './support/shopper.ts';
import { watch, type Watched } from './support/watch.ts';

/**
 * Nothing leaves: one visitor's whole life in the shop, with marks planted in it, in a browser for which every
 * other host is a listener of ours. `privacy-control.spec.ts` shows that those listeners hear.
 */
test.describe.configure({ mode: 'serial' });

const NOTE = 'Zaunkönig-canary-7f3a';
const SEARCH = 'quokka-canary-51c0';
const NAME = 'heron-canary-90be';

let foreign: ForeignListeners;
let served: Served;
let profile: Profile;
let context: BrowserContext;
let page: Page;
let watched: Watched;
let product = '';
let exported = '';

test.beforeAll(async () => {
  foreign = await startForeignListeners();
  served = await serve();
  profile = await createProfile();
  context = await profile.open(foreign.browserArgs);
  page = await context.newPage();
  watched = await watch(page);
});
test.afterAll(async () => {
  await context.close();
  await profile.remove();
  await served.close();
  await foreign.close();
});

test('a visitor looks, rates, reviews, buys, trains, compares models, asks why, exports and erases', async () => {
  test.setTimeout(400_000);
  await page.goto(served.url);
  [product = ''] = await productIds(page);
  await offlineCopy(page);

  await rate(page, product, 4);
  await page.getByRole('textbox', { name: 'Your review' }).fill(NOTE);
  await page.getByRole('button', { name: 'Keep the review' }).click();
  await expect(page.getByRole('button', { name: 'Delete the review' })).toBeVisible();
  await page.getByRole('button', { name: 'Put in the basket' }).click();
  await visit(page, '#/basket');
  await page.getByRole('button', { name: 'Place a pretend order' }).click();
  await expect(page.getByText(/^Order of /).first()).toBeVisible();
  await visit(page, '#/');
  await page.getByRole('textbox', { name: 'Search the shop' }).fill(SEARCH);
  await page.keyboard.press('Enter');

  await train(page, 'Implicit ALS', 2);
  await train(page, 'Logistic factorization', 1);
  await compareModels(page, NAME);

  await visit(page, '#/');
  await page.getByRole('textbox', { name: 'Search the shop' }).fill('');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /Why / }).first().click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');

  exported = await exportText(page);
  await page.getByRole('button', { name: '切换到中文' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', /^zh/);
  await page
    .locator('header')
    .getByRole('button', { name: /English|EN/ })
    .click();
  await eraseEverything(page);
  await expect(page.getByRole('heading', { name: 'Nothing yet' })).toBeVisible({ timeout: 30_000 });
  await page.close();
  // What is sent while a page closes arrives after it.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
});

test('the marks were planted, and the search would find them', () => {
  expect(exported).toContain(NOTE);
  expect(exported).toContain(product);
  const marks = [
    canary('note', NOTE),
    canary('search', SEARCH),
    canary('name', NAME),
    canary('product', product),
  ];
  for (const mark of marks) {
    for (const form of mark.forms) expect(canariesIn(`x${form}y`, marks), form).toContain(mark.name);
  }
  expect(canariesIn(Buffer.from(`{"text":"${NOTE}"}`).toString('base64'), marks)).toEqual(['note']);
});

test('oracle 1: no foreign listener heard anything', () => {
  expect(foreign.hits).toEqual([]);
});

test('oracle 3: the server was asked for files of the build, by GET, and for nothing else', async () => {
  const files = new Set(await listFiles('dist'));
  const marks = [
    canary('note', NOTE),
    canary('search', SEARCH),
    canary('name', NAME),
    canary('product', product),
  ];
  expect(served.log.length).toBeGreaterThan(20);
  for (const { method, url, status, headers } of served.log) {
    expect(method, url).toBe('GET');
    expect(url === '/' || files.has(url), url).toBe(true);
    expect(status, url).toBe(200);
    // Chromium names the service worker's own script when it looks for a newer one.
    if (headers['referer'] !== undefined) expect(headers['referer']).toBe(`${served.url}sw.js`);
    for (const name of ['cookie', 'authorization', 'content-length', 'transfer-encoding']) {
      expect(headers[name], `${name} of ${url}`).toBeUndefined();
    }
    expect(canariesIn(`${url}\n${JSON.stringify(headers)}`, marks), url).toEqual([]);
  }
});

test('oracle 4: page, workers and service worker asked only their own server', () => {
  expect([...watched.targets].sort()).toEqual(expect.arrayContaining(['page', 'service_worker', 'worker']));
  const origin = new URL(served.url).origin;
  expect(watched.requests.length).toBeGreaterThan(20);
  for (const { target, method, url } of watched.requests) {
    expect(method, url).toBe('GET');
    // blob: is the page's own memory: product art, the export.
    expect(new URL(url).origin, `${target}: ${url}`).toBe(origin);
  }
});

test('oracle 5: nothing broke the policy', () => {
  expect(watched.violations).toEqual([]);
});
