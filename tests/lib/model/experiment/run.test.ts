import { describe, expect, it } from 'vitest';
import { EVENT_KINDS, type FoldOutcome, type InteractionColumns } from '../../../../src/lib/types.ts';
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

/** Ratings of pairs that are all different. */
function shapedRatings(users: number, items: number, length: number): InteractionColumns {
  const pairs = Array.from({ length }, (_, at) => Math.floor((at * users * items) / length));
  return {
    ...{ users, items, length },
    user: Int32Array.from(pairs, (pair) => Math.floor(pair / items)),
    item: Int32Array.from(pairs, (pair) => pair % items),
    kind: new Uint8Array(length).fill(EVENT_KINDS.indexOf('rate')),
    stars: Uint8Array.from(pairs, (pair) => 1 + (pair % 5)),
    day: new Int32Array(length),
  };
}

const request = (change: Partial<ExperimentRequest>): ExperimentRequest => ({
  ...{ model: 'popularity', hyperparameters: {}, k: 10, seed: 7, device: 'cpu' },
  split: { kind: 'random', seed: 7, share: 0.2, leave: 1 },
  interactions: withStars(planted),
  ...{ tuneSeconds: null, search: null, folds: [] },
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

  it('names the CPU where a model has nothing to compute on WebGPU, whatever was asked for', async () => {
    expect((await run({ model: 'popularity', device: 'webgpu' })).device).toBe('cpu');
    await expect(run({ model: 'ials', device: 'webgpu' })).rejects.toMatchObject({ code: 'gpu-unavailable' });
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

  it.each(['itemknn', 'mf', 'logistic'] as const)('cross-validates (%s)', async (model) => {
    const split = { kind: 'kfold', seed: 3, share: 0.2, leave: 1 } as const;
    const outcomes: FoldOutcome[] = [];
    const told: string[] = [];
    const whole = await run({ model, split }, (progress) => {
      if (progress.type === 'fold') told.push(`${progress.fold} of ${progress.of}`);
      if (progress.type === 'folded') outcomes.push(progress.outcome);
    });
    expect(told).toEqual(['1 of 5', '2 of 5', '3 of 5', '4 of 5', '5 of 5']);
    const name = MODEL_TASKS[model] === 'rating' ? 'rmse' : 'ndcg@10';
    const values = whole.folds.map((fold) => fold[name]!);
    expect(values).toEqual(outcomes.map(({ metrics }) => metrics[name]!.value));
    const estimate = whole.metrics[name]!;
    expect(estimate.value).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / 5, 12);
    expect(estimate.low!).toBeLessThan(estimate.value);
    expect(estimate.high!).toBeGreaterThan(estimate.value);
    // each user stands once, with the mean over the parts in which something of theirs was to be found
    const users = new Set(outcomes.flatMap(({ users: own }) => [...own]));
    expect([whole.data.testUsers, whole.paired.values.length]).toEqual([users.size, users.size]);
    const first = Math.min(...users);
    const own = outcomes.flatMap(({ users: all, values: each }) =>
      [...each].filter((_, at) => all[at] === first),
    );
    expect(whole.paired.values[0]).toBeCloseTo(own.reduce((sum, value) => sum + value, 0) / own.length, 6);

    // what was done stays done: three of five are fitted no more
    const again: string[] = [];
    const resumed = await run({ model, split, folds: outcomes.slice(0, 3) }, (progress) => {
      if (progress.type === 'fold') again.push(`${progress.fold} of ${progress.of}`);
    });
    expect(again).toEqual(['4 of 5', '5 of 5']);
    expect(resumed.metrics).toEqual(whole.metrics);
    expect(resumed.paired).toEqual(whole.paired);
  });

  it('goes on with the search of the part that was interrupted, and of no other', async () => {
    const split = { kind: 'kfold', seed: 3, share: 0.2, leave: 1 } as const;
    const searches: string[] = [];
    const outcomes: FoldOutcome[] = [];
    await run({ model: 'itemknn', split, tuneSeconds: 0.001 }, (progress) => {
      if (progress.type === 'trial') searches.push(progress.search);
      if (progress.type === 'folded') outcomes.push(progress.outcome);
    });
    expect(searches).toHaveLength(5); // the defaults are always tried
    const trials: number[] = [];
    const change = { split, tuneSeconds: 0.001, folds: outcomes.slice(0, 3), search: searches[3]! };
    await run({ model: 'itemknn', ...change }, (progress) => {
      if (progress.type === 'trial') trials.push(progress.trials);
    });
    // the fourth has its trial already, the fifth begins anew
    expect(trials).toEqual([1]);
  });

  it('says whom a model serves better', async () => {
    const { groups, metrics } = await run({ model: 'popularity' });
    expect(groups.map(({ by, metric }) => [by, metric])).toEqual([
      ['activity', 'ndcg@10'],
      ['taste', 'ndcg@10'],
      ['popularity', 'recall@10'],
    ]);
    const [head, tail] = groups[2]!.groups;
    // popularity finds what is popular
    expect(head!.estimate.value).toBeGreaterThan(tail!.estimate.value);
    expect(metrics['recall-popularity-gap@10']!.value).toBeCloseTo(
      head!.estimate.value - tail!.estimate.value,
      12,
    );
    expect(head!.estimate.low!).toBeLessThan(head!.estimate.value);
  });

  it('knows data with published tables, and no other', async () => {
    const { users, items } = planted.columns;
    expect((await run({})).data).toMatchObject({ users, items, known: null });
    const ratings = shapedRatings(943, 1_682, 100_000);
    const { data } = await run({ interactions: ratings, k: 5 });
    expect(data.known).toEqual({ data: 'ml-100k', part: 'all' });
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
