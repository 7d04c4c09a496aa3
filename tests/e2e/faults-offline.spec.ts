import { expect, test } from '@playwright/test';
import { createProfile } from './support/browser.ts';
import { offlineCopy } from './support/offline.ts';
import { serve } from './support/serve.ts';
import { exportText, productIds, rate, train, visit } from './support/shopper.ts';

test('row 53: after a restart without a network everything works, training included', async () => {
  test.setTimeout(400_000);
  const profile = await createProfile();
  const served = await serve();
  const online = await profile.open();
  const page = await online.newPage();
  await page.goto(served.url);
  const ids = await productIds(page);
  await offlineCopy(page);
  // The community's rows come after the catalogue; training needs them.
  await visit(page, '#/train');
  await expect(page.getByRole('button', { name: 'Start training' })).toBeEnabled({ timeout: 60_000 });
  await online.close();
  await served.close();

  const offline = await profile.open();
  const cold = await offline.newPage();
  const errors: string[] = [];
  cold.on('pageerror', (error) => errors.push(error.message));
  await cold.goto(served.url);
  await productIds(cold);
  await rate(cold, ids[0] ?? '', 5);
  await train(cold, 'Implicit ALS', 2);
  // tfjs was never loaded while there was a network.
  await train(cold, 'Logistic factorization', 1);
  await visit(cold, '#/');
  await cold.getByRole('button', { name: /Why / }).first().click();
  await expect(cold.getByRole('dialog')).toBeVisible();
  await cold.keyboard.press('Escape');
  await cold.getByRole('button', { name: '切换到中文' }).click();
  await expect(cold.locator('html')).toHaveAttribute('lang', /^zh/);
  await cold
    .locator('header')
    .getByRole('button', { name: /English|EN/ })
    .click();
  expect(await exportText(cold)).toContain(ids[0]);
  expect(errors).toEqual([]);
  await offline.close();
  await profile.remove();
});

test('row 58: flags for tfjs in the address have no effect', async ({ page }) => {
  test.setTimeout(200_000);
  const served = await serve();
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  await page.goto(`${served.url}?tfjsflags=DEBUG:true,PROD:true,WEBGPU_CPU_FORWARD:true`);
  await productIds(page);
  await train(page, 'Logistic factorization', 1);
  expect(page.workers().length).toBeGreaterThan(0);
  for (const worker of page.workers()) expect(new URL(worker.url()).search).toBe('');
  // tfjs says so when its debug flag is set.
  expect(said.filter((text) => /debug/i.test(text))).toEqual([]);
  expect(served.log.filter(({ url }) => url.includes('tfjsflags'))).toHaveLength(1);
  await served.close();
});
