import { expect, it } from 'vitest';
import { page } from 'vitest/browser';
import type { Experiment } from '../../../src/lib/types.ts';
import type { AppState } from '../../../src/routes/state/app-state.ts';
import Leaderboard from '../../../src/routes/models/Leaderboard.svelte';
import { experiment } from '../../lib/storage/fixtures/records.ts';
import { createTestApp, renderInApp } from '../support/app.ts';
import { makeItem, makePack } from '../support/shop.ts';

const PACK = makePack([makeItem(0), makeItem(1)]);
const estimate = (value: number) => ({ value, low: value - 0.01, high: value + 0.01 });

async function open(all: readonly Experiment[], language: 'en' | 'zh' = 'en'): Promise<AppState> {
  const app = await createTestApp(PACK);
  await app.i18n.use(language);
  for (const one of all) await app.storage.experiments.put(one);
  await app.experiments.read();
  await renderInApp(app, Leaderboard, {});
  return app;
}

/** A biased factorization on MovieLens 100K, cross-validated. */
const ml100k: Experiment = {
  ...experiment('mf'),
  model: 'mf',
  data: { ...experiment('mf').data, known: { data: 'ml-100k', part: 'all' } },
  split: { kind: 'kfold', seed: 1, share: 0.2, leave: 1 },
  metrics: { rmse: estimate(0.925), mae: estimate(0.73), 'ndcg@10': estimate(0.1) },
  folds: [0.92, 0.93, 0.925, 0.924, 0.926].map((rmse) => ({ rmse })),
  groups: [
    {
      ...{ by: 'activity', metric: 'rmse' },
      groups: [
        { group: 'few', count: 120, estimate: estimate(0.98) },
        { group: 'many', count: 900, estimate: estimate(0.91) },
      ],
    },
    // one group alone says nothing
    { ...{ by: 'taste', metric: 'rmse' }, groups: [{ group: 'mixed', count: 9, estimate: estimate(0.9) }] },
  ],
};

it('shows published rows with own ones among them, and how they were measured', async () => {
  await open([ml100k]);
  const published = page.getByRole('region', { name: 'Published on this data' }).first();
  await expect.element(published.getByText(/Surprise, README/)).toBeVisible();
  await expect.element(published.getByText(/five random parts/)).toBeVisible();
  await expect.element(published.getByText(/chance fell otherwise/)).toBeVisible();
  const names = published
    .getByRole('rowheader')
    .elements()
    .map((one) => one.textContent.trim());
  expect(names.slice(0, 3)).toEqual([
    'SVD++',
    expect.stringMatching(/^Biased factorization\s*here$/),
    'k-NN baseline',
  ]);
});

it('shows no published rows where the data has none', async () => {
  await open([{ ...ml100k, data: { ...ml100k.data, known: null } }]);
  await expect.element(page.getByText('Biased factorization')).toBeVisible();
  expect(page.getByRole('region', { name: 'Published on this data' }).elements()).toEqual([]);
});

it('shows the figures of each part, and how groups fare', async () => {
  await open([ml100k]);
  await expect.element(page.getByText(/somewhat too narrow/)).toBeVisible();
  await page.getByRole('button', { name: 'Details of Biased factorization' }).click();
  await page.getByText('Figures of each of the 5 parts').click();
  await expect.element(page.getByRole('cell', { name: '0.9240' })).toBeVisible();
  const groups = page.getByRole('table', { name: /By how much a shopper has done/ });
  await expect.element(groups).toHaveTextContent(/gap 0\.0700/);
  await expect.element(groups.getByRole('rowheader', { name: /little\s+120 predictions/ })).toBeVisible();
  expect(page.getByRole('table', { name: /taste/ }).elements()).toEqual([]);
});

it('says it in Chinese', async () => {
  await open([ml100k], 'zh');
  const published = page.getByRole('region', { name: '这份数据上已发表的结果' }).first();
  await expect.element(published.getByText(/随机分成五份轮流来考/)).toBeVisible();
  await page.getByRole('button', { name: '带偏置的矩阵分解的详情' }).click();
  await expect.element(page.getByText('按顾客的行为多少')).toBeVisible();
});
