import { describe, expect, it } from 'vitest';
import { PairFeatures } from '../../../../src/lib/model/classify/pair-features.ts';
import type { LabelledPairs } from '../../../../src/lib/model/gradient/pairs/labelled-pairs.ts';
import { sparseOf } from '../support/random-matrices.ts';

/** Two users, three items in two categories. */
const pairs = {
  users: 2,
  items: 3,
  user: Int32Array.from([0, 0, 1, 1]),
  item: Int32Array.from([0, 1, 0, 2]),
  label: Float32Array.from([1, 0, 1, 1]),
  weight: null,
};
const categories = sparseOf([
  [1, 0],
  [0, 1],
  [0, 2],
]);

describe('PairFeatures', () => {
  const features = PairFeatures.count(pairs, categories);

  it('counts means, numbers and categories by hand', () => {
    // user 0 and item 2: the overall mean is 3/4, five such labels smooth each mean
    const { columns, data } = features.of([0], [2]);
    expect(columns).toBe(7);
    const userMean = (1 + 5 * 0.75) / (2 + 5);
    const expected = [
      userMean,
      Math.log(3),
      (1 + 5 * 0.75) / (1 + 5),
      Math.log(2),
      // user 0 has a 0 in the category of item 2, with weight 1
      (0 + 5 * userMean) / (1 + 5),
      0,
      2,
    ];
    expected.forEach((value, column) => expect(data[column]).toBeCloseTo(value, 6));
  });

  it('never shows a training pair its own label', () => {
    const turned = { ...pairs, label: Float32Array.from([0, 0, 1, 1]) };
    const own = (of: LabelledPairs): number[] => [
      ...PairFeatures.count(of, categories).training(of).data.subarray(0, 7),
    ];
    // the overall mean alone moves, which is no pair's own
    const mean = (label: number) => (label + 2) / 4;
    const without = (prior: number) => (0 + 5 * prior) / (1 + 5);
    expect(own(pairs)[0]).toBeCloseTo(without(mean(1)), 6);
    expect(own(turned)[0]).toBeCloseTo(without(mean(0)), 6);
    expect(own(pairs)[1]).toBeCloseTo(Math.log(2), 6);
    expect(own(pairs)[2]).toBeCloseTo((1 + 5 * mean(1)) / (1 + 5), 6);
  });

  it('tells nothing by a user’s mean where negatives were drawn for each like', () => {
    const counted = PairFeatures.count(pairs, categories, { drawn: true });
    const { columns, data } = counted.training(pairs);
    const means = Array.from(pairs.user, (_, pair) => data[pair * columns]!);
    expect(new Set(means)).toEqual(new Set([0.75]));
  });

  it('gives all items of a user as it gives each pair, counted or summarised', () => {
    const own = [...features.of([0, 0, 0], [0, 1, 2]).data];
    expect([...features.ofAllItems(features.summaryOf(0)).data]).toEqual(own);
    expect([...features.ofAllItems(features.summarise([0, 1], [1, 0])).data]).toEqual(own);
    // the user before must not show through
    features.ofAllItems(features.summaryOf(1));
    expect([...features.ofAllItems(features.summaryOf(0)).data]).toEqual(own);
  });

  it('takes up new users, and comes back from its state', () => {
    const summary = features.summarise([1, 2], [1, 1]);
    const more = features.withUsers(new Map([[3, summary]]));
    expect(more.users).toBe(4);
    expect([...more.of([3, 3], [0, 1]).data]).toEqual([...features.ofAllItems(summary).data.subarray(0, 14)]);
    expect(more.of([1], [2])).toEqual(features.of([1], [2]));
    const back = PairFeatures.fromState(structuredClone(more.toState()));
    expect(back.of([3], [2])).toEqual(more.of([3], [2]));
    expect(() =>
      PairFeatures.fromState({
        ...more.toState(),
        mean: 0,
        items: { sums: new Float64Array(2), weights: new Float64Array(2) },
      }),
    ).toThrow('do not fit together');
  });

  it('names a pair that does not exist', () => {
    expect(() => features.of([0, 2], [0, 0])).toThrow('Pair 1 has a user or item that does not exist.');
    expect(() => PairFeatures.count({ ...pairs, items: 4 }, categories)).toThrow('differ');
    expect(() => features.summarise([3], [1])).toThrow('There is no item 3.');
  });
});
