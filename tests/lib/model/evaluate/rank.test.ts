import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankTopK } from '../../../../src/lib/model/evaluate/rank.ts';

describe('rankTopK', () => {
  it('puts the lower position first among equals, whatever comes before', () => {
    expect([...rankTopK([1, 2, 2, 1, 2], [], 4)]).toEqual([1, 2, 4, 0]);
    expect([...rankTopK([0, 0, 0], [], 2)]).toEqual([0, 1]);
  });

  it('leaves seen items out and returns fewer where fewer are left', () => {
    expect([...rankTopK([3, 2, 1], [0, 2], 10)]).toEqual([1]);
    expect([...rankTopK([3, 2], [0, 1], 10)]).toEqual([]);
  });

  it.each([NaN, Infinity, -Infinity])('refuses a score of %d, naming the item', (score) => {
    expect(() => rankTopK([1, score], [], 1)).toThrow(
      expect.objectContaining({ code: 'training-diverged', values: { item: 1, score } }),
    );
  });

  it('equals a full stable sort', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -4, max: 4 }), { maxLength: 60 }),
        fc.uniqueArray(fc.nat(59), { maxLength: 20 }),
        fc.integer({ min: 1, max: 20 }),
        (scores, seenItems, k) => {
          const seen = seenItems.toSorted((a, b) => a - b).filter((item) => item < scores.length);
          const expected = scores
            .map((score, item) => ({ score, item }))
            .filter(({ item }) => !seen.includes(item))
            .sort((a, b) => b.score - a.score) // stable by specification
            .slice(0, k)
            .map(({ item }) => item);
          expect([...rankTopK(scores, seen, k)]).toEqual(expected);
        },
      ),
      { seed: 4, numRuns: 500 },
    );
  });
});
