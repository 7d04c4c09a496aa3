import { expect, type Page } from '@playwright/test';
import { DATABASE_NAME } from '../../../src/lib/storage/schema.ts';

/** A run on a software GPU that shares two cores with everything else takes its time. */
export const RUN_TIMEOUT_MS = 240_000;

/** Opens the Train page and waits until the browser has said what it can train on. */
export async function openTrain(page: Page, url: string): Promise<void> {
  await page.goto(`${url}#/train`);
  await expect(page.locator('[data-device]')).not.toHaveText(/Asking/, { timeout: RUN_TIMEOUT_MS });
}

export interface RunChoice {
  readonly device: 'Best there is' | 'Graphics processor (WebGPU)' | 'Processor (CPU engine)';
  readonly model?: 'Implicit ALS' | 'Logistic factorization';
  /** Left to the model where not given. */
  readonly iterations?: number;
}

/** Chooses and presses start. */
export async function startTraining(page: Page, { device, model, iterations }: RunChoice): Promise<void> {
  if (model !== undefined) await page.getByRole('radio', { name: model }).check();
  await page.getByRole('radio', { name: device }).check();
  if (iterations !== undefined) {
    const field = page.getByLabel('Iterations', { exact: true });
    if (!(await field.isVisible())) await page.getByText('Advanced', { exact: true }).click();
    await field.fill(String(iterations));
  }
  await page.getByRole('button', { name: /^(Start training|Train again|Start over)$/ }).click();
}

/** Waits for "Done in …"; fails at once where the page says that training failed. */
export async function trainingDone(page: Page): Promise<void> {
  const end = page.getByText(/^(Done in|Training failed|Stopped)/);
  await expect(end).toBeVisible({ timeout: RUN_TIMEOUT_MS });
  await expect(end).toHaveText(/^Done in/);
}

/** Waits until a number of iterations are done. */
export async function iterationReached(page: Page, iteration: number): Promise<void> {
  const progress = page.getByRole('progressbar', { name: 'Progress of training' });
  await expect
    .poll(async () => Number(await progress.getAttribute('value')), { timeout: RUN_TIMEOUT_MS })
    .toBeGreaterThanOrEqual(iteration);
}

/** Waits until a checkpoint is on the device. Asks the database itself, past the page's own account. */
export async function checkpointKept(page: Page): Promise<void> {
  const count = (): Promise<number> =>
    page.evaluate(
      (name) =>
        new Promise<number>((resolve, reject) => {
          const opening = indexedDB.open(name);
          opening.onerror = () => reject(new Error('The database cannot be opened.'));
          opening.onsuccess = () => {
            const counting = opening.result.transaction('checkpoints').objectStore('checkpoints').count();
            counting.onsuccess = () => {
              opening.result.close();
              resolve(counting.result);
            };
          };
        }),
      DATABASE_NAME,
    );
  await expect.poll(count, { timeout: RUN_TIMEOUT_MS }).toBe(1);
}

/** NDCG@10 after the last iteration, from the table beside the curves. */
export async function finalNdcg(page: Page): Promise<number> {
  const table = page.locator('table').filter({ hasText: 'NDCG@10' });
  if (!(await table.isVisible())) await page.getByText('As a table').click();
  return Number(await table.locator('tbody tr').last().locator('td').last().textContent());
}

/** Names of the workers of a page that are for training. */
export function trainerWorkers(page: Page): readonly string[] {
  return page
    .workers()
    .map((worker) => worker.url())
    .filter((url) => url.includes('trainer'));
}
