import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import ShelfRow from '../../../src/routes/shop/ShelfRow.svelte';
import type { Shelf } from '../../../src/lib/model/index.ts';
import type { ItemIndex } from '../../../src/lib/types.ts';
import { createTestApp, renderInApp } from '../support/app.ts';
import { makeItem, makePack } from '../support/shop.ts';

const ITEMS = Array.from({ length: 20 }, (_item, index) => makeItem(index));
const SHELF: Shelf = {
  kind: 'popular',
  basis: 'popularity',
  anchor: null,
  entries: ITEMS.map(({ index }) => ({ item: index, score: 1, reason: null })),
};

async function show(shelf: Shelf): Promise<void> {
  const app = await createTestApp(makePack(ITEMS));
  await renderInApp(app, ShelfRow, { shelf, moved: null });
}
const focused = (): string => document.activeElement?.textContent.trim() ?? '';

it('moves the focus along the shelf by arrows, Home and End, and brings it into view', async () => {
  await show(SHELF);
  const first = page.getByRole('link', { name: 'Item 0', exact: true });
  await expect.element(first).toBeVisible();
  first.element().focus();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}');
  expect(focused()).toBe('Item 2');
  await userEvent.keyboard('{ArrowLeft}');
  expect(focused()).toBe('Item 1');
  await userEvent.keyboard('{End}');
  expect(focused()).toBe('Item 19');
  const last = document.activeElement!.closest('li')!.getBoundingClientRect();
  expect(last.right).toBeLessThanOrEqual(window.innerWidth + 1);
  await userEvent.keyboard('{ArrowRight}');
  expect(focused()).toBe('Item 19');
  await userEvent.keyboard('{Home}');
  expect(focused()).toBe('Item 0');
});

it('pages by buttons that know the ends', async () => {
  await show(SHELF);
  await expect.element(page.getByRole('button', { name: /Show earlier/ })).toBeDisabled();
  await page.getByRole('button', { name: /Show more/ }).click();
  await expect.element(page.getByRole('button', { name: /Show earlier/ })).toBeEnabled();
});

it('makes cards as the shelf is scrolled, not all at once', async () => {
  await show(SHELF);
  const cards = (): number => document.querySelectorAll('li').length;
  await expect.element(page.getByRole('link', { name: 'Item 1', exact: true })).toBeVisible();
  // As many as are in view or soon will be; then no more.
  await new Promise((resolve) => setTimeout(resolve, 500));
  const made = cards();
  expect(made).toBeGreaterThan(1);
  expect(made).toBeLessThan(20);
  const list = document.querySelector('ul')!;
  for (let turn = 0; turn < 20 && cards() < 20; turn++) {
    list.scrollTo({ left: list.scrollWidth, behavior: 'instant' });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(cards()).toBe(20);
});

it('names the reason, and that the community is simulated', async () => {
  const reason = { item: 1 as ItemIndex, kind: 'rate', stars: 5, share: 1 } as const;
  const [first, second] = SHELF.entries;
  await show({ ...SHELF, entries: [{ ...first!, reason }, second!] });
  await expect.element(page.getByText('because you rated Item 1 5')).toBeVisible();
  await expect.element(page.getByText('many simulated shoppers liked it')).toBeVisible();
});

it('shows a hostile name as text, clipped to its place (faults 34 and 38)', async () => {
  const name = `<img src=x onerror="document.title='hit'">\u202e${'long '.repeat(2000)}`;
  const app = await createTestApp(makePack([makeItem(0, { name: { en: name } })]));
  await renderInApp(app, ShelfRow, { shelf: { ...SHELF, entries: SHELF.entries.slice(0, 1) }, moved: null });
  const heading = page.getByRole('heading', { level: 3 });
  await expect.element(heading).toHaveTextContent('<img src=x');
  expect(document.querySelector('img[src="x"]')).toBeNull();
  expect(document.title).not.toBe('hit');
  expect(heading.element().getBoundingClientRect().height).toBeLessThan(80);
  expect(heading.element().querySelector('bdi')).not.toBeNull();
});
