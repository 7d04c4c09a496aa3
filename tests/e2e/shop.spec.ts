import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { serve, type Served } from './support/serve.ts';

let served: Served;
test.beforeAll(async () => {
  served = await serve();
});
test.afterAll(async () => {
  await served.close();
});

/** Opens the shop and waits for its shelves. */
async function openShop(page: Page, path = ''): Promise<void> {
  await page.goto(served.url + path);
  await expect(page.getByRole('heading', { name: 'A good place to start' })).toBeVisible({ timeout: 30_000 });
}

test('a visitor looks around, is understood, asks why, buys and comes back', async ({ page }) => {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await openShop(page);
  await expect(page.getByText('420 products')).toBeVisible();

  // Liking something turns the first shelf into the visitor's own, and the shelf says why.
  const first = page.locator('main section').first();
  const liked = (await first.locator('article h3').first().innerText()).trim();
  await first.getByRole('button', { name: `Like ${liked}` }).click();
  const forYou = page.getByRole('region', { name: 'For you' });
  await expect(forYou).toBeVisible();
  await expect(forYou.getByRole('status')).toContainText(`Liking ${liked} moved`);
  await expect(forYou.getByText(`because you liked ${liked}`).first()).toBeVisible();
  await expect(page.getByRole('link', { name: /1 event kept/ })).toBeVisible();

  // The full sum is one tap away; removing the reason takes the shelf back.
  await forYou.getByRole('button', { name: /Why/ }).first().click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(liked).first()).toBeVisible();
  await dialog.getByRole('button', { name: `Remove this reason: ${liked}` }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: 'A good place to start' })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect(forYou).toBeVisible();

  // The search, by its key, finds a product; its page records the look.
  await page.keyboard.press('/');
  await page.keyboard.type('moka');
  await expect(page.getByText(/products? for “moka”/)).toBeVisible();
  await page.locator('main article h3 a').first().click();
  const name = (await page.getByRole('heading', { level: 1 }).innerText()).trim();
  await expect(page).toHaveTitle(`${name} · Fairshelf`);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(page.getByRole('heading', { name: 'What simulated shoppers say' })).toBeVisible();

  // Rating by keyboard and a review in words.
  await page.getByRole('radio', { name: '1 star', exact: true }).focus();
  await page.keyboard.press('5');
  await expect(page.getByRole('radio', { name: '5 stars' })).toBeChecked();
  await page.getByRole('textbox', { name: 'Your review' }).fill('Three good cups.');
  await page.getByRole('button', { name: 'Keep the review' }).click();
  await expect(page.getByText('Your review is kept on this device.')).toBeVisible();

  // The basket and the pretend order.
  await page.getByRole('button', { name: 'Put in the basket' }).first().click();
  await page.goto(`${served.url}#/basket`);
  await page.getByRole('button', { name: `One more ${name}` }).click();
  await expect(page.getByRole('group', { name: `Quantity of ${name}` })).toContainText('2');
  await page.getByRole('button', { name: 'Place a pretend order' }).click();
  await expect(page.getByRole('heading', { name: 'The basket is empty' })).toBeVisible();
  await expect(page.getByText(`2 × ${name}`)).toBeVisible();

  // All of it is still there after a reload, and the bought product is suggested no more.
  await page.goto(served.url);
  await page.reload();
  await expect(page.getByRole('region', { name: 'For you' })).toBeVisible();
  await expect(
    page.getByRole('region', { name: 'For you' }).getByRole('heading', { name, level: 3 }),
  ).toHaveCount(0);
  await page.goto(`${served.url}#/basket`);
  await expect(page.getByText(`2 × ${name}`)).toBeVisible();
  expect(errors).toEqual([]);
});

test('filters live in the address; back returns to them', async ({ page }) => {
  await openShop(page);
  await page.getByRole('link', { name: 'Garden', exact: true }).click();
  await expect(page.getByText('30 products')).toBeVisible();
  await page.getByLabel('Sort').selectOption('price-up');
  await expect(page).toHaveURL(/category=garden&sort=price-up/);
  await page.evaluate(() => scrollTo(0, 500));
  const left = page.locator('main .row').nth(2).locator('article h3 a').first();
  const leftName = await left.innerText();
  const before = (await left.boundingBox())!.y;
  await left.click();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  expect(await page.evaluate(() => scrollY)).toBe(0);
  await page.goBack();
  await expect(page).toHaveURL(/category=garden&sort=price-up/);
  await expect(page.getByLabel('Sort')).toHaveValue('price-up');
  // The product that was opened stands where it stood.
  const again = page.locator('main .row article h3 a', { hasText: leftName });
  await expect.poll(async () => Math.abs(((await again.boundingBox())?.y ?? 1e6) - before)).toBeLessThan(2);
});

/** A product of the catalogue that stands still in the window, or the one with an address, wherever it stands. */
async function productInView(page: Page, href?: string): Promise<{ href: string; x: number; y: number }> {
  await expect(page.locator('main .row').first()).toBeAttached();
  await page.waitForTimeout(500);
  return await page.evaluate((wanted) => {
    const links = [...document.querySelectorAll<HTMLAnchorElement>('main .row article h3 a')];
    const [x, y] = [innerWidth / 2, innerHeight / 2];
    const link =
      wanted === undefined
        ? links.find((candidate) => candidate.getBoundingClientRect().top > y)
        : links.find((candidate) => candidate.getAttribute('href') === wanted);
    const box = link?.getBoundingClientRect() ?? { left: -x, top: -y };
    return { href: link?.getAttribute('href') ?? '', x: box.left + 10, y: box.top + 10 };
  }, href);
}

test('back to the shelves returns to the product that was opened', async ({ page }) => {
  await openShop(page);
  await page.evaluate(() => scrollTo(0, 1600));
  const left = await productInView(page);
  await page.mouse.click(left.x, left.y);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await page.goBack();
  // Opening it brought a shelf above: the product stands where it stood all the same.
  await expect(page.getByRole('region', { name: 'For you' })).toBeAttached();
  await expect.poll(async () => Math.abs((await productInView(page, left.href)).y - left.y)).toBeLessThan(2);
});

test('a search of 50,000 characters that is a hostile pattern changes nothing but the result (fault 37)', async ({
  page,
}) => {
  await openShop(page);
  const query = encodeURIComponent(`(zq+)+$${'zq'.repeat(25_000)}`);
  await page.goto(`${served.url}#/?q=${query}`);
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
});

test('letters that are still being composed are no search', async ({ page }) => {
  await openShop(page);
  const search = page.getByRole('textbox', { name: 'Search the shop' });
  await search.focus();
  const client = await page.context().newCDPSession(page);
  await client.send('Input.imeSetComposition', { text: 'ka fei', selectionStart: 6, selectionEnd: 6 });
  await page.waitForTimeout(300);
  await expect(page).not.toHaveURL(/q=/);
  await client.send('Input.insertText', { text: '咖啡' });
  await expect(page).toHaveURL(/q=%E5%92%96%E5%95%A1/);
  await expect(page.getByText(/for “咖啡”/)).toBeVisible();
});

test('language and theme are switched and remembered', async ({ page }) => {
  await openShop(page);
  await page.getByRole('button', { name: '切换到中文' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hans');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('懂你');
  await page.getByRole('button', { name: '配色：跟随系统' }).click();
  await page.getByRole('button', { name: '配色：浅色' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('懂你');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('nothing glides where less motion is wished', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openShop(page);
  await page.locator('main section').first().getByRole('button', { name: /^Like/ }).first().click();
  await expect(page.getByRole('region', { name: 'For you' })).toBeVisible();
  const running = await page.evaluate(
    () =>
      document.getAnimations().filter((animation) => Number(animation.effect?.getTiming().duration) > 1)
        .length,
  );
  expect(running).toBe(0);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no accessibility fault on any shop page, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await openShop(page);
    const check = async (place: string): Promise<void> => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(
        violations.map(({ id, nodes }) => `${place}: ${id} ${nodes.map(({ html }) => html).join(' ')}`),
      ).toEqual([]);
    };
    await check('new visitor');
    await page.locator('main section').first().getByRole('button', { name: /^Like/ }).first().click();
    await expect(page.getByRole('region', { name: 'For you' })).toBeVisible();
    await check('shop');
    await page.getByRole('button', { name: /Why/ }).first().click();
    await expect(page.getByRole('dialog').getByRole('list')).toBeVisible();
    await check('why');
    await page.keyboard.press('Escape');
    await page.goto(`${served.url}#/?category=garden`);
    // Rows of the grid are hidden until they are measured.
    await expect(page.locator('main .row').last()).toBeVisible();
    await check('category');
    await page.locator('main article h3 a').first().click();
    await expect(page.getByRole('heading', { name: 'Similar to this' })).toBeVisible();
    await expect(page.locator('main time').first()).toBeVisible();
    await page.getByRole('button', { name: 'Put in the basket' }).first().click();
    await check('product');
    await page.goto(`${served.url}#/basket`);
    await expect(page.getByRole('button', { name: 'Place a pretend order' })).toBeVisible();
    await check('basket');
    await page.getByRole('button', { name: 'Place a pretend order' }).click();
    await expect(page.getByRole('heading', { name: 'Your pretend orders' })).toBeVisible();
    await check('ordered');
    await page.goto(`${served.url}#/nowhere`);
    await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
    await check('not found');
  });
}

for (const width of [320, 360, 1280, 2560, 3840]) {
  test(`nothing overflows at ${width} pixels`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 });
    await openShop(page);
    const overflow = (): Promise<number> =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await overflow()).toBe(0);
    await page.goto(`${served.url}#/?category=garden`);
    await page.locator('main article h3 a').first().click();
    await expect(page.getByRole('heading', { name: 'Facts' })).toBeVisible();
    expect(await overflow()).toBe(0);
    await page.goto(`${served.url}#/basket`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect(await overflow()).toBe(0);
  });
}
