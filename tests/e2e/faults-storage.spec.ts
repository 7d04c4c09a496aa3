import { expect, test, type Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { serve, type Served } from './support/serve.ts';

let served: Served;
test.beforeAll(async () => {
  served = await serve();
});
test.afterAll(() => served.close());

/** The first `count` products that can be liked. */
async function likeable(page: Page, count: number): Promise<readonly string[]> {
  const buttons = page.getByRole('button', { name: /^Like / });
  await expect(buttons.nth(count)).toBeAttached({ timeout: 30_000 });
  const names = await buttons.evaluateAll((all) =>
    all.map((button) => button.getAttribute('aria-label') ?? ''),
  );
  return [...new Set(names)].slice(0, count);
}

const like = (page: Page, label: string): Promise<void> =>
  page.getByRole('button', { name: label, exact: true }).first().click({ force: true });

/** The likes in IndexedDB, read past the app. */
function storedLikes(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('fairshelf');
        opening.onerror = () => reject(new Error('The database did not open.'));
        opening.onsuccess = () => {
          const reading = opening.result.transaction('events').objectStore('events').getAll();
          reading.onsuccess = () => {
            opening.result.close();
            resolve((reading.result as { kind: string }[]).filter((event) => event.kind === 'like').length);
          };
        };
      }),
  );
}

/** Tries to write `bytes` by plain IndexedDB; the error's name, or null where it was kept. */
function fill(page: Page, bytes: number): Promise<string | null> {
  return page.evaluate(
    (size) =>
      new Promise<string | null>((resolve) => {
        const opening = indexedDB.open('fill');
        opening.onupgradeneeded = () => void opening.result.createObjectStore('fill');
        opening.onsuccess = () => {
          const writing = opening.result.transaction('fill', 'readwrite');
          writing.objectStore('fill').put(new Uint8Array(size), 'all');
          writing.oncomplete = () => resolve(null);
          writing.onabort = () => resolve(writing.error?.name ?? 'none');
        };
      }),
    bytes,
  );
}

test('row 1: a full disk says "not saved" and leaves the old data intact', async ({ page }) => {
  const origin = new URL(served.url).origin;
  const session = await page.context().newCDPSession(page);
  const room = 32_000_000;
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: room });
  await page.goto(served.url);
  const [first, second] = await likeable(page, 2);
  await like(page, first!);
  await expect.poll(() => storedLikes(page)).toBe(1);

  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1_000 });
  // Chromium remembers how much room there was until a write asks for more than that.
  expect(await fill(page, room)).toBe('QuotaExceededError');
  await like(page, second!);
  // A banner may say the same of the shop's files.
  await expect(page.getByRole('region', { name: 'Messages' }).getByText(/^Not saved/)).toBeVisible();
  expect(await storedLikes(page)).toBe(1);

  await session.send('Storage.overrideQuotaForOrigin', { origin });
  await page.reload();
  // What is liked leaves the shelves; its tile in the catalogue is made when somebody comes near.
  await page.getByText('420 products').scrollIntoViewIfNeeded();
  await expect(page.getByRole('button', { name: first!, exact: true, pressed: true }).first()).toBeAttached({
    timeout: 30_000,
  });
  await like(page, second!);
  await expect.poll(() => storedLikes(page)).toBe(2);
});

for (const [how, stub] of [
  ['is absent', () => Object.defineProperty(globalThis, 'indexedDB', { value: undefined })],
  [
    'refuses to open',
    () =>
      Object.defineProperty(IDBFactory.prototype, 'open', {
        value() {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        },
      }),
  ],
] as const) {
  test(`row 13: where IndexedDB ${how} the shop works in memory, says so, and exports`, async ({ page }) => {
    await page.addInitScript(stub);
    await page.goto(served.url);
    await expect(page.getByRole('status').filter({ hasText: /gone when you close/i })).toBeVisible();
    const [label] = await likeable(page, 1);
    await like(page, label!);
    await page.goto(`${served.url}#/you`);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export as JSON' }).click();
    const document = JSON.parse(await readFile(await (await download).path(), 'utf8')) as {
      events: { kind: string }[];
    };
    expect(document.events.filter((event) => event.kind === 'like')).toHaveLength(1);
  });
}
