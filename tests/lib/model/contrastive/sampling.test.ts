import { describe, expect, it } from 'vitest';
import {
  ItemPool,
  NegativeSampler,
  positivesOf,
  randomOfEpoch,
  userOrder,
} from '../../../../src/lib/model/contrastive/sampling.ts';
import { Random } from '../../../../src/lib/model/matrix/random.ts';
import { sparseOf } from '../support/random-matrices.ts';

describe('positivesOf', () => {
  it('keeps what is above 0, with weight 1', () => {
    const positives = positivesOf(
      sparseOf([
        [3, -1, 0, 0.5],
        [-2, 0, 0, 0],
        [0, 0, 1, 0],
      ]),
    );
    expect([...positives.indptr]).toEqual([0, 2, 2, 3]);
    expect([...positives.indices]).toEqual([0, 3, 2]);
    expect([...positives.data]).toEqual([1, 1, 1]);
  });

  it.each([[[[0, 0]]], [[[-1, -2]]]])('needs a like: %j', (dense) => {
    expect(() => positivesOf(sparseOf(dense))).toThrow(
      expect.objectContaining({ code: 'not-enough-data' }) as Error,
    );
  });
});

describe('ItemPool', () => {
  it('draws without repeats, each item as often', () => {
    const pool = new ItemPool(20, new Random(4));
    const counts = new Array<number>(20).fill(0);
    for (let draw = 0; draw < 4_000; draw++) {
      const drawn = [...pool.draw(5)];
      expect(new Set(drawn).size).toBe(5);
      for (const item of drawn) counts[item]!++;
    }
    // 4000 · 5 / 20 = 1000, standard deviation 27
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  it('is all items where that many are asked for', () => {
    expect([...new ItemPool(3, new Random(1)).draw(8)]).toEqual([0, 1, 2]);
  });
});

describe('NegativeSampler', () => {
  const positives = positivesOf(
    sparseOf([
      [1, 1, 0, 0, 0],
      [0, 1, 0, 0, 0],
      [0, 1, 1, 0, 0],
      [1, 1, 1, 1, 1],
    ]),
  );
  const share = (exponent: number): number[] => {
    const counts = new Array<number>(5).fill(0);
    const drawn = new NegativeSampler(positives, exponent, new Random(7)).draw(Int32Array.of(1), 30_000);
    for (const item of drawn) counts[item]!++;
    return counts.map((count) => count / drawn.length);
  };

  it('draws for each pair and candidate, no own item but of who likes everything', () => {
    const sampler = new NegativeSampler(positives, 0, new Random(2));
    const drawn = sampler.draw(Int32Array.of(2, 0, 3), 10);
    expect(drawn).toHaveLength((2 + 2 + 5) * 10);
    for (const item of drawn.subarray(0, 20)) expect([1, 2]).not.toContain(item);
    for (const item of drawn.subarray(20, 40)) expect([0, 1]).not.toContain(item);
  });

  it('draws all alike, or by their users', () => {
    // user 1 likes item 1; the others have 2, 2, 1, 1 users
    share(0).forEach((value, item) => expect(value).toBeCloseTo(item === 1 ? 0 : 1 / 4, 1));
    const byUsers = [2 / 6, 0, 2 / 6, 1 / 6, 1 / 6];
    share(1).forEach((value, item) => expect(Math.abs(value - byUsers[item]!)).toBeLessThan(0.02));
  });
});

it('an epoch has its own order of all users with items', () => {
  const positives = positivesOf(sparseOf([[1], [0], [1], [1], [1], [1], [1], [1], [1], [1]]));
  const first = [...userOrder(positives, randomOfEpoch(1, 0))];
  expect([...first].sort((a, b) => a - b)).toEqual([0, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect([...userOrder(positives, randomOfEpoch(1, 0))]).toEqual(first);
  expect([...userOrder(positives, randomOfEpoch(1, 1))]).not.toEqual(first);
  expect([...userOrder(positives, randomOfEpoch(2, 0))]).not.toEqual(first);
});
