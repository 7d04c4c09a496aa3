import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Term } from '../../../src/lib/model/index.ts';
import type { ItemIndex } from '../../../src/lib/types.ts';
import { explanationParts } from '../../../src/routes/why/parts.ts';

const history = (contribution: number, item: number): Term => ({
  type: 'history',
  item: item as ItemIndex,
  contribution,
  events: [],
});

describe('explanationParts', () => {
  it('shows parts that add up with the rest to the sum, largest first', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { maxLength: 30 }), (values) => {
        const parts = explanationParts({ terms: values.map(history) });
        const shown = parts.shown.reduce((sum, term) => sum + term.contribution, 0);
        expect(shown + parts.restSum).toBeCloseTo(parts.sum, 9);
        expect(parts.shown.length + parts.restCount).toBe(values.length);
        expect(Math.abs(parts.shown[0]?.contribution ?? 0)).toBe(parts.scale);
      }),
    );
  });

  it('never sums up a single part', () => {
    for (let count = 0; count < 20; count++) {
      expect(
        explanationParts({ terms: Array.from({ length: count }, () => history(1, 0)) }).restCount,
      ).not.toBe(1);
    }
  });
});
