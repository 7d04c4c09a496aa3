import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  catalogueQuality,
  longTail,
  recallWithin,
} from '../../../../src/lib/model/evaluate/beyond-accuracy.ts';

describe('catalogue quality', () => {
  it('by hand', () => {
    // shown: item 0 three times, item 1 once, items 2 and 3 never; 8 users; the head is item 0 (8 of 10)
    const popularity = [8, 1, 1, 0];
    const quality = catalogueQuality([[0, 1], [0, -1], [0]], popularity, 8, 5);
    expect(quality.coverage).toBe(0.5);
    expect(quality.novelty).toBeCloseTo((3 * 0 + Math.log2(8)) / 4, 12);
    // counts 0 0 1 3: Σ (2j − 5) c = 1 · 1 + 3 · 3 = 10, over 4 · 4
    expect(quality.gini).toBeCloseTo(10 / 16, 12);
    expect(quality.longTailShare).toBe(1 / 4);
    expect(quality.popularityLift).toBeCloseTo((3 * 8 + 1) / 4 / 5 - 1, 12);
  });

  it('is 0 where nothing is shown', () => {
    expect(catalogueQuality([[], [-1]], [1, 2], 2, 1)).toMatchObject({ coverage: 0, gini: 0, novelty: 0 });
  });

  it('Gini is half the relative mean difference', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5), { minLength: 2, maxLength: 12 }), (counts) => {
        fc.pre(counts.some((count) => count > 0));
        const list = counts.flatMap((count, item) => Array.from({ length: count }, () => item));
        const n = counts.length;
        const differences = counts.flatMap((a) => counts.map((b) => Math.abs(a - b)));
        const expected = differences.reduce((a, b) => a + b, 0) / (2 * n * list.length);
        const { gini } = catalogueQuality([list], new Float64Array(n), 1, 1);
        expect(gini).toBeCloseTo(expected, 12);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('long-tail recall leaves the head out', () => {
    expect([...longTail([8, 1, 1, 0])]).toEqual([0, 1, 1, 1]);
    const test = {
      rows: 2,
      columns: 4,
      indptr: Int32Array.of(0, 3, 4),
      indices: Int32Array.of(0, 1, 2, 0),
      data: Float32Array.of(1, 1, 1, 1),
    };
    // user 0: tail items 1 and 2, of which 1 is shown; user 1 has none of the tail and does not count
    expect([...recallWithin(test, 1, [0, 1], [[0, 1], [0]], longTail([8, 1, 1, 0]))]).toEqual([1 / 2]);
  });
});
