import { expect, test } from '@playwright/test';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { offlineCopy } from './support/offline.ts';
import { listFiles } from '../../scripts/server/static-server.mjs';
import { copyOfBuild, serve } from './support/serve.ts';

test('is installable, with an icon of every kind', async ({ page }) => {
  const served = await serve();
  await page.goto(served.url);
  await offlineCopy(page);
  const session = await page.context().newCDPSession(page);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  // A test browser keeps no profile, which Chromium counts as incognito; nothing else may stand in the way.
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual(
    [],
  );
  const { data, errors } = await session.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  const manifest = JSON.parse(data ?? '') as { icons: { src: string; purpose?: string }[] };
  expect(manifest.icons.some((icon) => icon.purpose === 'maskable')).toBe(true);
  for (const { src } of manifest.icons) {
    const response = await page.request.get(new URL(src, served.url).href);
    expect(response.status(), src).toBe(200);
  }
  await served.close();
});

for (const base of ['/', '/deep/shop/']) {
  test(`opens without a network from the second visit on, at ${base}`, async ({ context, page }) => {
    const served = await serve({ base });
    await page.goto(served.url);
    await expect(page.locator('h1')).toBeVisible();
    const list = await offlineCopy(page);
    // The workers and tfjs are there before anybody asked for them.
    expect(list.filter((path) => /worker/.test(path)).length).toBeGreaterThan(0);
    await page.close();
    await served.close();

    const offline = await context.newPage();
    const failures: string[] = [];
    offline.on('requestfailed', (request) => failures.push(request.url()));
    await offline.goto(`${served.url}?from=somewhere#/`);
    await expect(offline.locator('h1')).toBeVisible();
    expect(failures.filter((url) => !url.endsWith('packs/packs.json'))).toEqual([]);
  });
}

test('every file of the offline list exists, and no build file but packs is left out', async () => {
  const list = JSON.parse(await readFile('dist/offline.json', 'utf8')) as string[];
  const worker = await readFile('dist/sw.js', 'utf8');
  for (const path of list) {
    await readFile(join('dist', path));
    expect(worker).toContain(`"${path}"`);
  }
  const files = (await listFiles('dist')).map((path) => path.slice(1));
  const left = files.filter((path) => !list.includes(path) && !path.startsWith('packs/'));
  expect(left.sort()).toEqual(['manifest.webmanifest', 'offline.json', 'sw.js']);
});

test('row 54: keeps the old copy where a file of the new one is missing', async ({ page }) => {
  const build = await copyOfBuild();
  const served = await serve({ root: build.root });
  await page.goto(served.url);
  const list = await offlineCopy(page);
  const worker = await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.scriptURL);

  const swPath = join(build.root, 'sw.js');
  const script = await readFile(swPath, 'utf8');
  await writeFile(swPath, script.replace(/("logo\.svg",revision:")\w+"/, '$1changed"'));
  await rm(join(build.root, 'logo.svg'));
  const outcome = await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const found = new Promise<ServiceWorker | null>((resolve) =>
      registration.addEventListener('updatefound', () => resolve(registration.installing)),
    );
    await registration.update().catch(() => undefined);
    const installing = await found;
    if (installing === null) return 'none';
    while (installing.state === 'installing') await new Promise((resolve) => setTimeout(resolve, 50));
    return installing.state;
  });
  expect(outcome).toBe('redundant');
  expect(await offlineCopy(page)).toEqual(list);
  expect(await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.scriptURL)).toBe(
    worker,
  );
  await served.close();
  await build.remove();
});

test('an update is offered, and reloads only the tab that accepts it', async ({ context, page }) => {
  const build = await copyOfBuild();
  const served = await serve({ root: build.root });
  await page.goto(served.url);
  await offlineCopy(page);
  await expect(page.getByText('Ready for offline')).toBeVisible();
  const other = await context.newPage();
  await other.goto(served.url);
  await other.getByRole('textbox', { name: 'Search the shop' }).fill('half a wor');

  await appendFile(join(build.root, 'sw.js'), '\n// The next version.\n');
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  const apply = page.getByRole('button', { name: 'Reload now' });
  await expect(apply).toBeVisible();
  await expect(other.getByRole('button', { name: 'Reload now' })).toBeVisible();

  const reloads = { page: 0, other: 0 };
  page.on('load', () => (reloads.page += 1));
  other.on('load', () => (reloads.other += 1));
  const loaded = page.waitForEvent('load');
  await apply.click();
  await loaded;
  await expect(page.locator('h1')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Reload now' })).toBeHidden();
  expect(await page.evaluate(async () => (await navigator.serviceWorker.ready).waiting)).toBeNull();
  await expect(other.getByRole('textbox', { name: 'Search the shop' })).toHaveValue('half a wor');
  expect(reloads).toEqual({ page: 1, other: 0 });
  await served.close();
  await build.remove();
});
