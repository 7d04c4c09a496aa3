import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateModel, historyOf } from '../../../../src/lib/model/evaluate/evaluate-model.ts';
import { entryRows } from '../../../../src/lib/model/evaluate/dataset.ts';
import { logLoss, rmse } from '../../../../src/lib/model/evaluate/rating.ts';
import { rankTopK } from '../../../../src/lib/model/evaluate/rank.ts';
import { splitDataset } from '../../../../src/lib/model/evaluate/splits.ts';
import { selectRows } from '../../../../src/lib/model/matrix/csr.ts';
import { closeDevice, type TrainingDevice } from '../../../../src/lib/model/train/devices.ts';
import { openDevice } from '../../../../src/lib/model/zoo/device.ts';
import {
  fitModel,
  foldedUsers,
  runExperiment,
  trainingData,
  valuesOf,
} from '../../../../src/lib/model/zoo/experiment.ts';
import { readModel, writeModel } from '../../../../src/lib/model/zoo/model-file.ts';
import { itemSide, MODEL_NAMES, type FittedModel } from '../../../../src/lib/model/zoo/model.ts';
import { modelAdapter } from '../../../../src/lib/model/zoo/registry.ts';
import { tune } from '../../../../src/lib/model/zoo/tune.ts';
import { randomDataset } from '../evaluate/random-dataset.ts';

const dataset = randomDataset(80, 50, 2000, 9);
const split = splitDataset(dataset, { kind: 'random', seed: 1, share: 0.2, leave: 1 });
const values = valuesOf(dataset.matrix);

let device: TrainingDevice;
beforeAll(async () => {
  device = await openDevice({ wish: 'cpu' });
});
afterAll(() => closeDevice(device));

async function fit(name: string, seed = 1): Promise<FittedModel> {
  const adapter = await modelAdapter(name);
  const request = { adapter, values, hyperparameters: {}, seed, device };
  return (await fitModel({ ...request, train: split.train })).model;
}

/** To the digits of the 32 bits that a file keeps. */
function expectNear(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  for (let at = 0; at < expected.length; at++) expect(actual[at]).toBeCloseTo(expected[at] ?? NaN, 4);
}

describe.each(MODEL_NAMES)('%s keeps the contract', (name) => {
  it('scores every item, known and folded in, with or without a history', async () => {
    const model = await fit(name);
    const history = { item: Int32Array.of(3, 9, 20), strength: Float32Array.of(1, 1, 1) };
    const nothing = { item: new Int32Array(0), strength: new Float32Array(0) };
    for (const scores of [model.scoresOf(5), model.foldIn(history), model.foldIn(nothing)]) {
      expect(scores.length).toBe(50);
      expect(Array.from(scores).every(Number.isFinite)).toBe(true);
      expect(new Set(Array.from(scores)).size).toBeGreaterThan(1);
    }
  });

  it('comes back whole from its file, and folds in from its item side alone', async () => {
    const model = await fit(name);
    const { load } = await modelAdapter(name);
    const back = load(await readModel(await writeModel(model.save())));
    const history = { item: Int32Array.of(3, 9, 20), strength: Float32Array.of(1, 1, 1) };
    expectNear(back.scoresOf(7), model.scoresOf(7));
    expectNear(back.foldIn(history), model.foldIn(history));
    const side = load(await readModel(await writeModel(itemSide(model.save()))));
    expectNear(side.foldIn(history), model.foldIn(history));
  });

  it('refuses hyper-parameters that are NaN or unknown', async () => {
    const adapter = await modelAdapter(name);
    const [known] = Object.keys(adapter.hyperparameters(split.train.matrix, {}));
    const resolve = (overrides: Record<string, number>) => () =>
      adapter.hyperparameters(split.train.matrix, overrides);
    expect(resolve({ nonsense: 1 })).toThrow(expect.objectContaining({ code: 'hyperparameter-invalid' }));
    if (known !== undefined) {
      expect(resolve({ [known]: NaN })).toThrow(expect.objectContaining({ code: 'hyperparameter-invalid' }));
    }
  });

  it('gives identical metrics for the same seed', async () => {
    const adapter = await modelAdapter(name);
    const run = async () => {
      const request = { adapter, split, values, hyperparameters: {}, seed: 4, device, ks: [5, 20] };
      return (await runExperiment(request)).evaluation.metrics;
    };
    expect(await run()).toEqual(await run());
  });

  it('ranks many as it ranks one', async () => {
    const model = await fit(name);
    if (model.rank === undefined) return;
    const users = Int32Array.of(0, 7, 30);
    const seen = selectRows(split.train.matrix, users);
    const { items } = await model.rank(users, seen, 10);
    users.forEach((user, row) => {
      const one = rankTopK(model.scoresOf(user), historyOf(seen, row).item, 10);
      expect([...items.subarray(row * 10, row * 10 + 10)]).toEqual([...one]);
    });
  });

  it('explains scores by parts that add up', async () => {
    const model = await fit(name);
    if (model.contributions === undefined) return;
    const history = { item: Int32Array.of(3, 9, 20), strength: Float32Array.of(1, 2, 1) };
    for (const item of [0, 9, 33]) {
      const { parts, rest } = model.contributions(history, item);
      const sum = parts.reduce((total, part) => total + part, rest);
      expect(sum).toBeCloseTo(model.foldIn(history)[item]!, 5);
    }
  });

  it('takes up a new user without training', async () => {
    const model = await fit(name);
    // counting anew is the update of who only counts
    expect(model.update === undefined).toBe(name === 'popularity' || name === 'recent-popularity');
    if (model.update === undefined) return;
    const item = Int32Array.of(1, 4, 6);
    const entries = {
      rows: 81,
      columns: 50,
      indptr: new Int32Array(82).fill(3, 81),
      indices: item,
      data: Float32Array.of(1, 1, 1),
    };
    const updated = await model.update(entries);
    expect(updated.users).toBe(81);
    const folded = model.foldIn({ item, strength: entries.data });
    Array.from(updated.scoresOf(80)).forEach((score, at) => expect(score).toBeCloseTo(folded[at]!, 5));
    expect(Array.from(updated.scoresOf(3))).toEqual(Array.from(model.scoresOf(3)));
  });

  it('goes through its file, learns on and takes up new events of somebody it knows', async () => {
    const adapter = await modelAdapter(name);
    const kept = adapter.load(await readModel(await writeModel((await fit(name)).save())));
    const { matrix, timestamps } = trainingData(split.train, adapter.task, values);
    const budget = adapter.continues && adapter.budget !== null ? { [adapter.budget]: 25 } : {};
    const hyperparameters = adapter.hyperparameters(matrix, { ...kept.hyperparameters, ...budget });
    const request = { train: matrix, timestamps, features: null, hyperparameters, seed: 1, device };
    const longer = adapter.continues
      ? await adapter.fit({ ...request, signal: undefined, start: kept.save() })
      : kept;
    expect(longer.users).toBe(80);
    if (longer.update === undefined) return;
    const indptr = new Int32Array(81).fill(2, 8);
    const entries = {
      rows: 80,
      columns: 50,
      indptr,
      indices: Int32Array.of(2, 40),
      data: Float32Array.of(1, 1),
    };
    const updated = await longer.update(entries);
    const history = { item: entries.indices, strength: entries.data };
    expect(updated.users).toBe(80);
    expectNear(updated.scoresOf(7), longer.foldIn(history));
    expect(Array.from(updated.scoresOf(9))).toEqual(Array.from(longer.scoresOf(9)));
    // what was taken up is kept as well
    const again = adapter.load(await readModel(await writeModel(updated.save())));
    expectNear(again.scoresOf(7), updated.scoresOf(7));
  });
});

describe('the zoo', () => {
  it('names what there is where a model is unknown', async () => {
    await expect(modelAdapter('magic')).rejects.toMatchObject({ code: 'input-invalid' });
  });

  it('refuses more factors than items, and an empty train', async () => {
    const adapter = await modelAdapter('ials');
    const request = { adapter, values, seed: 1, device, train: split.train };
    await expect(fitModel({ ...request, hyperparameters: { factors: 51 } })).rejects.toMatchObject({
      code: 'hyperparameter-invalid',
    });
    const nothing = { relevantFrom: 99, scale: null };
    await expect(fitModel({ ...request, hyperparameters: {}, values: nothing })).rejects.toMatchObject({
      code: 'not-enough-data',
    });
  });

  it('notices every flipped byte of a file', async () => {
    const file = await writeModel((await fit('itemknn')).save());
    await expect(readModel(file)).resolves.toBeDefined();
    for (const at of [0, 20, 200, file.length - 5, file.length - 1]) {
      const damaged = file.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 0x55;
      await expect(readModel(damaged).then((saved) => modelAdapter(saved.kind))).rejects.toThrow();
    }
    await expect(readModel(file.slice(0, file.length - 4))).rejects.toMatchObject({
      code: 'snapshot-corrupt',
    });
  });

  it('measures folded-in users by their history', async () => {
    const users = splitDataset(dataset, { kind: 'users', seed: 1, share: 0.2, leave: 1 });
    const adapter = await modelAdapter('itemknn');
    const request = { adapter, split: users, values, hyperparameters: {}, seed: 1, device, ks: [10] };
    const { evaluation, model } = await runExperiment(request);
    expect(evaluation.users.length).toBeGreaterThan(5);
    const { scoresOf, foldIn, save, kind, hyperparameters, users: count, items, iterations } = model;
    const slow = await evaluateModel(
      { scoresOf, foldIn, save, kind, hyperparameters, users: count, items, iterations },
      {
        task: 'ranking',
        seen: users.train.matrix,
        test: users.test,
        relevantFrom: values.relevantFrom,
        scale: null,
        folded: foldedUsers(users, 'ranking', values),
        ks: [10],
        signal: undefined,
      },
    );
    expect(slow.metrics).toEqual(evaluation.metrics);
  });

  it.each(['mf', 'svdpp', 'bayesian', 'logistic', 'ncf', 'logreg', 'deep'] as const)(
    'predicts for users who were folded in (%s)',
    async (name) => {
      const users = splitDataset(dataset, { kind: 'users', seed: 1, share: 0.2, leave: 1 });
      const adapter = await modelAdapter(name);
      const request = { adapter, split: users, values, hyperparameters: {}, seed: 1, device, ks: [10] };
      const { evaluation, model } = await runExperiment(request);
      expect(evaluation.pairs).toBe(users.test.indices.length);
      const { histories } = foldedUsers(users, adapter.task, values)!;
      const [predicted, actual]: number[][] = [[], []];
      entryRows(users.test).forEach((user, entry) => {
        const item = users.test.indices[entry]!;
        const score = model.foldIn(historyOf(histories, user))[item]!;
        const value = users.test.data[entry]!;
        predicted!.push(
          adapter.task === 'rating' ? Math.min(5, Math.max(1, score)) : 1 / (1 + Math.exp(-score)),
        );
        actual!.push(adapter.task === 'rating' ? value : Number(value >= values.relevantFrom));
      });
      const by = adapter.task === 'rating' ? { name: 'rmse', of: rmse } : { name: 'log-loss', of: logLoss };
      expect(evaluation.metrics[by.name]).toBeCloseTo(by.of(predicted!, actual!), 5);
    },
  );

  it('tunes on validation, never ends below the defaults there, and goes on from a kept state', async () => {
    const adapter = await modelAdapter('itemknn');
    const request = { adapter, split, values, fixed: {}, seed: 2, device, deadline: Infinity };
    const whole = await tune({ ...request, trials: 5 });
    const defaults = await tune({ ...request, trials: 1 });
    expect(whole.score).toBeGreaterThanOrEqual(defaults.score);
    let kept: Awaited<ReturnType<typeof tune>>['state'] | undefined;
    let seen = 0;
    const stop = new AbortController();
    const halfway = tune({
      ...request,
      trials: 5,
      signal: stop.signal,
      onState: (state) => {
        kept = JSON.parse(JSON.stringify(state)) as typeof state;
        if (++seen === 2) stop.abort();
      },
    });
    await expect(halfway).rejects.toMatchObject({ code: 'cancelled' });
    const resumed = await tune({ ...request, trials: 5, ...(kept === undefined ? {} : { state: kept }) });
    expect(resumed.score).toBe(whole.score);
    expect(resumed.hyperparameters).toEqual(whole.hyperparameters);
  });
});
