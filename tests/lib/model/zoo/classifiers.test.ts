import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datasetOf, type Dataset } from '../../../../src/lib/model/evaluate/dataset.ts';
import { splitDataset } from '../../../../src/lib/model/evaluate/splits.ts';
import { Random } from '../../../../src/lib/model/matrix/random.ts';
import { closeDevice, type TrainingDevice } from '../../../../src/lib/model/train/devices.ts';
import { openDevice } from '../../../../src/lib/model/zoo/device.ts';
import { runExperiment, valuesOf } from '../../../../src/lib/model/zoo/experiment.ts';
import { modelAdapter } from '../../../../src/lib/model/zoo/registry.ts';

const USERS = 120;
const ITEMS = 90;
const CATEGORIES = 6;

/** items × categories: each item is of one. */
const categories = {
  rows: ITEMS,
  columns: CATEGORIES,
  indptr: Int32Array.from({ length: ITEMS + 1 }, (_, item) => item),
  indices: Int32Array.from({ length: ITEMS }, (_, item) => item % CATEGORIES),
  data: new Float32Array(ITEMS).fill(1),
};

/** Each user likes two categories: nine of ten of their likes are there, and stars tell them apart as well. */
function planted(rated: boolean): Dataset {
  const random = new Random(5);
  const entries: { user: number; item: number; value: number }[] = [];
  for (let user = 0; user < USERS; user++) {
    const liked = (item: number): boolean => (item + user) % CATEGORIES < 2;
    for (let draw = 0; draw < 24; draw++) {
      const item = random.below(ITEMS);
      if (rated) entries.push({ user, item, value: liked(item) === random.uniform() < 0.9 ? 5 : 1 });
      else if (liked(item) === random.uniform() < 0.9) entries.push({ user, item, value: 1 });
    }
  }
  return datasetOf({
    users: USERS,
    items: ITEMS,
    user: Int32Array.from(entries, ({ user }) => user),
    item: Int32Array.from(entries, ({ item }) => item),
    value: Float32Array.from(entries, ({ value }) => value),
    time: null,
  }).dataset;
}

let device: TrainingDevice;
beforeAll(async () => {
  device = await openDevice({ wish: 'cpu' });
});
afterAll(() => closeDevice(device));

async function measure(name: string, dataset: Dataset, withFeatures: boolean) {
  const request = {
    adapter: await modelAdapter(name),
    split: splitDataset(dataset, { kind: 'random', seed: 1, share: 0.25, leave: 1 }),
    values: valuesOf(dataset.matrix),
    features: withFeatures ? categories : null,
    ...{ hyperparameters: {}, seed: 1, device, ks: [10] },
  };
  return (await runExperiment(request)).evaluation.metrics;
}

describe.each(['logreg', 'deep'])('%s', (name) => {
  it('ranks by tastes in categories that popularity cannot know, from likes alone', async () => {
    const likes = planted(false);
    const popularity = (await measure('popularity', likes, false))['ndcg@10'] ?? NaN;
    const blind = (await measure(name, likes, false))['ndcg@10'] ?? NaN;
    const seeing = (await measure(name, likes, true))['ndcg@10'] ?? NaN;
    expect(seeing).toBeGreaterThan(1.5 * popularity);
    expect(seeing).toBeGreaterThan(1.3 * blind);
  });

  it('tells likes from dislikes by them, near what the planted noise allows', async () => {
    const rated = planted(true);
    const seeing = await measure(name, rated, true);
    const blind = await measure(name, rated, false);
    // one label in ten is turned: nobody is right more often than that
    expect(seeing['accuracy']).toBeGreaterThan(0.82);
    expect(seeing['auc']).toBeGreaterThan((blind['auc'] ?? NaN) + 0.1);
    expect(seeing['log-loss']).toBeLessThan(blind['log-loss'] ?? NaN);
  });
});
