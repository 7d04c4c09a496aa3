import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auc, decisionQuality, logLoss, mae, rmse } from '../../../../src/lib/model/evaluate/rating.ts';

describe('by hand', () => {
  it('RMSE and MAE', () => {
    expect(rmse([3, 4, 1], [5, 4, 2])).toBeCloseTo(Math.sqrt(5 / 3), 12);
    expect(mae([3, 4, 1], [5, 4, 2])).toBeCloseTo(1, 12);
  });

  it('log-loss, finite for a wrong certainty', () => {
    expect(logLoss([0.5, 0.9], [0, 1])).toBeCloseTo((Math.log(2) - Math.log(0.9)) / 2, 12);
    expect(logLoss([0], [1])).toBeCloseTo(Math.log(1e7), 6);
    expect(logLoss([1], [0])).toBeCloseTo(Math.log(1e7), 6);
  });

  it('AUC with a tie', () => {
    // positives .9 and .5, negatives .5 and .1: 3 pairs won, 1 tied
    expect(auc([0.9, 0.5, 0.5, 0.1], [1, 1, 0, 0])).toBe(3.5 / 4);
    expect(auc([1, 2], [1, 1])).toBeNaN();
  });

  it('decisions', () => {
    expect(decisionQuality([0.9, 0.6, 0.4, 0.2, 0.5], [1, 0, 1, 0, 1], 0.5)).toEqual({
      accuracy: 3 / 5,
      precision: 2 / 3,
      recall: 2 / 3,
      f1: 2 / 3,
    });
    expect(decisionQuality([0, 0], [1, 0], 0.5)).toEqual({ accuracy: 0.5, precision: 0, recall: 0, f1: 0 });
  });
});

describe('by another algorithm', () => {
  const cases = fc.array(fc.tuple(fc.integer({ min: 0, max: 10 }), fc.boolean()), {
    minLength: 2,
    maxLength: 40,
  });

  it('AUC counts pairs', () => {
    fc.assert(
      fc.property(cases, (pairs) => {
        const positives = pairs.filter(([, is]) => is);
        const negatives = pairs.filter(([, is]) => !is);
        fc.pre(positives.length > 0 && negatives.length > 0);
        const won = positives.flatMap(([p]) => negatives.map(([n]) => (p > n ? 1 : p === n ? 0.5 : 0)));
        const expected = won.reduce((sum: number, value) => sum + value, 0) / won.length;
        expect(
          auc(
            pairs.map(([score]) => score),
            pairs.map(([, is]) => Number(is)),
          ),
        ).toBeCloseTo(expected, 12);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('RMSE is deviation and bias of the errors, MAE their positive and negative parts', () => {
    const stars = fc.float({ min: 1, max: 5, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(stars, stars), { minLength: 1, maxLength: 40 }), (pairs) => {
        const [predicted, actual] = [pairs.map(([p]) => p), pairs.map(([, a]) => a)];
        const errors = pairs.map(([p, a]) => p - a);
        const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
        const bias = total(errors) / errors.length;
        const variance = total(errors.map((error) => (error - bias) ** 2)) / errors.length;
        expect(rmse(predicted, actual) ** 2).toBeCloseTo(variance + bias ** 2, 9);
        const over = total(errors.filter((error) => error > 0));
        const under = total(errors.filter((error) => error < 0));
        expect(mae(predicted, actual)).toBeCloseTo((over - under) / errors.length, 9);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it('log-loss is what the likelihood of all labels costs a label', () => {
    const share = fc.float({ min: Math.fround(0.01), max: Math.fround(0.99), noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(share, fc.boolean()), { minLength: 1, maxLength: 20 }), (pairs) => {
        const likelihood = pairs.reduce((product, [p, is]) => product * (is ? p : 1 - p), 1);
        const loss = logLoss(
          pairs.map(([p]) => p),
          pairs.map(([, is]) => Number(is)),
        );
        expect(Math.exp(-loss * pairs.length) / likelihood).toBeCloseTo(1, 9);
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  it('decisions are counts of the four cells', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 0, max: 11 }), (pairs, threshold) => {
        const cell = (says: boolean, is: boolean) =>
          pairs.filter(([score, actual]) => score >= threshold === says && actual === is).length;
        const [hit, wrong, missed, left] = [
          cell(true, true),
          cell(true, false),
          cell(false, true),
          cell(false, false),
        ];
        const quality = decisionQuality(
          pairs.map(([score]) => score),
          pairs.map(([, is]) => Number(is)),
          threshold,
        );
        expect(quality.accuracy).toBeCloseTo((hit + left) / pairs.length, 12);
        expect(quality.precision).toBeCloseTo(hit === 0 ? 0 : hit / (hit + wrong), 12);
        expect(quality.recall).toBeCloseTo(hit === 0 ? 0 : hit / (hit + missed), 12);
        expect(quality.f1).toBeCloseTo(hit === 0 ? 0 : (2 * hit) / (2 * hit + wrong + missed), 12);
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it('F1 is the harmonic mean of precision and recall', () => {
    fc.assert(
      fc.property(cases, (pairs) => {
        const quality = decisionQuality(
          pairs.map(([score]) => score / 10),
          pairs.map(([, is]) => Number(is)),
          0.5,
        );
        const { precision: p, recall: r } = quality;
        expect(quality.f1).toBeCloseTo(p + r === 0 ? 0 : 2 / (1 / p + 1 / r), 12);
      }),
      { seed: 2, numRuns: 300 },
    );
  });
});
