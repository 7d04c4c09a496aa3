import { describe, expect, it } from 'vitest';
import { EVENT_KINDS, type InteractionColumns } from '../../../../src/lib/types.ts';
import { answerExperiment } from '../../../../src/lib/model/experiment/run.ts';
import type { ExperimentProgress, ExperimentRequest } from '../../../../src/lib/model/experiment/types.ts';
import { DevicePolicy } from '../../../../src/lib/model/train/devices.ts';
import { ownDevices } from '../../../../src/lib/model/train/own-devices.ts';
import { MODEL_NAMES, MODEL_TASKS } from '../../../../src/lib/model/zoo/model.ts';
import { plantedCommunity } from '../support/planted.ts';

const GROUPS = 3;
const planted = plantedCommunity(150, 45, GROUPS, { ordersPerUser: 10, noise: 0.05 });

/** The planted orders, and for each pair as many stars as the taste says: 5 in the own group, else 2. */
function withStars({ columns, groupOfUser, groupOfItem }: typeof planted): InteractionColumns {
  const stars = columns.user.map((user, entry) =>
    groupOfUser(user) === groupOfItem(columns.item[entry] ?? 0) ? 5 : 2,
  );
  const twice = (values: Int32Array): Int32Array<ArrayBuffer> => Int32Array.from([...values, ...values]);
  return {
    ...columns,
    length: 2 * columns.length,
    user: twice(columns.user),
    item: twice(columns.item),
    day: twice(columns.day.map((_, entry) => entry)),
    kind: Uint8Array.from([...columns.kind, ...columns.kind.map(() => EVENT_KINDS.indexOf('rate'))]),
    stars: Uint8Array.from([...columns.stars, ...stars]),
  };
}

const request = (change: Partial<ExperimentRequest>): ExperimentRequest => ({
  ...{ model: 'popularity', hyperparameters: {}, k: 10, seed: 7, device: 'cpu' },
  split: { kind: 'random', seed: 7, share: 0.2, leave: 1 },
  interactions: withStars(planted),
  ...{ tuneSeconds: null, search: null },
  ...change,
});

const run = (change: Partial<ExperimentRequest>, onProgress?: (progress: ExperimentProgress) => void) =>
  answerExperiment(request(change), {
    devices: new DevicePolicy(ownDevices),
    ...(onProgress === undefined ? {} : { onProgress }),
  });

describe('answerExperiment', () => {
  it.each(MODEL_NAMES)('%s gives figures, the same each time', async (model) => {
    const told: string[] = [];
    const result = await run({ model }, ({ type }) => told.push(type));
    expect(told[0]).toBe('started');
    expect(told.at(-1)).toBe('testing');
    expect(told.filter((type) => type === 'point')).toHaveLength(result.curve.length);
    expect(result.data).toMatchObject({ users: 150, items: 45 });
    const ndcg = result.metrics['ndcg@10'];
    expect(ndcg?.value).toBeGreaterThan(0);
    expect(ndcg?.low).toBeLessThanOrEqual(ndcg?.value ?? NaN);
    expect(ndcg?.high).toBeGreaterThanOrEqual(ndcg?.value ?? NaN);
    expect(result.paired.values).toHaveLength(result.data.testUsers);
    expect('rmse' in result.metrics).toBe(MODEL_TASKS[model] === 'rating');
    const again = await run({ model });
    expect(again.metrics).toEqual(result.metrics);
  });

  it('finds planted tastes that popularity cannot know', async () => {
    const popularity = await run({});
    for (const model of MODEL_NAMES.filter((name) => name === 'ials' || name === 'ease')) {
      const learned = await run({ model });
      expect(learned.metrics['ndcg@10']?.value).toBeGreaterThan(
        1.3 * (popularity.metrics['ndcg@10']?.value ?? NaN),
      );
    }
  });

  it('searches on a part of train, and goes on with a search that was interrupted', async () => {
    const searches: string[] = [];
    const tuned = await run({ model: 'itemknn', tuneSeconds: 0.001 }, (progress) => {
      if (progress.type === 'trial') searches.push(progress.search);
    });
    expect(searches).toHaveLength(1); // the defaults are always tried
    const again: number[] = [];
    const longer = await run(
      { model: 'itemknn', tuneSeconds: 2, search: searches[0] ?? null },
      (progress) => {
        if (progress.type === 'trial') again.push(progress.trials);
      },
    );
    expect(again[0]).toBe(2);
    expect(tuned.metrics['ndcg@10']?.value).toBeGreaterThan(0);
    expect(longer.metrics['ndcg@10']?.value).toBeGreaterThan(0);
  });

  it.each(['time', 'users', 'leave-k'] as const)('splits by %s', async (kind) => {
    const { data, metrics } = await run({ split: { kind, seed: 3, share: 0.2, leave: 1 } });
    expect(data.testUsers).toBeGreaterThan(0);
    expect(metrics['recall@10']?.value).toBeGreaterThan(0);
  });

  it('says what is wrong with the request before it fits anything', async () => {
    await expect(run({ hyperparameters: { factors: NaN } })).rejects.toMatchObject({
      code: 'hyperparameter-invalid',
    });
    await expect(run({ k: 0 })).rejects.toMatchObject({ code: 'input-invalid' });
    const nothing = { ...planted.columns, length: 0, user: new Int32Array(), item: new Int32Array() };
    const empty = { ...nothing, kind: new Uint8Array(), stars: new Uint8Array(), day: new Int32Array() };
    await expect(run({ interactions: empty })).rejects.toMatchObject({ code: 'not-enough-data' });
  });
});
