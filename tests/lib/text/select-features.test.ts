import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chiSquared, greatest, mutualInformation } from '../../../src/lib/text/select-features.ts';

const table = fc
  .record({ positives: fc.integer({ min: 1, max: 50 }), negatives: fc.integer({ min: 1, max: 50 }) })
  .chain(({ positives, negatives }) =>
    fc.record({
      positives: fc.constant(positives),
      negatives: fc.constant(negatives),
      positiveWith: fc.integer({ min: 0, max: positives }),
      negativeWith: fc.integer({ min: 0, max: negatives }),
    }),
  );

describe('chiSquared', () => {
  it('is what one gets by hand', () => {
    // observed 8 2 / 2 8, each expected 5: 4 · 3² / 5
    expect(chiSquared({ positiveWith: 8, negativeWith: 2, positives: 10, negatives: 10 })).toBeCloseTo(7.2);
    expect(chiSquared({ positiveWith: 5, negativeWith: 5, positives: 10, negatives: 10 })).toBe(0);
    expect(chiSquared({ positiveWith: 10, negativeWith: 0, positives: 10, negatives: 10 })).toBeCloseTo(20);
  });

  it('is Σ (observed − expected)² / expected over the four cells', () => {
    fc.assert(
      fc.property(table, (counts) => {
        const { positiveWith, negativeWith, positives, negatives } = counts;
        const total = positives + negatives;
        const having = positiveWith + negativeWith;
        fc.pre(having > 0 && having < total);
        const cells: [observed: number, row: number, column: number][] = [
          [positiveWith, having, positives],
          [negativeWith, having, negatives],
          [positives - positiveWith, total - having, positives],
          [negatives - negativeWith, total - having, negatives],
        ];
        const sum = cells.reduce((all, [observed, row, column]) => {
          const expected = (row * column) / total;
          return all + (observed - expected) ** 2 / expected;
        }, 0);
        expect(chiSquared(counts)).toBeCloseTo(sum, 8);
      }),
    );
  });

  it('is 0 where all texts have the feature, none has, or there is one class', () => {
    expect(chiSquared({ positiveWith: 3, negativeWith: 4, positives: 3, negatives: 4 })).toBe(0);
    expect(chiSquared({ positiveWith: 0, negativeWith: 0, positives: 3, negatives: 4 })).toBe(0);
    expect(chiSquared({ positiveWith: 1, negativeWith: 0, positives: 3, negatives: 0 })).toBe(0);
  });
});

describe('mutualInformation', () => {
  it('is the example of Manning, Raghavan & Schütze, 13.5.1: export and poultry', () => {
    const counts = {
      positiveWith: 49,
      negativeWith: 27_652,
      positives: 49 + 141,
      negatives: 27_652 + 774_106,
    };
    expect(mutualInformation(counts)).toBeCloseTo(0.0001105, 7);
  });

  it('is one bit where the feature is the class, 0 where it tells nothing, never below', () => {
    expect(mutualInformation({ positiveWith: 4, negativeWith: 0, positives: 4, negatives: 4 })).toBeCloseTo(
      1,
    );
    expect(mutualInformation({ positiveWith: 2, negativeWith: 2, positives: 4, negatives: 4 })).toBeCloseTo(
      0,
    );
    expect(mutualInformation({ positiveWith: 0, negativeWith: 0, positives: 0, negatives: 0 })).toBe(0);
    fc.assert(fc.property(table, (counts) => mutualInformation(counts) > -1e-12));
  });
});

it('names the positions of the greatest values, in order, ties to the lower', () => {
  expect(greatest([1, 3, 2, 3, 0], 2)).toEqual([1, 3]);
  expect(greatest([1, 1, 1], 2)).toEqual([0, 1]);
  expect(greatest([5], 3)).toEqual([0]);
});
