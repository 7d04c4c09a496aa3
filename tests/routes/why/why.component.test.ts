import { expect, it } from 'vitest';
import { page } from 'vitest/browser';
import WhyPanel from '../../../src/routes/why/WhyPanel.svelte';
import { createTestApp, renderInApp } from '../support/app.ts';
import { makeItem, makePack } from '../support/shop.ts';

const ITEMS = [
  makeItem(0, { name: { en: 'Moka pot' }, description: { en: 'Makes strong coffee on the stove.' } }),
  makeItem(1, { name: { en: 'Espresso cups' }, description: { en: 'Small cups for strong coffee.' } }),
  makeItem(2, { name: { en: 'Coffee grinder' }, description: { en: 'Grinds coffee for the stove pot.' } }),
  makeItem(3, {
    name: { en: 'Spade' },
    description: { en: 'Digs the bed.' },
    category: 'garden',
    brand: 'Other',
  }),
];

/** The dialog comes by a dynamic import, which a busy machine may serve late. */
const PATIENCE = { timeout: 15_000 };

const figure = (text: string | null | undefined): number =>
  Number((text ?? '').replace('−', '-').replace('+', ''));

it('adds up to the score, and forgets a reason that is removed; undo brings it back', async () => {
  const app = await createTestApp(makePack(ITEMS));
  await app.visitor.rate(ITEMS[0]!.id, 5);
  await app.visitor.add({ kind: 'like', itemId: ITEMS[2]!.id });
  await renderInApp(app, WhyPanel, {});
  app.why.open(ITEMS[1]!);

  const dialog = page.getByRole('dialog', { name: 'Why Espresso cups?' });
  await expect.element(dialog.getByText('rated 5'), PATIENCE).toBeVisible();
  await expect.element(dialog.getByText('Coffee grinder')).toBeVisible();
  const amounts = [...dialog.element().querySelectorAll('.amount')].map((node) => figure(node.textContent));
  const score = figure(dialog.element().querySelector('.sum .num')?.textContent);
  // Each figure is rounded to three places.
  expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBeCloseTo(score, 2);
  expect(score).toBeGreaterThan(0);

  await dialog.getByRole('button', { name: 'Remove this reason: Moka pot' }).click();
  await expect.element(dialog.getByText('Moka pot')).not.toBeInTheDocument();
  expect(app.visitor.events.map((event) => event.itemId)).toEqual([ITEMS[2]!.id]);
  expect(await app.storage.events.count()).toBe(1);

  await app.notices.act(app.notices.list.at(-1)!);
  await expect.element(dialog.getByText('Moka pot')).toBeVisible();
  expect(await app.storage.events.count()).toBe(2);
});

it('says that it rests on what others liked where the visitor has shown no taste', async () => {
  const app = await createTestApp(makePack(ITEMS));
  await renderInApp(app, WhyPanel, {});
  app.why.open(ITEMS[1]!);
  await expect
    .element(page.getByRole('dialog').getByText(/rests on what simulated shoppers liked/))
    .toBeVisible();
  await page.getByRole('button', { name: 'Close' }).click();
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
  expect(app.why.item).toBeNull();
});
