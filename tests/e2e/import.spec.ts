import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serve, type Served } from './support/serve.ts';
import { productIds, rate } from './support/shopper.ts';

let served: Served;
test.beforeAll(async () => {
  served = await serve();
});
test.afterAll(async () => {
  await served.close();
});

/** A log with columns of its own: 40 people, 30 things in two tastes, one bad row. */
function oddLog(): string {
  const rows = ['wer;womit;wie_gut;irgendwas'];
  for (let person = 0; person < 40; person++) {
    for (let step = 0; step < 8; step++) {
      const thing = (person % 2) * 15 + ((person * 7 + step * 4) % 15);
      rows.push(`p${person};ding-${thing};${(step % 5) + 1};x${step}`);
    }
  }
  rows.push('p1;ding-2;sehr gut;x');
  return `${rows.join('\n')}\n`;
}

async function give(page: Page, name: string, text: string): Promise<void> {
  await page
    .locator('input[data-pick="files"]')
    .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
}

async function importOddLog(page: Page): Promise<void> {
  await give(page, 'protokoll.csv', oddLog());
  await expect(page.getByRole('heading', { name: 'Say what the columns are' })).toBeVisible();
  await page.getByLabel('This table holds').selectOption('events');
  for (const [column, role] of [
    ['wer', 'user'],
    ['womit', 'item'],
    ['wie_gut', 'rating'],
  ] as const) {
    await page.getByLabel(`Column ${column} is`).selectOption(role);
  }
  await page.getByLabel('Name of the shop').fill('Dinge');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
}

test('a log with columns of its own becomes a shop, once, and goes again', async ({ page }) => {
  await page.goto(`${served.url}#/you`);
  await page.getByRole('link', { name: 'Import data' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Your own shop' })).toBeVisible();

  await importOddLog(page);
  await expect(page.getByRole('heading', { name: 'Dinge is on this device' })).toBeFocused();
  const problems = page.locator('[data-problems] li');
  await expect(problems).toHaveCount(1);
  await expect(problems).toContainText('protokoll.csv · Line 322 · wie_gut');
  await expect(problems).toContainText('sehr gut');
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the report as JSON' }).click();
  expect((await download).suggestedFilename()).toBe('import-mapped.json');

  await page.getByRole('button', { name: 'Open this shop' }).click();
  const ids = await productIds(page);
  expect(ids.every((id) => id.startsWith('ding-'))).toBe(true);
  await rate(page, ids[0]!, 5);
  await page.goto(`${served.url}#/`);
  await expect(page.getByRole('region', { name: 'For you' })).toBeVisible();

  // A start anew opens it again: the site's own shop does not take its place.
  await page.reload();
  expect((await productIds(page)).every((id) => id.startsWith('ding-'))).toBe(true);

  await page.goto(`${served.url}#/import`);
  await importOddLog(page);
  await expect(page.getByRole('heading', { name: 'Dinge was here already' })).toBeVisible();
  const shops = page.getByRole('region', { name: 'Your shops on this device' });
  await expect(shops.getByRole('listitem')).toHaveCount(2);
  await expect(shops.getByText('open now')).toHaveCount(1);

  await shops.getByRole('button', { name: /^Open / }).click();
  await expect(shops.getByRole('button', { name: 'Open Dinge' })).toBeVisible();
  await page.getByRole('link', { name: 'Shop', exact: true }).first().click();
  expect((await productIds(page)).some((id) => id.startsWith('ding-'))).toBe(false);

  await page.goto(`${served.url}#/import`);
  await shops.getByRole('button', { name: 'Remove Dinge' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await expect(shops.getByRole('listitem')).toHaveCount(1);
});

test('undo takes an import back, cancel leaves nothing, a bad row can stop it', async ({ page }) => {
  await page.goto(`${served.url}#/import`);
  const shops = page.getByRole('region', { name: 'Your shops on this device' });
  await expect(shops.getByText('open now')).toBeVisible({ timeout: 30_000 });

  await importOddLog(page);
  await page.getByRole('button', { name: 'Undo the import' }).click();
  await expect(page.getByText('Drop files or a folder here')).toBeVisible();
  await expect(shops.getByRole('listitem')).toHaveCount(1);

  await give(page, 'protokoll.csv', 'user_id;item_id;rating\n'.concat('u1;a;5\n'.repeat(20), 'u2;b;viel\n'));
  await page.getByLabel('Rows that cannot be read').selectOption('stop');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('protokoll.csv, line 22, column rating: “viel”');
  await expect(alert).toContainText('Nothing was kept.');

  const long = ['user_id,item_id,rating,timestamp'];
  for (let row = 0; row < 1_500_000; row++)
    long.push(`${row % 9973},${row % 4001},${(row % 5) + 1},${1e9 + row}`);
  await page.getByRole('button', { name: 'Other files' }).click();
  await give(page, 'long.csv', long.join('\n'));
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByRole('progressbar')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeVisible();
  await expect(shops.getByRole('listitem')).toHaveCount(1);
});

test('files dropped anywhere on the page are looked into', async ({ page }) => {
  await page.goto(`${served.url}#/import`);
  const transfer = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['user_id,item_id,rating\nu1,a,5\nu2,b,3\n'], 'log.csv'));
    return data;
  });
  await page.dispatchEvent('h1', 'drop', { dataTransfer: transfer });
  await expect(page.getByRole('region', { name: 'log.csv', exact: true })).toBeVisible();
});

test('a finished pack comes by files or by a link of this site', async ({ page }) => {
  await page.goto(`${served.url}#/import?pack=packs/demo/`);
  await page.getByRole('button', { name: 'Fetch and check it' }).click();
  await expect(page.getByRole('heading', { name: /^A finished shop: / })).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Keep it on this device' }).click();
  // The site's own shop is the same pack.
  await expect(page.getByText('The same data was imported before, so nothing changed.')).toBeVisible();

  await page.goto(`${served.url}#/import?pack=https://elsewhere.example/pack/`);
  await page.getByRole('button', { name: 'Import something else' }).click();
  await page.getByRole('button', { name: 'Fetch and check it' }).click();
  await expect(page.getByRole('alert')).toContainText('The shop could not be fetched.');
});

const MOVIELENS = join(process.env['FAIRSHELF_DATA'] ?? '../shared/data', 'ml-latest-small');

test('MovieLens is recognised and imported', async ({ page }) => {
  test.skip(!existsSync(MOVIELENS), 'No ml-latest-small beside the checkout.');
  await page.goto(`${served.url}#/import`);
  await page.locator('input[data-pick="folder"]').setInputFiles(MOVIELENS);
  await expect(page.getByRole('heading', { name: 'Recognised: MovieLens' })).toBeVisible();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'MovieLens is on this device' })).toBeVisible({
    timeout: 60_000,
  });
  const step = page.getByRole('region', { name: 'MovieLens is on this device' });
  await expect(step.getByText('100,836', { exact: true }).first()).toBeVisible();
});
