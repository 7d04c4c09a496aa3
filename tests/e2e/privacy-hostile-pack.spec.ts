import { expect, test, type Page } from '@playwright/test';
import { createProfile } from './support/browser.ts';
import { startForeignListeners } from './support/foreign.ts';
import { MARKUP, writeHostilePack } from './support/hostile-pack.ts';
import { serve } from './support/serve.ts';
import { productIds, rate, visit } from './support/shopper.ts';

interface Harm {
  readonly hacked: string | null;
  readonly scripts: number;
  readonly addresses: readonly string[];
  readonly wide: boolean;
}

/** What of the pack has become more than text. */
function harm(page: Page): Promise<Harm> {
  return page.evaluate(() => ({
    hacked: document.documentElement.dataset['hacked'] ?? null,
    scripts: [...document.scripts].filter((script) => script.src === '').length,
    // Everything that an address of the pack could have become.
    addresses: [...document.querySelectorAll('[href], [src], [srcset], [action], [data]')]
      .flatMap((element) =>
        ['href', 'src', 'srcset', 'action', 'data'].map((name) => element.getAttribute(name) ?? ''),
      )
      .filter((address) => /leak\.example|^\s*(?:javascript|data)\s*:/i.test(address)),
    wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
  }));
}

test('rows 34 to 36: what a hostile pack says is shown as text and reaches nobody', async () => {
  const pack = await writeHostilePack();
  const foreign = await startForeignListeners();
  const served = await serve({ pack: pack.folder });
  const profile = await createProfile();
  const context = await profile.open(foreign.browserArgs);
  const page = await context.newPage();
  const asked: string[] = [];
  context.on('request', (request) => asked.push(request.url()));

  await page.goto(served.url);
  await productIds(page);
  await expect(page.getByText(MARKUP).first()).toBeVisible();
  await rate(page, 'thing-0', 5);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(MARKUP);
  await expect(page.getByText('http://leak.example/text', { exact: false }).first()).toBeVisible();
  for (const hash of ['#/product/__proto__', '#/product/constructor', '#/', '#/you', '#/train', '#/basket']) {
    await visit(page, hash);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    // Pages come lazily: the heading may still be the one before.
    await page.waitForTimeout(500);
    expect(await harm(page), hash).toEqual({ hacked: null, scripts: 0, addresses: [], wide: false });
  }
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(foreign.hits).toEqual([]);
  const origin = new URL(served.url).origin;
  expect(asked.filter((url) => new URL(url).origin !== origin)).toEqual([]);

  await context.close();
  await profile.remove();
  await served.close();
  await foreign.close();
  await pack.remove();
});
