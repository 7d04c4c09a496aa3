import { expect, test } from '@playwright/test';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { copyOfBuild, serve } from './support/serve.ts';
import { productIds, visit } from './support/shopper.ts';
import {
  checkpointKept,
  openTrain,
  RUN_TIMEOUT_MS,
  startTraining,
  trainerWorkers,
} from './support/training.ts';

test('row 16: a killed tab that trains lets another go on; there is one trainer at a time', async ({
  context,
  page,
}) => {
  test.setTimeout(2 * RUN_TIMEOUT_MS);
  const served = await serve();
  const cpu = { device: 'Processor (CPU engine)', iterations: 200 } as const;
  await openTrain(page, served.url);
  await startTraining(page, cpu);
  await checkpointKept(page);

  const other = await context.newPage();
  await openTrain(other, served.url);
  const waits = other.getByText(/^Another tab of this shop is training/);
  const start = other.getByRole('button', { name: /^(Start training|Train again|Start over)$/ });
  // It may have found the interrupted run by itself.
  if (!(await waits.isVisible())) await start.click();
  await expect(waits).toBeVisible();
  const progress = other.getByRole('progressbar', { name: 'Progress of training' });
  await expect(progress).toBeHidden();

  // As dead as by kill -9: no unload, no clean-up.
  const session = await context.newCDPSession(page);
  void session.send('Page.crash').catch(() => undefined);
  await expect(waits).toBeHidden({ timeout: 30_000 });
  const goOn = other.getByRole('button', {
    name: /^(Go on from iteration \d+|Start training|Train again|Start over)/,
  });
  await expect(goOn.or(progress).first()).toBeVisible({ timeout: 30_000 });
  if (!(await progress.isVisible())) await goOn.first().click();
  await expect(progress).toBeVisible({ timeout: RUN_TIMEOUT_MS });
  expect(trainerWorkers(other)).toHaveLength(1);
  await served.close();
});

test('row 56: a deploy that removes the old files leaves an open tab whole, and one without its copy told', async ({
  browser,
  page,
}) => {
  const build = await copyOfBuild();
  const served = await serve({ root: build.root });
  await page.goto(served.url);
  await productIds(page);
  await expect(page.getByText('Ready for offline')).toBeVisible({ timeout: 60_000 });
  // No service worker, so no copy: what a browser does that forbids them.
  const bare = await browser.newContext({ serviceWorkers: 'block' });
  const without = await bare.newPage();
  await without.goto(served.url);
  await productIds(without);

  for (const name of await readdir(join(build.root, 'assets'))) {
    if (/^(You|Basket)-/.test(name)) await rm(join(build.root, 'assets', name));
  }
  await visit(page, '#/you');
  await expect(page.getByRole('button', { name: 'Erase everything' })).toBeVisible();
  await visit(without, '#/basket');
  await expect(without.getByRole('button', { name: /reload/i })).toBeVisible();
  // The rest of that tab goes on.
  await visit(without, '#/');
  await productIds(without);
  await bare.close();
  await served.close();
  await build.remove();
});
