import { beforeEach, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Stars } from '../../../src/lib/types.ts';
import StarInput from '../../../src/routes/ui/StarInput.svelte';
import { createTestApp, renderInApp } from '../support/app.ts';
import { makeItem, makePack } from '../support/shop.ts';

const onchange = vi.fn<(stars: Stars) => void>();

beforeEach(async () => {
  onchange.mockClear();
  const app = await createTestApp(makePack([makeItem(0)]));
  await renderInApp(app, StarInput, { value: 3 as Stars, label: 'Your rating', onchange });
});

it('is a named group of radio buttons that shows the rating', async () => {
  await expect.element(page.getByRole('group', { name: 'Your rating' })).toBeVisible();
  await expect.element(page.getByRole('radio', { name: '3 stars' })).toBeChecked();
  await expect.element(page.getByRole('radio', { name: '1 star', exact: true })).not.toBeChecked();
});

it('rates by arrow keys', async () => {
  page.getByRole('radio', { name: '3 stars' }).element().focus();
  await userEvent.keyboard('{ArrowRight}');
  expect(onchange).toHaveBeenLastCalledWith(4);
});

it('rates by the digits 1 to 5 and by no others', async () => {
  page.getByRole('radio', { name: '3 stars' }).element().focus();
  await userEvent.keyboard('5');
  expect(onchange).toHaveBeenLastCalledWith(5);
  await userEvent.keyboard('6');
  await userEvent.keyboard('{Control>}1{/Control}');
  expect(onchange).toHaveBeenCalledTimes(1);
});

it('rates by pointer', async () => {
  // The radio button itself is out of sight: its label is what a pointer finds.
  await userEvent.click(page.getByRole('radio', { name: '2 stars' }).element().closest('label')!);
  expect(onchange).toHaveBeenLastCalledWith(2);
});
