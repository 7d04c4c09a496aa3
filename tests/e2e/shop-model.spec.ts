import { expect, test } from '@playwright/test';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePack } from '../../src/lib/pack/write.ts';
import type { Item, ItemId, ItemIndex, PackId } from '../../src/lib/types.ts';
import { createProfile } from './support/browser.ts';
import { serve } from './support/serve.ts';
import { productIds, rate, visit } from './support/shopper.ts';

const ITEMS = 40;

/** Names tell nothing of who likes what: even positions go together, and odd ones, by their factors alone. */
function item(index: number): Item {
  return {
    index: index as ItemIndex,
    id: `thing-${index}` as ItemId,
    name: { en: `Thing ${index}` },
    brand: '',
    category: 'things',
    price: 1 + index,
    description: {},
    attributes: [],
    art: null,
    popularity: ITEMS - index,
    ratingCounts: [0, 0, 0, 0, 0],
  };
}

async function writeShop(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fairshelf-factors-'));
  const itemFactors = new Float32Array(2 * ITEMS);
  for (let index = 0; index < ITEMS; index++) itemFactors[2 * index + (index % 2)] = 1 + index / ITEMS;
  const { manifestText, files } = await writePack({
    about: {
      id: 'factors-only' as PackId,
      name: { en: 'Quiet shop' },
      description: {},
      simulated: false,
      languages: ['en'],
      licence: 'MIT',
      source: {},
      currency: 'EUR',
      categories: [{ key: 'things', name: { en: 'Things' }, art: null }],
    },
    items: Array.from({ length: ITEMS }, (_, index) => item(index)),
    art: new Map(),
    interactions: null,
    reviews: [],
    factors: {
      bits: 8,
      model: {
        model: 'ials',
        factors: 2,
        itemFactors,
        hyperparameters: {
          ...{ factors: 2, alpha: 1, unobservedWeight: 0.1, regularization: 0.01, frequencyScaling: 1 },
          ...{ initialScale: 0.1, iterations: 10, cgSteps: 0 },
        },
        iterations: 10,
        interactions: 1000,
        quality: { users: 0, ndcgAt10: 0, recallAt10: 0, popularityNdcgAt10: 0 },
        trainer: 'implicit',
      },
    },
  });
  for (const { path, bytes } of files) await writeFile(join(folder, path), bytes);
  await writeFile(join(folder, 'pack.json'), manifestText);
  return folder;
}

test('a shop that gives away item factors alone recommends by them without a network, and has nothing to train on', async () => {
  test.setTimeout(180_000);
  const folder = await writeShop();
  const served = await serve({ pack: folder });
  const profile = await createProfile();
  const context = await profile.open([]);
  const page = await context.newPage();

  await page.goto(served.url);
  await productIds(page);
  await visit(page, '#/train');
  await expect(page.getByText(/Came with the shop, trained by implicit/)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('Quality not measured')).toBeVisible();
  await expect(page.getByText(/sends a ready model instead/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start training' })).toHaveCount(0);

  await rate(page, 'thing-5', 5);
  await context.setOffline(true);
  await visit(page, '#/');
  await expect(page.getByText('because you rated Thing 5 5').first()).toBeVisible({ timeout: 30_000 });
  // only odd things share a factor with it; even ones are more popular
  const reasoned = page.locator('article, li').filter({ hasText: 'because you rated Thing 5' });
  const hrefs = await reasoned
    .locator('a[href^="#/product/thing-"]')
    .evaluateAll((links) => links.map((link) => Number(link.getAttribute('href')?.split('-').at(-1))));
  // cards further along the shelf are made when it is scrolled to
  expect(hrefs.length).toBeGreaterThan(0);
  expect(hrefs.filter((index) => index % 2 === 0)).toEqual([]);

  await context.close();
  await profile.remove();
  await served.close();
  await rm(folder, { recursive: true });
});
