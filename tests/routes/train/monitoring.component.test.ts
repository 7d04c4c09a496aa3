import { expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { sealSnapshot } from '../../../src/lib/model/snapshot.ts';
import type { ModelSnapshot } from '../../../src/lib/types.ts';
import type { AppState } from '../../../src/routes/state/app-state.ts';
import Monitoring from '../../../src/routes/train/Monitoring.svelte';
import { plantedFactors, snapshotOf } from '../../lib/model/recommend/planted.ts';
import { createTestApp, renderInApp } from '../support/app.ts';
import { makeItem, makePack } from '../support/shop.ts';

const ITEMS = 80;
const FACTORS = 8;
const TASTES = 4;
const PACK = makePack(Array.from({ length: ITEMS }, (_, index) => makeItem(index)));
/** The recommender worker starts at the first call, which a busy machine serves late. */
const PATIENCE = { timeout: 15_000 };

/** A model of four tastes that was trained before the visitor did anything. */
function model(recallAt10: number, packFingerprint = PACK.fingerprint): Promise<ModelSnapshot> {
  return sealSnapshot({
    ...snapshotOf(plantedFactors(ITEMS, FACTORS), FACTORS),
    packId: PACK.manifest.id,
    packFingerprint,
    trainedAt: 1,
    quality: { users: 50, ndcgAt10: 0.3, recallAt10, popularityNdcgAt10: 0.1 },
  });
}

/** The card over a shop; `kept` is on the device. */
async function open(kept: ModelSnapshot | null): Promise<AppState> {
  const app = await createTestApp(PACK);
  if (kept !== null) await app.storage.snapshots.put(kept);
  const pack = { packId: PACK.manifest.id, fingerprint: PACK.fingerprint };
  const snapshot = await app.training.kept.read(pack, 'ials');
  if (snapshot !== null) await app.recommendations.useSnapshot(snapshot);
  await renderInApp(app, Monitoring, {});
  return app;
}

async function like(app: AppState, count: number, from = 0): Promise<void> {
  for (let at = from; at < from + count; at++) {
    await app.visitor.add({ kind: 'like', itemId: PACK.items[at * TASTES]!.id });
  }
}

it('says what is missing before it says how well', async () => {
  const app = await open(await model(0.3));
  const card = page.getByRole('region', { name: 'How well it predicts you' });
  await expect.element(card.getByText(/^0 of the 10 products needed/), PATIENCE).toBeVisible();
  await like(app, 3);
  await expect.element(card.getByText(/^3 of the 10 products needed/), PATIENCE).toBeVisible();
  // before the first like nothing was predicted
  await expect.element(card.getByText(/^2 of the 10 opinions/)).toBeVisible();
  await expect.element(card.getByText('Too early to say.')).toBeVisible();
});

it('shows figures with every product in a table, and loses what is erased', async () => {
  const app = await open(await model(0.3));
  await like(app, 12);
  const card = page.getByRole('region', { name: 'How well it predicts you' });
  await expect
    .element(card.getByRole('img', { name: /over 12 products: this model/ }), PATIENCE)
    .toBeVisible();
  await expect.element(card.getByRole('img', { name: /Prediction against what you liked/ })).toBeVisible();
  await card.getByText('Product by product').click();
  await expect.element(card.getByRole('rowheader', { name: 'Item 8', exact: true })).toBeVisible();

  await app.visitor.take(PACK.items[8]!.id, ['like']);
  await expect.element(card.getByRole('img', { name: /over 11 products/ }), PATIENCE).toBeVisible();
  await expect.element(card.getByRole('rowheader', { name: 'Item 8', exact: true })).not.toBeInTheDocument();
});

it('suggests training where the model keeps less than it promised, and begins it', async () => {
  // each like is of the next taste: nothing to follow
  const app = await open(await model(0.95));
  for (let at = 0; at < 24; at++) {
    await app.visitor.add({ kind: 'like', itemId: PACK.items[(at * 37) % ITEMS]!.id });
  }
  const card = page.getByRole('region', { name: 'How well it predicts you' });
  await expect
    .element(card.getByText(/less well than training promised: \d+% instead of 95%/), PATIENCE)
    .toBeVisible();
  await card.getByRole('button', { name: 'Train with what is new' }).click();
  // the trainer of the test refuses: it was asked
  await expect.poll(() => app.training.outcome?.type, PATIENCE).toBe('failed');
});

it('says that the shop has changed since the kept model was trained', async () => {
  await open(await model(0.3, 'b'.repeat(64)));
  await expect.element(page.getByText(/it knew 80 products, now there are 80/)).toBeVisible();
  await expect.element(page.getByRole('button', { name: 'Train with what is new' })).toBeVisible();
});

it('says that there is no model', async () => {
  await open(null);
  await expect.element(page.getByText(/no model yet/)).toBeVisible();
});
