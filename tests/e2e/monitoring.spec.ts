import { expect, test, type Page } from '@playwright/test';
import { CATALOGUE } from '../../src/cli/demo-pack/catalogue/index.ts';
import { serve, type Served } from './support/serve.ts';
import { visit } from './support/shopper.ts';
import { openTrain, RUN_TIMEOUT_MS, startTraining, trainingDone } from './support/training.ts';

test.describe.configure({ timeout: 2 * RUN_TIMEOUT_MS });

let served: Served;
test.beforeAll(async () => {
  served = await serve();
});
test.afterAll(async () => {
  await served.close();
});

const SLOW = { timeout: 60_000 };
/** Two departments with nothing in common. */
const [BEFORE, SINCE] = ['coffee-tea', 'fashion'] as const;

/** Likes the first products of a department, as its page shows them. */
async function likeSome(page: Page, department: string, count: number): Promise<void> {
  expect(CATALOGUE.map(({ key }) => key)).toContain(department);
  await visit(page, `#/?category=${department}`);
  const likes = page.locator('main article button.like');
  await expect.poll(() => likes.count(), SLOW).toBeGreaterThanOrEqual(count);
  for (let at = 0; at < count; at++) {
    const button = likes.nth(at);
    await button.click({ force: true });
    await expect(button).toHaveAttribute('aria-pressed', 'true', SLOW);
  }
}

test('logs predictions against what the visitor does, and suggests training once their taste has moved', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1280, height: 2400 });
  await openTrain(page, served.url);
  await page.getByRole('checkbox', { name: /Train on its own/ }).uncheck();
  await likeSome(page, BEFORE, 8);

  await visit(page, '#/train');
  await startTraining(page, { device: 'Processor (CPU engine)', iterations: 6 });
  await trainingDone(page);
  const card = page.getByRole('region', { name: 'How well it predicts you' });
  await expect(card.getByText(/^0 of the 10 products needed/)).toBeVisible(SLOW);
  await expect(card.getByText('Too early to say.')).toBeVisible();
  await expect(card.getByRole('button', { name: 'Train with what is new' })).toHaveCount(0);

  await likeSome(page, SINCE, 12);
  await visit(page, '#/train');
  // predicted against actual: a line and a rank for each product
  const chart = card.getByRole('img', { name: /over 12 products: this model \d+%, popularity \d+%/ });
  await expect(chart).toBeVisible(SLOW);
  await expect(card.locator('[data-figure="hit-rate"]')).toHaveText(/^\d+%$/);
  await card.getByText('Product by product').click();
  const rows = card.locator('details table tbody tr');
  await expect(rows).toHaveCount(12);
  for (const rank of await rows.locator('td:nth-child(3)').allTextContents()) {
    expect(Number(rank.replaceAll(',', ''))).toBeGreaterThanOrEqual(1);
  }
  // once it has seen some of the new things it follows: the last are ranked better than the first
  const ranks = (await rows.locator('td:nth-child(3)').allTextContents()).map((text) => Number(text));
  const mean = (part: readonly number[]): number => part.reduce((sum, rank) => sum + rank, 0) / part.length;
  expect(mean(ranks.slice(-4))).toBeLessThan(mean(ranks.slice(0, 4)));

  await expect(card.getByRole('img', { name: /Prediction against what you liked/ })).toBeVisible();
  await expect(card.getByText(/Your taste has moved since the model was trained/)).toBeVisible();
  await expect(card.getByText('You turn to other things than before.')).toBeVisible();

  // the figures come from the kept events: they are there after a reload
  await page.reload();
  await expect(chart).toBeVisible(SLOW);

  await card.getByRole('button', { name: 'Train with what is new' }).click();
  await trainingDone(page);
  await expect(card.getByText(/^0 of the 10 products needed/)).toBeVisible(SLOW);
  await expect(card.getByText('You turn to other things than before.')).toBeHidden();
});
