import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankOf, scoreAll, topK } from '../../../../src/lib/model/recommend/scoring.ts';
import { trainedFactors } from './planted.ts';

describe('scoring', () => {
  it('multiplies every row with the vector', () => {
    const items = trainedFactors(Float32Array.of(1, 2, 3, 4, 5, 6), 3, 2);
    expect([...scoreAll(items, Float64Array.of(10, 1))]).toEqual([12, 34, 56]);
  });

  it('takes the best by score and position, as a plain sort does, and ranks alike', () => {
    const scores = fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 40 });
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 50 }), fc.integer(), (list, k, mask) => {
        const excluded = Uint8Array.from(list, (_, at) => (mask >> (at % 31)) & 1);
        const all = Float64Array.from(list);
        const sorted = list
          .map((score, item) => ({ score, item }))
          .filter(({ item }) => excluded[item] === 0)
          .sort((a, b) => b.score - a.score || a.item - b.item);
        const wanted = sorted.map(({ item }) => item);
        expect(topK(all, k, excluded)).toEqual(wanted.slice(0, k));
        expect(topK(all, k, excluded, 0)).toEqual(
          sorted
            .filter(({ score }) => score > 0)
            .map(({ item }) => item)
            .slice(0, k),
        );
        wanted.forEach((item, at) => expect(rankOf(all, item, excluded)).toBe(at + 1));
      }),
    );
  });
});
