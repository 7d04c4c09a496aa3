import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { serve, type Served } from './support/serve.ts';

let served: Served;
test.beforeAll(async () => {
  served = await serve();
});
test.afterAll(async () => {
  await served.close();
});

test.describe.configure({ timeout: 300_000 });

test('compares models side by side, keeps the figures over a reload, and gives them out', async ({
  page,
}) => {
  await page.goto(`${served.url}#/train`);
  await page.getByRole('link', { name: 'Compare models' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Compare models' })).toBeVisible();
  await page.getByRole('combobox', { name: 'Device' }).selectOption('cpu');
  for (const box of await page.getByRole('checkbox').all()) await box.setChecked(false, { force: true });
  for (const name of ['Implicit ALS', 'Popularity', 'Recent popularity']) {
    await page.getByRole('checkbox', { name, exact: true }).setChecked(true, { force: true });
  }
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  const board = page.getByRole('region', { name: 'Leaderboard' });
  await expect(board.locator('ol > li')).toHaveCount(3, { timeout: 240_000 });
  await expect(board.locator('ol > li').first()).toContainText('Implicit ALS');
  await expect(board.getByText(/clearly behind \(p = /u).first()).toBeVisible();

  await board.getByRole('button', { name: 'Details of Implicit ALS' }).click();
  await board.getByLabel('Name').fill('My ALS');
  await board.getByLabel('Name').press('Enter');
  await expect(board.locator('ol > li').first()).toContainText('My ALS');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);

  await page.reload();
  await expect(board.locator('ol > li').first()).toContainText('My ALS');
  const download = page.waitForEvent('download');
  await board.getByRole('button', { name: 'Save as CSV' }).click();
  expect((await download).suggestedFilename()).toBe('fairshelf-models.csv');
});

test('goes on after a reload in the middle', async ({ page }) => {
  await page.goto(`${served.url}#/models`);
  await page.getByRole('combobox', { name: 'Device' }).selectOption('cpu');
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await expect(page.getByRole('heading', { name: /: 1 of \d/u })).toBeVisible();
  await page.reload();
  await expect(page.getByText(/A comparison was interrupted/u)).toBeVisible();
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('heading', { name: /: \d of \d/u })).toBeVisible();
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByRole('button', { name: 'Forget it' })).toBeVisible();
  await page.getByRole('button', { name: 'Forget it' }).click();
  await expect(page.getByText(/A comparison was interrupted/u)).toBeHidden();
});

test('cross-validates part by part, goes on behind the parts that are done, and shows how groups fare', async ({
  page,
}) => {
  await page.goto(`${served.url}#/models`);
  await page.getByRole('combobox', { name: 'Device' }).selectOption('cpu');
  await page.getByRole('combobox', { name: 'What is held back' }).selectOption('kfold');
  for (const box of await page.getByRole('checkbox').all()) await box.setChecked(false, { force: true });
  for (const name of ['Implicit ALS', 'Biased factorization']) {
    await page.getByRole('checkbox', { name, exact: true }).setChecked(true, { force: true });
  }
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await expect(page.getByText(/^Part 2 of 5: /u)).toBeVisible({ timeout: 120_000 });
  await page.reload();
  await page.getByRole('button', { name: 'Go on' }).click();
  // the first part is not fitted again
  await expect(page.getByText(/^Part [2-5] of 5: /u)).toBeVisible({ timeout: 60_000 });
  const board = page.getByRole('region', { name: 'Leaderboard' });
  await expect(board.locator('ol > li')).toHaveCount(2, { timeout: 240_000 });
  await board.getByRole('button', { name: 'Details of Implicit ALS' }).click();
  await board.getByText('Figures of each of the 5 parts').click();
  await expect(board.getByRole('row', { name: /^ndcg@10( 0\.\d{4}){5}$/u })).toBeVisible();
  const groups = board.getByRole('table', { name: /By how popular a product is.*recall@10/u });
  await expect(groups.getByRole('row')).toHaveCount(2);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
  // a phone's page must not scroll sideways
  await page.setViewportSize({ width: 390, height: 844 });
  await expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth))
    .toBeLessThanOrEqual(0);
});
