import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  averagePrecisionAtK,
  f1AtK,
  hitRateAtK,
  ndcgAtK,
  precisionAtK,
  recallAtK,
  reciprocalRankAtK,
  truncatedRecallAtK,
} from '../../../../src/lib/model/evaluate/metrics.ts';

describe('metrics by hand', () => {
  // Ranks 2 and 4 are hits; a third relevant item (9) is not in the list.
  const ranked = [5, 1, 7, 3, 8];
  const relevant = new Set([1, 3, 9]);

  it('computes NDCG', () => {
    const dcg = 1 / Math.log2(3) + 1 / Math.log2(5);
    const ideal = 1 + 1 / Math.log2(3) + 1 / Math.log2(4);
    expect(ndcgAtK(ranked, relevant, 5)).toBeCloseTo(dcg / ideal, 12);
    expect(ndcgAtK(ranked, relevant, 5)).toBeCloseTo(0.4982, 4);
  });

  it('caps the ideal at k', () => {
    expect(ndcgAtK([1, 3], relevant, 2)).toBe(1);
  });

  it('computes both recalls, precision, hit rate and reciprocal rank', () => {
    expect(recallAtK(ranked, relevant, 2)).toBeCloseTo(1 / 3, 12);
    expect(truncatedRecallAtK(ranked, relevant, 2)).toBeCloseTo(1 / 2, 12);
    expect(precisionAtK(ranked, relevant, 5)).toBeCloseTo(2 / 5, 12);
    expect(precisionAtK(ranked, relevant, 10)).toBeCloseTo(2 / 10, 12);
    expect(hitRateAtK(ranked, relevant, 1)).toBe(0);
    expect(hitRateAtK(ranked, relevant, 2)).toBe(1);
    expect(reciprocalRankAtK(ranked, relevant, 5)).toBe(1 / 2);
    expect(reciprocalRankAtK(ranked, relevant, 1)).toBe(0);
  });

  it('computes average precision and F1', () => {
    expect(averagePrecisionAtK(ranked, relevant, 5)).toBeCloseTo((1 / 2 + 2 / 4) / 3, 12);
    expect(averagePrecisionAtK(ranked, relevant, 2)).toBeCloseTo(1 / 2 / 2, 12);
    expect(f1AtK(ranked, relevant, 5)).toBeCloseTo((2 * (2 / 5) * (2 / 3)) / (2 / 5 + 2 / 3), 12);
    expect(f1AtK([0], relevant, 5)).toBe(0);
  });
});

/** The definitions again, from sets and gains instead of ranks. */
function slow(ranked: readonly number[], relevant: ReadonlySet<number>, k: number) {
  const gains = ranked.slice(0, k).map((item) => (relevant.has(item) ? 1 : 0));
  const discount = (_: number, rank: number) => Math.LN2 / Math.log(rank + 2);
  const dot = (a: readonly number[]) => a.reduce((sum, gain, rank) => sum + gain * discount(gain, rank), 0);
  const found = gains.filter((gain) => gain === 1).length;
  const first = gains.indexOf(1);
  const precisions = gains.map(
    (gain, at) => gain * (gains.slice(0, at + 1).filter(Boolean).length / (at + 1)),
  );
  return {
    ndcg: dot(gains) / dot(Array.from({ length: Math.min(k, relevant.size) }, () => 1)),
    recall: found / relevant.size,
    truncated: found / Math.min(k, relevant.size),
    precision: found / k,
    hit: Number(found > 0),
    rr: first < 0 ? 0 : 1 / (first + 1),
    ap: precisions.reduce((sum, value) => sum + value, 0) / Math.min(k, relevant.size),
    f1: found === 0 ? 0 : 2 / (k / found + relevant.size / found),
  };
}

describe('metrics by an independent implementation', () => {
  const cases = fc
    .record({
      ranked: fc.uniqueArray(fc.nat(30), { maxLength: 30 }),
      relevant: fc.uniqueArray(fc.nat(30), { minLength: 1, maxLength: 12 }),
      k: fc.integer({ min: 1, max: 35 }),
    })
    .map(({ ranked, relevant, k }) => ({ ranked, relevant: new Set(relevant), k }));

  it('agrees on random lists', () => {
    fc.assert(
      fc.property(cases, ({ ranked, relevant, k }) => {
        const expected = slow(ranked, relevant, k);
        expect(ndcgAtK(ranked, relevant, k)).toBeCloseTo(expected.ndcg, 10);
        expect(recallAtK(ranked, relevant, k)).toBeCloseTo(expected.recall, 12);
        expect(truncatedRecallAtK(ranked, relevant, k)).toBeCloseTo(expected.truncated, 12);
        expect(precisionAtK(ranked, relevant, k)).toBeCloseTo(expected.precision, 12);
        expect(hitRateAtK(ranked, relevant, k)).toBe(expected.hit);
        expect(reciprocalRankAtK(ranked, relevant, k)).toBeCloseTo(expected.rr, 12);
        expect(averagePrecisionAtK(ranked, relevant, k)).toBeCloseTo(expected.ap, 12);
        expect(f1AtK(ranked, relevant, k)).toBeCloseTo(expected.f1, 12);
      }),
      { seed: 2, numRuns: 500 },
    );
  });

  it('never lets an item moving up lower NDCG, and keeps every metric in 0–1', () => {
    fc.assert(
      fc.property(cases, ({ ranked, relevant, k }) => {
        const hitsFirst = ranked.toSorted((a, b) => Number(relevant.has(b)) - Number(relevant.has(a)));
        expect(ndcgAtK(hitsFirst, relevant, k)).toBeGreaterThanOrEqual(ndcgAtK(ranked, relevant, k) - 1e-12);
        for (const metric of [
          ndcgAtK,
          recallAtK,
          truncatedRecallAtK,
          precisionAtK,
          hitRateAtK,
          reciprocalRankAtK,
          averagePrecisionAtK,
          f1AtK,
        ]) {
          expect(metric(ranked, relevant, k)).toBeGreaterThanOrEqual(0);
          expect(metric(ranked, relevant, k)).toBeLessThanOrEqual(1 + 1e-12);
        }
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});
