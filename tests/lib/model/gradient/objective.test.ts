import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sigmoid, signedCellWeight, softplus, tanh } from '../../../../src/lib/model/gradient/objective.ts';

describe('softplus and sigmoid', () => {
  it('are what they are called', () => {
    expect(softplus(0)).toBeCloseTo(Math.LN2, 15);
    expect(softplus(1)).toBeCloseTo(Math.log(1 + Math.E), 14);
    expect(sigmoid(0)).toBe(0.5);
    expect(sigmoid(Math.log(3))).toBeCloseTo(0.75, 14);
  });

  it('stay finite and exact far out', () => {
    expect(softplus(1e6)).toBe(1e6);
    expect(softplus(-1e6)).toBe(0);
    expect(sigmoid(1e6)).toBe(1);
    expect(sigmoid(-1e6)).toBe(0);
  });

  it('belong together: σ is the derivative of softplus, and both mirror', () => {
    fc.assert(
      fc.property(fc.double({ min: -30, max: 30, noNaN: true }), (x) => {
        const h = 1e-5;
        expect((softplus(x + h) - softplus(x - h)) / (2 * h)).toBeCloseTo(sigmoid(x), 5);
        expect(softplus(x) - softplus(-x)).toBeCloseTo(x, 10);
        expect(sigmoid(x) + sigmoid(-x)).toBeCloseTo(1, 12);
      }),
      { seed: 8, numRuns: 200 },
    );
  });
});

describe('signedCellWeight', () => {
  it('is the confidence with the sign of the target', () => {
    const weights = { alpha: 2, unobservedWeight: 0.25 };
    expect(signedCellWeight(0, weights)).toBe(-0.25);
    expect(signedCellWeight(3, weights)).toBe(6);
    expect(signedCellWeight(-4, weights)).toBe(-8);
  });
});

it('tanh is what it is called, also far out', () => {
  fc.assert(
    fc.property(fc.double({ min: -1000, max: 1000, noNaN: true }), (x) => {
      expect(Math.abs(tanh(x) - Math.tanh(x))).toBeLessThan(1e-15);
    }),
  );
});
