import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';
import { eventsAsCsv } from '../../src/lib/export/events.ts';
import { restoreFormula } from '../../src/lib/import/cells/formula.ts';
import { readSafetensors } from '../../src/lib/safetensors.ts';
import { DATABASE_NAME } from '../../src/lib/storage/schema.ts';
import type { ItemId, PackId } from '../../src/lib/types.ts';
import { longestTask } from './support/main-thread.ts';
import { serve, type Served } from './support/serve.ts';
import { productIds, rate, visit } from './support/shopper.ts';
import { openTrain, RUN_TIMEOUT_MS, startTraining, trainingDone } from './support/training.ts';

test.describe.configure({ timeout: RUN_TIMEOUT_MS });

let served: Served;
test.beforeAll(async () => {
  served = await serve();
});
test.afterAll(async () => {
  await served.close();
});

const SLOW = { timeout: 60_000 };
const REVIEW = '=HYPERLINK("x","y")\n雨天也好用';

async function saved(
  page: Page,
  button: string | RegExp,
): Promise<{ readonly name: string; readonly path: string; readonly bytes: Buffer }> {
  const target = page.getByRole('button', { name: button });
  await expect(target).toBeEnabled(SLOW);
  const [download] = await Promise.all([page.waitForEvent('download'), target.click()]);
  const path = await download.path();
  return { name: download.suggestedFilename(), path, bytes: await readFile(path) };
}

/** Rows of a saved CSV, by column. */
function rowsOf(bytes: Buffer): readonly Readonly<Record<string, string>>[] {
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const { data, errors } = Papa.parse<Record<string, string>>(bytes.toString('utf8').slice(1), {
    header: true,
    skipEmptyLines: true,
  });
  expect(errors).toEqual([]);
  return data;
}

/** A visitor who rated one product, reviewed it, and rated another; returns both ids. */
async function doThings(page: Page): Promise<readonly [string, string]> {
  await openTrain(page, served.url);
  await page.getByRole('checkbox', { name: /Train on its own/ }).uncheck();
  await visit(page, '#/');
  const [first = '', second = ''] = await productIds(page);
  await rate(page, second, 4);
  await rate(page, first, 5);
  await page.getByRole('textbox', { name: 'Your review' }).fill(REVIEW);
  await page.getByRole('button', { name: 'Keep the review' }).click();
  await expect(page.getByRole('button', { name: 'Delete the review' })).toBeVisible();
  await visit(page, '#/you');
  return [first, second];
}

test('what the visitor did leaves as CSV and Parquet, and comes back through the Import page', async ({
  page,
}) => {
  const [first, second] = await doThings(page);
  const csv = await saved(page, 'Events as CSV');
  const rows = rowsOf(csv.bytes);
  const review = rows.find(({ kind }) => kind === 'review');
  expect(review).toMatchObject({ item: first, value: '5', text: `'${REVIEW}` });
  expect(restoreFormula(review?.['text'] ?? '')).toBe(REVIEW);
  expect(rows.filter(({ kind }) => kind === 'rate').map(({ item }) => item)).toEqual([second, first]);
  for (const { name, time = '' } of rows) {
    expect(name).not.toBe('');
    expect(new Date(time).toISOString()).toBe(time);
  }
  const parquet = await saved(page, 'Events as Parquet');
  expect(parquet.name).toMatch(/^fairshelf-\d{4}-\d\d-\d\d\.parquet$/);

  for (const file of [csv, parquet]) {
    await visit(page, '#/import');
    // The page goes on where it was: a fresh one asks for files.
    await page.reload();
    await page
      .locator('input[data-pick="files"]')
      .setInputFiles({ name: file.name, mimeType: 'application/octet-stream', buffer: file.bytes });
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await expect(page.getByRole('heading', { name: /^Your exported events (is|was)/ })).toBeVisible(SLOW);
    await expect(page.locator('[data-problems] li')).toHaveCount(0);
  }
  await page.getByRole('button', { name: 'Open this shop' }).click();
  expect([...(await productIds(page))].sort()).toEqual([first, second].sort());
});

test('recommendations, factors and charts leave with what they say', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 1000 });
  const [first, second] = await doThings(page);
  await visit(page, '#/train');
  await startTraining(page, { device: 'Processor (CPU engine)', model: 'Implicit ALS', iterations: 3 });
  await trainingDone(page);

  await page.getByText('Save the item factors').click();
  await expect(page.getByText(/^Yours alone/)).toBeVisible();
  const factors = await saved(page, 'safetensors');
  const { tensors, metadata } = readSafetensors(new Uint8Array(factors.bytes));
  const ids = (await saved(page, 'Ids of the rows (.txt)')).bytes.toString('utf8').split('\n').slice(0, -1);
  expect(ids).toContain(first);
  expect(tensors.get('item_factors')?.shape[0]).toBe(ids.length);
  expect(metadata.get('personal')).toBe('true');
  const npy = await saved(page, 'NumPy (.npy)');
  expect(npy.bytes.subarray(1, 6).toString('latin1')).toBe('NUMPY');
  expect(npy.bytes.toString('latin1')).toContain(`'shape': (${ids.length}, `);

  const picture = await saved(page, 'Save picture (PNG): Ranking quality (NDCG@10)');
  expect(picture.bytes.subarray(1, 4).toString('latin1')).toBe('PNG');
  expect(picture.bytes.readUInt32BE(16)).toBeGreaterThan(300);
  const curve = rowsOf((await saved(page, 'Save data (CSV): Ranking quality (NDCG@10)')).bytes);
  expect(curve.map(({ Iteration }) => Iteration)).toEqual(['1', '2', '3']);
  expect(Number(curve.at(-1)?.['this model'])).toBeGreaterThan(0);
  const map = rowsOf((await saved(page, 'Save data (CSV): The map of products')).bytes);
  expect(map.map(({ item }) => item)).toEqual(ids);
  expect(
    map
      .filter(({ yours }) => yours === '1')
      .map(({ item }) => item)
      .sort(),
  ).toEqual([first, second].sort());
  expect((await saved(page, 'Save picture (PNG): The map of products')).bytes.length).toBeGreaterThan(5000);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await visit(page, '#/you');
  const list = rowsOf((await saved(page, 'Recommendations as CSV')).bytes);
  expect(list.length).toBeGreaterThan(20);
  for (const row of list) {
    const parts = Object.entries(row).filter(([name]) => name.includes('contribution'));
    expect(parts.reduce((sum, [, part]) => sum + Number(part), 0)).toBeCloseTo(Number(row['score']), 4);
  }
  expect(list.map(({ item }) => item)).not.toContain(first);
});

test('100,000 events leave without holding the page up', async ({ page }) => {
  await openTrain(page, served.url);
  await page.getByRole('checkbox', { name: /Train on its own/ }).uncheck();
  const count = 100_000;
  await page.evaluate(
    async ({ database, total }) => {
      const opened = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(database);
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(new Error('The database cannot be opened.'));
      });
      const writing = opened.transaction('events', 'readwrite');
      for (let at = 0; at < total; at++) {
        const event = { id: `e${at}`, packId: 'elsewhere', itemId: `i${at % 5000}`, kind: 'like', at };
        writing.objectStore('events').add(event);
      }
      await new Promise((resolve) => (writing.oncomplete = resolve));
      opened.close();
    },
    { database: DATABASE_NAME, total: count },
  );
  await visit(page, '#/you');
  await expect(page.locator('[data-dataset="events"] td').first()).toHaveText('100,000', SLOW);
  const button = page.getByRole('button', { name: 'Events as CSV' });
  await expect(button).toBeEnabled();
  let path = '';
  const longest = await longestTask(page, async () => {
    const [download] = await Promise.all([page.waitForEvent('download', SLOW), button.click()]);
    path = await download.path();
  });
  console.log(
    `longest task of the page's thread while ${count} events leave: ${longest.toFixed(1)} ms of CPU`,
  );
  expect(longest).toBeLessThan(50);
  const rows = rowsOf(await readFile(path));
  expect(rows).toHaveLength(count);
  const event = {
    id: 'e',
    packId: 'elsewhere' as PackId,
    itemId: 'i0' as ItemId,
    kind: 'like',
    at: 0,
  } as const;
  expect((await readFile(path, 'utf8')).split('\r\n')[1]).toBe(
    eventsAsCsv([event], () => '').split('\r\n')[1],
  );
});
