import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { readFile, writeFile } from 'node:fs/promises';
import type { ExportDocument } from '../../src/lib/storage/types.ts';
import { serve, type Served } from './support/serve.ts';
import { exportText, productIds, rate, visit } from './support/shopper.ts';

const PASSPHRASE = 'drei Mokkakannen im Regen';
const SLOW = { timeout: 60_000 };

let served: Served;
test.beforeAll(async () => {
  served = await serve();
});
test.afterAll(() => served.close());

/** Training would only take the cores that these tests need. */
async function openShop(page: Page): Promise<readonly string[]> {
  await page.goto(`${served.url}#/train`);
  await page.getByRole('checkbox', { name: /Train on its own/ }).uncheck(SLOW);
  await visit(page, '#/');
  return productIds(page);
}

async function saveBackup(page: Page, passphrase: string | null = null): Promise<string> {
  await visit(page, '#/you');
  const card = page.getByRole('region', { name: 'Backup' });
  if (passphrase !== null) {
    await card.getByRole('checkbox', { name: 'Seal it with a passphrase' }).check();
    await card.getByLabel('Passphrase', { exact: true }).fill(passphrase);
    await expect(card.getByRole('button', { name: 'Save a backup' })).toBeDisabled();
    await card.getByLabel('The same once more').fill(passphrase);
  }
  const download = page.waitForEvent('download', SLOW);
  await card.getByRole('button', { name: 'Save a backup' }).click();
  return (await download).path();
}

const chooseBackup = (page: Page, path: string): Promise<void> =>
  page.locator('[data-pick="backup"]').setInputFiles(path);

async function restore(page: Page, how: RegExp): Promise<void> {
  await page.getByRole('radio', { name: how }).check();
  await page.getByRole('button', { name: 'Restore', exact: true }).click();
  await expect(page.getByText('Restored.')).toBeVisible(SLOW);
}

/** The export but for the moment it was made. */
async function owned(page: Page): Promise<ExportDocument> {
  return { ...(JSON.parse(await exportText(page)) as ExportDocument), exportedAt: '' };
}

/** Clears IndexedDB alone, as a browser that runs low on space does. */
async function evict(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await page.goto('about:blank');
  const origin = new URL(served.url).origin;
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
}

test('row 9: the browser removed the database: the page says so, and a sealed backup brings all of it back', async ({
  page,
}) => {
  const [first = '', second = ''] = await openShop(page);
  await rate(page, first, 5);
  await rate(page, second, 2);
  const path = await saveBackup(page, PASSPHRASE);
  expect((await readFile(path)).includes(first)).toBe(false);
  const before = await owned(page);
  expect(before.events.length).toBeGreaterThan(1);

  await evict(page);
  await page.goto(served.url);
  const messages = page.getByRole('region', { name: 'Messages' });
  await expect(messages.getByText(/The browser removed your data/)).toBeVisible(SLOW);
  // The reader may not have read it: a reload says it again.
  await page.reload();
  await messages.getByRole('button', { name: 'Restore a backup' }).click(SLOW);
  await expect(page.locator('[data-backup="lost"]')).toBeVisible();

  await chooseBackup(page, path);
  await page.getByLabel('Passphrase', { exact: true }).fill('wrong');
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(page.getByText('The passphrase is wrong, or the file is damaged.')).toBeVisible(SLOW);
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  const preview = page.locator('[data-backup="preview"]');
  await expect(preview.locator('[data-section="events"] td')).toHaveText(
    [before.events.length, before.events.length, 0, 0].map(String),
    SLOW,
  );
  await restore(page, /^Replace/);
  await expect(page.locator('[data-backup="lost"]')).toHaveCount(0);
  expect(await owned(page)).toEqual(before);
  await page.reload();
  await expect(page.locator(`[data-item="${first}"]`)).toBeVisible(SLOW);
  await expect(messages.getByText(/The browser removed your data/)).toHaveCount(0);
});

test('row 20: 10^5 ratings leave as an export and come back canonically equal; undo takes them away', async ({
  page,
}, info) => {
  test.setTimeout(300_000);
  const ids = await openShop(page);
  const export1 = JSON.parse(await exportText(page)) as ExportDocument;
  const packId = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const opening = indexedDB.open('fairshelf');
        opening.onsuccess = () => {
          const store = opening.result.transaction('packs').objectStore('packs');
          const reading = store.getAllKeys() as IDBRequest<string[]>;
          reading.onsuccess = () => {
            opening.result.close();
            resolve(reading.result[0] ?? '');
          };
        };
      }),
  );
  const events = Array.from({ length: 100_000 }, (_, index) => ({
    at: 1_000 + index,
    id: `e${String(index).padStart(6, '0')}`,
    itemId: ids[index % ids.length] ?? '',
    kind: 'rate',
    packId,
    stars: (index % 5) + 1,
  }));
  const path = info.outputPath('large.json');
  await writeFile(path, JSON.stringify({ ...export1, events }));
  await chooseBackup(page, path);
  await expect(page.locator('[data-section="events"] td').nth(1)).toHaveText('100,000', SLOW);
  await restore(page, /^Replace/);
  const after = await owned(page);
  expect(after.events).toHaveLength(100_000);
  expect(after).toEqual({ ...export1, exportedAt: '', events });
});

test('a backup with a broken record names it, merges the rest, and can be undone', async ({ page }, info) => {
  const [first = ''] = await openShop(page);
  await rate(page, first, 5);
  const before = await owned(page);
  const [event] = before.events;
  const changed = {
    ...before,
    exportedAt: '2026-01-02T03:04:05.000Z',
    events: [
      ...before.events,
      { ...event, id: 'broken', stars: 9, kind: 'rate' },
      { ...event, id: 'new', itemId: 'nowhere' },
    ],
  };
  const path = info.outputPath('changed.json');
  await writeFile(path, JSON.stringify(changed));
  await chooseBackup(page, path);
  await expect(
    page.getByText(new RegExp(`What you did, no. ${before.events.length + 1}: stars`)),
  ).toBeVisible(SLOW);
  await expect(page.getByText(/1 event is on a product that this shop does not have/)).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await restore(page, /^Add what is missing/);
  expect((await owned(page)).events.map(({ id }) => id)).toContain('new');
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect.poll(async () => (await owned(page)).events, SLOW).toEqual(before.events);
  // What is no backup changes nothing.
  await writeFile(path, '{"format":');
  await chooseBackup(page, path);
  await expect(page.getByText(/is no backup of this shop, or it is damaged/)).toBeVisible();
  expect((await owned(page)).events).toEqual(before.events);
});

test('row 14: where the browser promises nothing, a reminder speaks of what no backup holds, until put off', async ({
  page,
}) => {
  await page.addInitScript(() => {
    StorageManager.prototype.persist = () => Promise.resolve(false);
    StorageManager.prototype.persisted = () => Promise.resolve(false);
  });
  const ids = await openShop(page);
  await visit(page, '#/you');
  await page.getByRole('button', { name: 'Keep my data' }).click();
  await expect(page.getByText(/The browser did not promise it/)).toBeVisible();
  await expect(page.locator('[data-backup="reminder"]')).toHaveCount(0);
  // Each is looked at and rated: two events.
  for (const id of ids.slice(0, 5)) await rate(page, id, 4);
  await visit(page, '#/you');
  const reminder = page.locator('[data-backup="reminder"]');
  await expect(reminder.getByText(/^\d+ events are in no backup/)).toBeVisible(SLOW);
  await reminder.getByRole('button', { name: 'Not now' }).click();
  await expect(reminder).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('region', { name: 'Backup' })).toBeVisible(SLOW);
  await expect(reminder).toHaveCount(0);
});

test('erases a range of time, with a count before, and leaves no trace of it in storage', async ({
  page,
}) => {
  const [first = '', second = ''] = await openShop(page);
  await rate(page, first, 5);
  // An hour later.
  await page.evaluate((hour) => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + hour;
  }, 3_600_000);
  await rate(page, second, 2);
  const before = await owned(page);
  const early = before.events.filter(({ itemId }) => itemId === first);
  const field = (at: number): Promise<string> =>
    page.evaluate((time) => {
      const date = new Date(time);
      return new Date(time - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
    }, at);
  const card = page.getByRole('region', { name: 'Erase a time' });
  await card.getByLabel('From').fill(await field((early[0]?.at ?? 0) - 60_000));
  await card.getByLabel('To').fill(await field((early.at(-1)?.at ?? 0) + 60_000));
  await expect(card.getByText(new RegExp(`^${early.length} events, 0 orders`))).toBeVisible();
  await card.getByRole('button', { name: 'Erase this time' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Erase it' }).click();
  await expect(page.getByText(`${early.length} events erased.`)).toBeVisible();
  await expect(page.locator(`[data-item="${first}"]`)).toHaveCount(0);
  const after = await owned(page);
  expect(after.events).toEqual(before.events.filter(({ itemId }) => itemId !== first));
  const kept = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const opening = indexedDB.open('fairshelf');
        opening.onsuccess = () => {
          const names = ['events', 'orders', 'basket', 'snapshots', 'checkpoints', 'quarantine'];
          const reading = opening.result.transaction(names);
          const all: unknown[] = [];
          for (const name of names) {
            const request = reading.objectStore(name).getAll();
            request.onsuccess = () => all.push(request.result);
          }
          reading.oncomplete = () => resolve(JSON.stringify(all) + JSON.stringify(localStorage));
        };
      }),
  );
  expect(kept).toContain(second);
  expect(kept).not.toContain(first);
});
