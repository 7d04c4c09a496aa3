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

test('measures on the processor and on WebGPU, and stops when told to', async ({ page }) => {
  await page.goto(`${served.url}#/bench`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const results = page.getByRole('region', { name: 'Results' }).getByRole('listitem');

  await page.getByLabel('Interactions').fill('2000');
  await page.getByLabel('Factors').fill('0');
  await page.getByRole('button', { name: 'Measure' }).click();
  await expect(page.getByLabel('Factors')).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel('Factors').fill('8');
  for (const device of ['cpu', 'webgpu']) {
    await page.getByRole('combobox', { name: 'Device' }).selectOption(device);
    await page.getByRole('button', { name: 'Measure' }).click();
    await expect(results).toHaveCount(device === 'cpu' ? 1 : 2, { timeout: 60_000 });
    await expect(page.getByRole('button', { name: 'Measure' })).toBeVisible();
  }
  await expect(results.first()).toContainText('WebAssembly SIMD');
  await expect(results.last()).not.toContainText('CPU engine');

  await page.getByRole('combobox', { name: 'What to measure' }).selectOption('foldin');
  await page.getByRole('combobox', { name: 'Device' }).selectOption('cpu');
  await page.getByLabel('Runs').fill('1000');
  await page.getByRole('button', { name: 'Measure' }).click();
  await expect(page.getByRole('status').filter({ hasText: /^Run \d+ of 1,000/u })).toBeVisible();
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByRole('button', { name: 'Measure' })).toBeVisible();
  await expect(results).toHaveCount(2);

  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Bench' })).toHaveCount(0);
});
