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

  it('agrees with an independent implementation on random lists', () => {
    const lists = fc.array(fc.uniqueArray(fc.nat(7), { maxLength: 4 }), { minLength: 1, maxLength: 6 });
    const popularity = fc.array(fc.nat(9), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(lists, popularity, fc.float({ min: 1, max: 9, noNaN: true }), (given, counts, profile) => {
        fc.pre(given.some((list) => list.length > 0));
        const users = 10;
        const shown = given.flat();
        const average = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
        // the head: the shortest run of most popular items that holds four fifths of all entries
        const ranking = counts
          .map((count, item) => ({ count, item }))
          .sort((a, b) => b.count - a.count || a.item - b.item);
        const total = counts.reduce((a, b) => a + b, 0);
        const head = new Set<number>();
        for (let held = 0; held < 0.8 * total;) {
          const next = ranking[head.size]!;
          head.add(next.item);
          held += next.count;
        }
        const quality = catalogueQuality(given, counts, users, profile);
        expect(quality.coverage).toBeCloseTo(new Set(shown).size / 8, 12);
        expect(quality.novelty).toBeCloseTo(
          average(shown.map((item) => Math.log(users / Math.max(1, counts[item]!)) / Math.LN2)),
          12,
        );
        expect(quality.longTailShare).toBeCloseTo(average(shown.map((item) => Number(!head.has(item)))), 12);
        expect(quality.popularityLift).toBeCloseTo(
          (average(shown.map((item) => counts[item]!)) - profile) / profile,
          9,
        );
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it('long-tail recall is recall of the tail', () => {
    const rows = fc.array(
      fc.record({
        test: fc.uniqueArray(fc.nat(7), { maxLength: 5 }),
        list: fc.uniqueArray(fc.nat(7), { maxLength: 5 }),
      }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(rows, fc.array(fc.nat(9), { minLength: 8, maxLength: 8 }), (given, counts) => {
        const tail = longTail(counts);
        const sorted = given.map(({ test }) => test.toSorted((a, b) => a - b));
        const indptr = Int32Array.from([
          0,
          ...sorted.map((_, row) => sorted.slice(0, row + 1).flat().length),
        ]);
        const indices = Int32Array.from(sorted.flat());
        const matrix = {
          rows: given.length,
          columns: 8,
          indptr,
          indices,
          data: new Float32Array(indices.length).fill(1),
        };
        const shares = given.flatMap(({ test, list }) => {
          const rare = test.filter((item) => tail[item] === 1);
          return rare.length === 0 ? [] : [rare.filter((item) => list.includes(item)).length / rare.length];
        });
        const users = given.map((_, row) => row);
        const lists = given.map(({ list }) => list);
        expect([...recallWithin(matrix, 1, users, lists, tail)]).toEqual(shares);
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});
