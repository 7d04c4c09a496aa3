import { describe, expect, it } from 'vitest';
import { PairFeatures } from '../../../../src/lib/model/classify/pair-features.ts';
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
  const features = new PairFeatures(pairs, categories);

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
    const turned = new PairFeatures({ ...pairs, label: Float32Array.from([0, 0, 1, 1]) }, categories);
    const own = (from: PairFeatures): number[] => [...from.training().data.subarray(0, 7)];
    // the overall mean alone moves, which is no pair's own
    const mean = (label: number) => (label + 2) / 4;
    const without = (prior: number) => (0 + 5 * prior) / (1 + 5);
    expect(own(features)[0]).toBeCloseTo(without(mean(1)), 6);
    expect(own(turned)[0]).toBeCloseTo(without(mean(0)), 6);
    expect(own(features)[1]).toBeCloseTo(Math.log(2), 6);
    expect(own(features)[2]).toBeCloseTo((1 + 5 * mean(1)) / (1 + 5), 6);
  });

  it('names a pair that does not exist', () => {
    expect(() => features.of([0, 2], [0, 0])).toThrow('Pair 1 has a user or item that does not exist.');
    expect(() => new PairFeatures({ ...pairs, items: 4 }, categories)).toThrow('differ');
  });
});
