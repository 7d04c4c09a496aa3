import { describe, expect, it } from 'vitest';
import { fitPairs, PairFit } from '../../../../../src/lib/model/gradient/pairs/fit.ts';
import {
  PAIR_MODELS,
  pairHyperparameters,
} from '../../../../../src/lib/model/gradient/pairs/hyperparameters.ts';
import {
  PairBatches,
  pairsOfStrengths,
  type LabelledPairs,
} from '../../../../../src/lib/model/gradient/pairs/labelled-pairs.ts';
import { PairModel } from '../../../../../src/lib/model/gradient/pairs/model.ts';
import { softplus } from '../../../../../src/lib/model/gradient/objective.ts';
import { sparseOf } from '../../support/random-matrices.ts';
import { twoTastes } from './support.ts';

const train = twoTastes(60, 40, 1500, 1);
const unseen = twoTastes(60, 40, 500, 2);
const overrides = { factors: 4, iterations: 30, learningRate: 0.05, batchSize: 256, regularization: 0.03 };

function logLoss(model: PairModel, { user, item, label }: LabelledPairs): number {
  let sum = 0;
  user.forEach((u, pair) => {
    const p = model.predict(u, item[pair]!);
    sum -= Math.log(label[pair]! === 1 ? p : 1 - p);
  });
  return sum / user.length;
}

describe.each(PAIR_MODELS)('fitPairs, %s', (kind) => {
  it('learns tastes that it can predict by', async () => {
    const losses: number[] = [];
    const model = await fitPairs(kind, train, overrides, {
      seed: 1,
      onProgress: ({ loss }) => losses.push(loss),
    });
    expect(losses).toHaveLength(30);
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
    // a coin has ln 2 = .693; a tenth of the labels is turned over, whose entropy is .325
    expect(logLoss(model, unseen)).toBeLessThan(0.5);
  });

  it('gives the same numbers for the same seed, and others for another', async () => {
    const run = async (seed: number): Promise<Float32Array> =>
      (await fitPairs(kind, train, { ...overrides, iterations: 2 }, { seed })).scoresOf(3);
    expect(await run(1)).toEqual(await run(1));
    expect(await run(2)).not.toEqual(await run(1));
  });

  it('goes on from a state as if it had not stopped', async () => {
    const whole = await fitPairs(kind, train, { ...overrides, iterations: 4 }, { seed: 3 });
    const first = await PairFit.open(kind, train, overrides, { seed: 3 });
    await first.iterate();
    await first.iterate();
    const resume = await first.state();
    const rest = await fitPairs(kind, train, { ...overrides, iterations: 4 }, { seed: 3, resume });
    expect(rest.scoresOf(5)).toEqual(whole.scoresOf(5));
    const other = { ...overrides, factors: 5 };
    await expect(PairFit.open(kind, train, other, { seed: 3, resume })).rejects.toMatchObject({
      code: 'input-invalid',
    });
  });

  it('is saved and loaded, and scores as it predicts', async () => {
    const model = await fitPairs(kind, train, { ...overrides, iterations: 2 }, { seed: 1 });
    const loaded = PairModel.fromState(structuredClone(model.toState()));
    expect(loaded.scoresOf(7)).toEqual(model.scoresOf(7));
    const scores = model.scoresOf(7);
    expect(model.predict(7, 11)).toBeCloseTo(1 / (1 + Math.exp(-scores[11]!)), 6);
    expect(() => PairModel.fromState({ ...model.toState(), factors: 3 })).toThrow();
    expect(() => model.predict(60, 0)).toThrow('The model has no user 60.');
    expect(() => model.predict(0, -1)).toThrow('The model has no item -1.');
  });

  it('folds in to a minimum of the objective over the own pairs', async () => {
    const model = await fitPairs(kind, train, overrides, { seed: 1 });
    const item = [0, 2, 4, 6, 1, 3, 5];
    const label = [1, 1, 1, 1, 0, 0, 0];
    const vector = model.foldIn({ item, label });
    const objective = (v: Float32Array): number => {
      const scores = model.scoresFor(v);
      let sum = (0.03 / 2) * item.length * v.reduce((norm, entry) => norm + entry * entry, 0);
      item.forEach((i, at) => (sum += softplus(scores[i]!) - label[at]! * scores[i]!));
      return sum;
    };
    const least = objective(vector);
    for (let f = 0; f < vector.length; f++) {
      for (const change of [-0.05, 0.05]) {
        const near = vector.slice();
        near[f]! += change;
        expect(objective(near)).toBeGreaterThan(least - 1e-5);
      }
    }
    const scores = model.scoresFor(vector);
    expect(scores[8]).toBeGreaterThan(scores[9]!);
  });
});

describe('PairBatches', () => {
  it('holds each pair once an epoch, in another order each time, filled up to the same length', () => {
    const batches = new PairBatches(train, 512, 0, 1);
    const epochs = [0, 1].map((epoch) => [...batches.epoch(epoch)]);
    for (const epoch of epochs) {
      expect(epoch.map(({ user }) => user.length)).toEqual([512, 512, 512]);
      const held = epoch.flatMap(({ user, item, label, weight }) =>
        [...user].map((u, place) => `${u} ${item[place]} ${label[place]} ${weight[place]}`),
      );
      const expected = [...train.user].map(
        (u, pair) => `${u} ${train.item[pair]} ${train.label[pair]} ${train.weight![pair]}`,
      );
      const filling = Array.from({ length: 36 }, () => '-1 -1 0 0');
      expect(held.sort()).toEqual([...expected, ...filling].sort());
    }
    expect(epochs[0]![0]!.user).not.toEqual(epochs[1]![0]!.user);
  });

  it('draws every open item alike as a negative, and never a known one', () => {
    const pairs = pairsOfStrengths(
      sparseOf([
        [1, 0, 2, 0, 0, -1],
        [1, 1, 1, 1, 1, 1],
      ]),
      0.5,
    );
    expect([...pairs.label]).toEqual([1, 1, 0, 1, 1, 1, 1, 1, 1]);
    expect([...pairs.weight!.slice(0, 3)]).toEqual([0.5, 1, 0.5]);
    const drawn = new Map<string, number>();
    for (let epoch = 0; epoch < 300; epoch++) {
      for (const { user, item, label, weight } of new PairBatches(pairs, 64, 3, 7).epoch(epoch)) {
        user.forEach((u, place) => {
          if (u < 0 || label[place] === 1 || item[place] === 5) return;
          expect(weight[place]).toBe(1);
          const key = `${u} ${item[place]}`;
          drawn.set(key, (drawn.get(key) ?? 0) + 1);
        });
      }
    }
    expect([...drawn.keys()].sort()).toEqual(['0 1', '0 3', '0 4']);
    // 300 epochs × 2 likes × 3 draws over 3 items, give or take 5 deviations
    for (const count of drawn.values()) expect(Math.abs(count - 600)).toBeLessThan(100);
  });
});

describe('what is refused', () => {
  const fit = (pairs: Partial<LabelledPairs>, more = {}): Promise<PairModel> =>
    fitPairs('logistic', { ...train, ...pairs }, { ...overrides, ...more }, { seed: 1 });

  it('names the pair that is not sound', async () => {
    const badItem = train.item.with(17, 40);
    await expect(fit({ item: badItem })).rejects.toMatchObject({
      code: 'input-invalid',
      values: { pair: 17, name: 'item', value: '40' },
    });
    const badLabel = train.label.with(3, NaN);
    await expect(fit({ label: badLabel })).rejects.toMatchObject({ values: { pair: 3, name: 'label' } });
    await expect(fit({ label: new Float32Array(3) })).rejects.toMatchObject({ code: 'input-invalid' });
    const none = { user: new Int32Array(), item: new Int32Array(), label: new Float32Array(), weight: null };
    await expect(fit(none)).rejects.toMatchObject({ code: 'not-enough-data' });
  });

  it('names the hyper-parameter', async () => {
    await expect(fit({}, { factors: 0 })).rejects.toMatchObject({ values: { name: 'factors' } });
    await expect(fit({}, { learningRate: NaN })).rejects.toMatchObject({ code: 'hyperparameter-invalid' });
    await expect(fit({}, { speed: 1 })).rejects.toMatchObject({ values: { name: 'speed' } });
  });

  it('tells of a loss that is not finite', async () => {
    const before = await PairFit.open('logistic', train, overrides, { seed: 1 });
    const resume = structuredClone(await before.state());
    resume.state.items.values[0] = NaN;
    const after = await PairFit.open('logistic', train, overrides, { seed: 1, resume });
    await expect(after.iterate()).rejects.toMatchObject({ code: 'training-diverged', values: { epoch: 1 } });
  });
});

it('draws negatives only where there are none, and batches by the size of the data', () => {
  expect(pairHyperparameters({ pairs: 500_000, positive: 200_000 }, {})).toMatchObject({
    negatives: 0,
    batchSize: 8192,
  });
  expect(pairHyperparameters({ pairs: 1000, positive: 1000 }, {})).toMatchObject({
    negatives: 4,
    batchSize: 256,
  });
});
