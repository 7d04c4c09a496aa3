import { expect, type Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';

/** Opens a page of the shop by its hash without loading the document anew. */
export async function visit(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
}

/** Waits for the shop's catalogue; returns the ids of the first products on it. */
export async function productIds(page: Page): Promise<readonly string[]> {
  const links = page.locator('main a[href^="#/product/"]');
  await expect(links.first()).toBeVisible({ timeout: 30_000 });
  const hrefs = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
  return [...new Set(hrefs.map((href) => href.slice('#/product/'.length)))];
}

/** Rates a product on its page. */
export async function rate(page: Page, productId: string, stars: number): Promise<void> {
  await visit(page, `#/product/${productId}`);
  await page
    .getByRole('group', { name: 'Your rating' })
    .getByRole('radio', { name: stars === 1 ? '1 star' : `${stars} stars`, exact: true })
    .check({ force: true });
  await expect(page.getByRole('button', { name: 'Clear', exact: true })).toBeVisible();
}

/** Trains a model to the end on the Train page. `iterations` keeps it short. */
export async function train(page: Page, model: string, iterations: number): Promise<void> {
  await visit(page, '#/train');
  await page.getByRole('radio', { name: model }).check({ force: true });
  await page.getByText('Advanced', { exact: true }).click();
  await page.getByLabel(/^Iterations/).fill(String(iterations));
  await page.getByRole('button', { name: /^(Start training|Train again|Start over)$/ }).click();
  await expect(page.getByText(/^Done in /)).toBeVisible({ timeout: 110_000 });
}

/** Compares the models that the Models page has chosen already, and gives the best one a name. */
export async function compareModels(page: Page, name: string): Promise<void> {
  await visit(page, '#/models');
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  const board = page.getByRole('region', { name: 'Leaderboard' });
  await expect(board.locator('ol > li')).toHaveCount(4, { timeout: 240_000 });
  // Each is compared with the best, user by user, in a worker of its own.
  await expect(board.getByText(/clearly behind/).first()).toBeVisible({ timeout: 60_000 });
  await board
    .getByRole('button', { name: /^Details of/ })
    .first()
    .click();
  await board.getByLabel('Name').fill(name);
  await board.getByLabel('Name').press('Enter');
  await expect(board.locator('strong').first()).toHaveText(name);
}

/** The visitor's export, as downloaded. */
export async function exportText(page: Page): Promise<string> {
  await visit(page, '#/you');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export as JSON' }).click();
  return readFile(await (await download).path(), 'utf8');
}

/** Erases everything on the You page; the page reloads by itself. */
export async function eraseEverything(page: Page): Promise<void> {
  await visit(page, '#/you');
  await page.getByRole('button', { name: 'Erase everything' }).click();
  await page.getByRole('textbox', { name: 'Type ERASE' }).fill('ERASE');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Erase everything' }).click();
}
