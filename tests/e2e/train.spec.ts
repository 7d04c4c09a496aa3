import { expect, test } from '@playwright/test';
import { createProfile } from './support/browser.ts';
import { serve, type Served } from './support/serve.ts';
import {
  checkpointKept,
  finalNdcg,
  iterationReached,
  openTrain,
  RUN_TIMEOUT_MS,
  startTraining,
  trainerWorkers,
  trainingDone,
} from './support/training.ts';

/** WebGPU and CPU on the same data, by the issue. */
const NDCG_TOLERANCE = 0.005;
/** Enough for the curves to be flat to a hundredth, few enough for a software GPU. */
const ITERATIONS = 4;

test.describe.configure({ timeout: 3 * RUN_TIMEOUT_MS });

let served: Served;
test.beforeAll(async () => {
  served = await serve();
});
test.afterAll(async () => {
  await served.close();
});

test('trains on WebGPU and on the CPU engine to the same quality, well above popularity', async ({
  page,
}, info) => {
  await page.addInitScript(() => {
    const tasks: number[] = [];
    Object.assign(globalThis, { longTasks: tasks });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) tasks.push(Math.round(entry.duration));
    }).observe({ type: 'longtask' });
  });
  await openTrain(page, served.url);
  await expect(page.locator('[data-device]')).toHaveText(/graphics processor is ready/i);
  await page.evaluate(() => ((globalThis as unknown as { longTasks: number[] }).longTasks.length = 0));

  await startTraining(page, { device: 'Graphics processor (WebGPU)', iterations: ITERATIONS });
  await trainingDone(page);
  const onGpu = await finalNdcg(page);
  const longTasks = await page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks);
  info.annotations.push({
    type: 'measured',
    description: `main-thread tasks over 50 ms while training: ${
      longTasks.length === 0 ? 'none' : `${longTasks.join(', ')} ms`
    }`,
  });
  console.log(info.annotations.at(-1)?.description);
  const times = Number.parseFloat((await page.locator('[data-figure="times"]').textContent()) ?? '');
  expect(times).toBeGreaterThanOrEqual(2);

  await startTraining(page, { device: 'Processor (CPU engine)', iterations: ITERATIONS });
  await trainingDone(page);
  const onCpu = await finalNdcg(page);
  console.log(`NDCG@10 after ${ITERATIONS} iterations: WebGPU ${onGpu}, CPU ${onCpu}, ${times} × popularity`);
  expect(Math.abs(onGpu - onCpu)).toBeLessThanOrEqual(NDCG_TOLERANCE);
});

test('goes on after a reload from the last checkpoint, and serves the model without training later', async ({
  page,
}) => {
  await openTrain(page, served.url);
  await startTraining(page, { device: 'Processor (CPU engine)', iterations: 60 });
  await checkpointKept(page);
  await page.reload();
  // An interrupted run goes on by itself, in a quiet moment.
  await expect(page.getByText(/Went on from iteration \d+ of an earlier run/)).toBeVisible({
    timeout: RUN_TIMEOUT_MS,
  });
  await trainingDone(page);
  const from = await page.getByText(/Went on from iteration/).textContent();
  expect(Number(/\d+/.exec(from ?? '')?.[0])).toBeGreaterThanOrEqual(1);
  await expect(page.getByText('in use')).toBeVisible();

  await page.goto(`${served.url}#/`);
  await page.reload();
  await expect(page.locator('main article').first()).toBeVisible();
  await page.goto(`${served.url}#/train`);
  await expect(page.getByText('in use')).toBeVisible();
  await expect(page.locator('canvas').first()).toBeVisible();
  await page.goto(`${served.url}#/`);
  await page.reload();
  await expect(page.locator('main article').first()).toBeVisible();
  expect(trainerWorkers(page)).toEqual([]);
});

test('stops when asked, keeps what was learnt, and goes on from there', async ({ page }) => {
  await openTrain(page, served.url);
  await startTraining(page, { device: 'Processor (CPU engine)', iterations: 40 });
  await iterationReached(page, 2);
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText(/^Stopped\. What was learnt so far is kept/)).toBeVisible({
    timeout: RUN_TIMEOUT_MS,
  });
  const resume = page.getByRole('button', { name: /Go on from iteration \d+/ });
  await resume.click();
  await expect(page.getByText(/Went on from iteration/)).toBeVisible({ timeout: RUN_TIMEOUT_MS });
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(resume).toBeVisible({ timeout: RUN_TIMEOUT_MS });
});

test('trains the logistic factorization through tfjs on WebGPU', async ({ page }) => {
  await openTrain(page, served.url);
  await startTraining(page, {
    device: 'Graphics processor (WebGPU)',
    model: 'Logistic factorization',
    iterations: 2,
  });
  await trainingDone(page);
  await expect(page.getByRole('heading', { name: /Logistic factorization in use/ })).toBeVisible();
  expect(await finalNdcg(page)).toBeGreaterThan(0);
});

test('begins on its own once there is something to learn from', async ({ page }) => {
  await page.goto(served.url);
  await page.locator('main article').first().getByRole('button', { name: /^Like/ }).click({ force: true });
  await expect.poll(() => trainerWorkers(page).length, { timeout: RUN_TIMEOUT_MS }).toBe(1);
});

test('refuses hyper-parameters that cannot be, beside the field', async ({ page }) => {
  await openTrain(page, served.url);
  await page.getByText('Advanced', { exact: true }).click();
  const field = page.getByLabel('Factors', { exact: true });
  await field.fill('-3');
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByText('“-3” is not a whole number from 2 to 256.')).toBeVisible();
  await expect(page.getByRole('progressbar')).toHaveCount(0);
});

test('without WebGPU the CPU engine trains, and the page says so', async () => {
  const profile = await createProfile();
  const context = await profile.open([], { webgpu: false });
  try {
    const page = await context.newPage();
    await openTrain(page, served.url);
    await expect(page.locator('[data-device]')).toHaveText(/CPU engine: this browser offers no WebGPU/);
    await expect(page.getByRole('radio', { name: 'Graphics processor (WebGPU)' })).toBeDisabled();
    await startTraining(page, { device: 'Best there is', iterations: 2 });
    await trainingDone(page);
    await expect(page.getByText(/^Training runs on the CPU engine\./)).toBeVisible();
  } finally {
    await context.close();
    await profile.remove();
  }
});

test('survives a crash of the GPU process in the middle of a run', async () => {
  // A browser of its own: one whose GPU process has died is no place for other tests.
  const profile = await createProfile();
  const context = await profile.open();
  try {
    const page = await context.newPage();
    await openTrain(page, served.url);
    await startTraining(page, { device: 'Graphics processor (WebGPU)', iterations: ITERATIONS });
    await iterationReached(page, 1);
    const session = await context.browser()?.newBrowserCDPSession();
    await session?.send('Browser.crashGpuProcess').catch(() => undefined); // the answer dies with the process
    await trainingDone(page);
    await expect(
      page.getByText(/^The device failed after iteration \d+; training went on with/),
    ).toBeVisible();
    expect(await finalNdcg(page)).toBeGreaterThan(0.1);
  } finally {
    await context.close();
    await profile.remove();
  }
});
