import { describe, expect, it } from 'vitest';
import { evaluateModel, historyOf } from '../../../../src/lib/model/evaluate/evaluate-model.ts';
import { selectEntries } from '../../../../src/lib/model/evaluate/dataset.ts';
import { rankTopK } from '../../../../src/lib/model/evaluate/rank.ts';
import { splitDataset } from '../../../../src/lib/model/evaluate/splits.ts';
import { Random } from '../../../../src/lib/model/matrix/random.ts';
import type { FittedModel } from '../../../../src/lib/model/zoo/model.ts';
import { randomDataset } from './random-dataset.ts';

const { train, test } = splitDataset(randomDataset(50, 30, 800, 3), {
  kind: 'random',
  seed: 1,
  share: 0.3,
  leave: 1,
});
const random = new Random(8);
/** Coarse, so that there are ties; some beyond the scale. */
const table = Array.from({ length: 50 }, () => Array.from({ length: 30 }, () => random.below(8)));

function model(scores: readonly (readonly number[])[]): FittedModel {
  return {
    kind: 'mf',
    hyperparameters: {},
    users: 50,
    items: 30,
    iterations: 0,
    scoresOf: (user) => scores[user]!,
    foldIn: () => scores[0]!,
    predict: (user, item) => scores[user]![item]!,
    save: () => ({ kind: 'mf', hyperparameters: {}, users: 50, items: 30, arrays: {} }),
  };
}

const REQUEST = {
  task: 'rating',
  seen: train.matrix,
  test,
  relevantFrom: 4,
  scale: { min: 1, max: 5 },
  folded: null,
  signal: undefined,
} as const;

/** By a full sort and sums over sets. */
function naive(k: number) {
  const errors: number[] = [];
  const recalls: number[] = [];
  const gains: number[] = [];
  for (let user = 0; user < 50; user++) {
    const known = new Set(historyOf(train.matrix, user).item);
    const { item, strength } = historyOf(test, user);
    item.forEach((i, at) => errors.push(Math.max(1, Math.min(5, table[user]![i]!)) - strength[at]!));
    const relevant = [...item].filter((_, at) => strength[at]! >= 4);
    if (relevant.length === 0) continue;
    const order = table[user]!.map((score, i) => ({ score, i }))
      .filter(({ i }) => !known.has(i))
      .sort((a, b) => b.score - a.score || a.i - b.i)
      .slice(0, k)
      .map(({ i }) => i);
    const places = relevant.map((i) => order.indexOf(i)).filter((place) => place >= 0);
    recalls.push(places.length / relevant.length);
    const discount = (place: number) => Math.LN2 / Math.log(place + 2);
    const ideal = Array.from({ length: Math.min(k, relevant.length) }, (_, place) => discount(place));
    gains.push(sum(places.map(discount)) / sum(ideal));
  }
  return {
    users: recalls.length,
    rmse: Math.sqrt(sum(errors.map((error) => error * error)) / errors.length),
    mae: sum(errors.map(Math.abs)) / errors.length,
    recall: sum(recalls) / recalls.length,
    ndcg: sum(gains) / gains.length,
  };
}

const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('evaluateModel', () => {
  it('agrees with an independent implementation', async () => {
    const { metrics, users, perUser } = await evaluateModel(model(table), { ...REQUEST, ks: [3, 10] });
    for (const k of [3, 10]) {
      const expected = naive(k);
      expect(users.length).toBe(expected.users);
      expect(metrics['rmse']).toBeCloseTo(expected.rmse, 10);
      expect(metrics['mae']).toBeCloseTo(expected.mae, 10);
      expect(metrics[`recall@${k}`]).toBeCloseTo(expected.recall, 10);
      expect(metrics[`ndcg@${k}`]).toBeCloseTo(expected.ndcg, 10);
      expect(sum([...perUser[`ndcg@${k}`]!]) / users.length).toBeCloseTo(metrics[`ndcg@${k}`]!, 10);
    }
  });

  it('refuses scores and predictions that are not finite, and a k that is none', async () => {
    const broken = model(table.map((row) => row.map((_, at) => (at === 12 ? NaN : 1))));
    const diverged = { code: 'training-diverged' };
    await expect(evaluateModel(broken, { ...REQUEST, ks: [5] })).rejects.toMatchObject(diverged);
    await expect(evaluateModel(broken, { ...REQUEST, task: 'ranking', ks: [5] })).rejects.toMatchObject(
      diverged,
    );
    for (const k of [0, 1.5, NaN]) {
      const request = evaluateModel(model(table), { ...REQUEST, ks: [k] });
      await expect(request).rejects.toMatchObject({ code: 'input-invalid' });
    }
  });

  it('measures classes where the task is a probability', async () => {
    const sure = model(table.map((row, user) => row.map((_, item) => probability(user, item))));
    // also where the data has a rating scale, which is none of a probability
    const { metrics } = await evaluateModel(sure, { ...REQUEST, task: 'probability', ks: [5] });
    expect(metrics).toMatchObject({ auc: 1, accuracy: 1, precision: 1, recall: 1, f1: 1 });
    expect(metrics['log-loss']).toBeCloseTo(-Math.log(0.9), 10);
  });

  it('measures no classes where test has one alone', async () => {
    const request = { ...REQUEST, task: 'probability', relevantFrom: 1, ks: [5] } as const;
    const { metrics, pairs } = await evaluateModel(model(table.map((row) => row.map(() => 0.9))), request);
    expect(pairs).toBe(0);
    expect(Object.keys(metrics)).not.toContain('log-loss');
    expect(Object.values(metrics).every(Number.isFinite)).toBe(true);
  });
});

describe('users who are folded in', () => {
  const users = splitDataset(randomDataset(50, 30, 800, 3), { kind: 'users', seed: 1, share: 0.3, leave: 1 });
  const liked = { ...users.folded!, data: users.folded!.data.map((value) => Number(value >= 4)) };
  const folded = {
    // as a model that ranks is told: the liked items alone
    histories: selectEntries({ matrix: liked, timestamps: null }, (entry) => liked.data[entry] === 1).matrix,
    seen: users.folded!,
  };
  const whose = (item: ArrayLike<number>): number =>
    range(50).find((user) => historyOf(folded.histories, user).item.join() === Array.from(item).join()) ?? -1;
  /** First all that is known of the person, then what is to be found. */
  const scores = (user: number): number[] => {
    const known = new Set(historyOf(folded.seen, user).item);
    const wanted = new Set(historyOf(users.test, user).item);
    return range(30).map((item) => (known.has(item) ? 9 : wanted.has(item) ? 5 : 0));
  };
  const plain: FittedModel = {
    ...model(table),
    foldIn: ({ item }) => scores(whose(item)),
    predictFor: ({ item }) => {
      const own = scores(whose(item));
      return (other) => own[other]!;
    },
  };
  const request = { ...REQUEST, seen: users.train.matrix, test: users.test, folded, ks: [30] } as const;

  it('are shown nothing that they are known by, liked or not', async () => {
    expect(folded.seen.indices.length).toBeGreaterThan(folded.histories.indices.length);
    const { metrics } = await evaluateModel(plain, { ...request, task: 'ranking', relevantFrom: 1, ks: [1] });
    expect(metrics['precision@1']).toBe(1);
    const ranked: FittedModel = {
      ...plain,
      rankHistories: (histories, seen, k) => {
        const items = range(histories.rows).flatMap((row) => {
          const list = rankTopK(scores(whose(historyOf(histories, row).item)), historyOf(seen, row).item, k);
          return [...list, ...range(k - list.length).map(() => -1)];
        });
        return Promise.resolve({ k, items: Int32Array.from(items) });
      },
    };
    const fast = await evaluateModel(ranked, { ...request, task: 'ranking', relevantFrom: 1, ks: [1] });
    expect(fast.metrics).toEqual(metrics);
  });

  it('are predicted from what is known of them', async () => {
    const { metrics, pairs } = await evaluateModel(plain, request);
    expect(pairs).toBe(users.test.indices.length);
    expect(metrics['rmse']).toBeCloseTo(
      Math.sqrt(sum([...users.test.data].map((value) => (5 - value) ** 2)) / pairs),
      10,
    );
    const blind = { ...model(table), foldIn: plain.foldIn };
    expect((await evaluateModel(blind, request)).metrics).not.toHaveProperty('rmse');
  });
});

/** .9 where test is relevant, else .1. */
function probability(user: number, item: number): number {
  const own = historyOf(test, user);
  const at = own.item.indexOf(item);
  return at >= 0 && own.strength[at]! >= 4 ? 0.9 : 0.1;
}
