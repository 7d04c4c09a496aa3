import { expect, test } from '@playwright/test';
import { listen } from '../../scripts/server/static-server.mjs';
import { createServer } from 'node:http';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createProfile } from './support/browser.ts';
import { offlineCopy } from './support/offline.ts';
import { serve } from './support/serve.ts';
import { eraseEverything, productIds, rate, visit } from './support/shopper.ts';

const NOTE = 'erase-canary-51c0-7f3a';

/** Files below a folder that hold a text, in UTF-8 or UTF-16. */
async function filesHolding(folder: string, text: string): Promise<readonly string[]> {
  const needles = [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')];
  const found: string[] = [];
  for (const path of await readdir(folder, { recursive: true })) {
    // Sockets and folders are no files to read.
    const content = await readFile(join(folder, path)).catch(() => null);
    if (content !== null && needles.some((needle) => content.includes(needle))) found.push(path);
  }
  return found;
}

test('row 57: after "erase everything" and a restart the profile holds nothing of the shop', async () => {
  const profile = await createProfile();
  const served = await serve();
  const first = await profile.open();
  const page = await first.newPage();
  await page.goto(served.url);
  const [product = ''] = await productIds(page);
  await offlineCopy(page);
  await rate(page, product, 5);
  await page.getByRole('textbox', { name: 'Your review' }).fill(NOTE);
  await page.getByRole('button', { name: 'Keep the review' }).click();
  await expect(page.getByRole('button', { name: 'Delete the review' })).toBeVisible();
  // It is on the disk now, and the search finds it.
  expect(await filesHolding(profile.folder, NOTE)).not.toEqual([]);
  // A second tab lets go of the database by itself.
  const other = await first.newPage();
  await other.goto(served.url);
  await productIds(other);

  // The server goes first: the page reloads after erasing, and must not be able to begin anew.
  await visit(page, '#/you');
  await expect(page.getByRole('button', { name: 'Erase everything' })).toBeVisible();
  await served.close();
  await eraseEverything(page);
  await expect.poll(() => page.url(), { timeout: 15_000 }).toContain('chrome-error');
  await first.close();

  // An empty page at the same origin shows what is left there.
  const empty = await listen(
    createServer((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' });
      response.end('<title>Empty</title>');
    }),
    { port: served.port },
  );
  const second = await profile.open();
  const witness = await second.newPage();
  await witness.goto(empty.url);
  expect(await witness.title()).toBe('Empty');
  const left = await witness.evaluate(async () => ({
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: await caches.keys(),
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    cookies: document.cookie,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }));
  expect(left).toEqual({ databases: [], caches: [], local: [], session: [], cookies: '', workers: 0 });
  await second.close();
  // Nor do the browser's own files hold what was typed: databases, caches, restored sessions.
  expect(await filesHolding(profile.folder, NOTE)).toEqual([]);
  await empty.close();
  await profile.remove();
});
