import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { CATALOGUE } from '../../src/cli/demo-pack/catalogue/index.ts';
import { goodreads } from '../lib/import/past/exports.ts';
import { serve, type Served } from './support/serve.ts';

const PRODUCTS = CATALOGUE.flatMap((category) => category.products);
const [FIRST, SECOND, THIRD] = PRODUCTS as [
  (typeof PRODUCTS)[number],
  (typeof PRODUCTS)[number],
  (typeof PRODUCTS)[number],
];

let served: Served;
test.beforeAll(async () => {
  served = await serve();
});
test.afterAll(async () => {
  await served.close();
});

/** Two of the shop's products by their names in two languages, one with a word more, one that the shop does not have. */
const EXPORT = goodreads(
  { id: 90_001, title: `${FIRST.name.en} (A Series, #1)`, rating: 5, read: '2021/03/04' },
  { id: 90_002, title: SECOND.name.zh, rating: 1, read: '2021/03/05', review: 'Not for me.' },
  { id: 90_003, title: `${THIRD.name.en} Companion`, added: '2021/03/06' },
  { id: 90_004, title: 'Gravity’s Rainbow', author: 'Thomas Pynchon', rating: 4, read: '2021/03/07' },
  { id: 90_005, title: 'Eleven stars', rating: 11 },
);

async function give(page: Page): Promise<void> {
  await page.locator('input[data-pick="files"]').setInputFiles({
    name: 'goodreads_library_export.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(EXPORT),
  });
  await expect(page.getByRole('heading', { name: '4 things were found in your files' })).toBeVisible({
    timeout: 30_000,
  });
}

const events = (page: Page): ReturnType<Page['locator']> => page.locator('[data-summary] li').first();

test('a Goodreads export is looked at, kept, changes the shelves, adds nothing twice, and is taken back', async ({
  page,
}) => {
  // Training would only take the cores that this test needs.
  await page.goto(`${served.url}#/train`);
  await page.getByRole('checkbox', { name: /Train on its own/ }).uncheck();
  await page.goto(`${served.url}#/you`);
  await expect(events(page)).toHaveText('0 events');
  await page.getByRole('link', { name: 'Bring your past' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Bring your own past' })).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await give(page);
  const certain = page.getByRole('region', { name: 'Certain' });
  await expect(certain.getByRole('checkbox')).toHaveCount(2);
  for (const box of await certain.getByRole('checkbox').all()) await expect(box).toBeChecked();
  const doubtful = page.getByRole('region', { name: 'To look at' });
  await expect(doubtful.getByRole('checkbox').first()).not.toBeChecked();
  await expect(doubtful).toContainText('Companion');
  await page.getByText('Not in this shop').click();
  await expect(page.locator('[data-missing]')).toContainText('Gravity’s Rainbow');
  await expect(page.locator('[data-problems] li')).toContainText('goodreads_library_export.csv · Line 6');
  await page.getByRole('checkbox', { name: 'The words of your reviews' }).check();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  // Nothing is kept before.
  await page.goto(`${served.url}#/you`);
  await expect(events(page)).toHaveText('0 events');
  await page.goBack();
  await page.getByRole('button', { name: 'Keep 2 things' }).click();
  await expect(page.getByRole('heading', { name: '3 events were added' })).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByRole('link', { name: 'See your shelves' }).click();
  await expect(page.getByRole('region', { name: 'For you' })).toBeVisible({ timeout: 30_000 });

  // Kept for good, with its own day.
  await page.reload();
  await page.goto(`${served.url}#/you`);
  await expect(events(page)).toHaveText('3 events');
  await expect(page.locator(`[data-item="${FIRST.id}"]`)).toContainText('2021');

  await page.goto(`${served.url}#/past`);
  await give(page);
  await page.getByRole('checkbox', { name: 'The words of your reviews' }).check();
  await page.getByRole('button', { name: 'Keep 2 things' }).click();
  await expect(page.getByRole('heading', { name: 'Nothing new' })).toBeVisible();

  await page.getByRole('button', { name: 'Bring more' }).click();
  await give(page);
  await page.getByRole('region', { name: 'To look at' }).getByRole('checkbox').first().check();
  await page.getByRole('button', { name: 'Keep 3 things' }).click();
  await expect(page.getByRole('heading', { name: '1 event was added' })).toBeVisible();
  await page.getByRole('button', { name: 'Take it back' }).click();
  await expect(page.getByText('Drop your export here')).toBeVisible();
  await page.goto(`${served.url}#/you`);
  await expect(events(page)).toHaveText('3 events');
});
