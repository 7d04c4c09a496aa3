import { describe, expect, it } from 'vitest';
import { MAX_FOLDS, meanOfFolds } from '../../../../src/lib/model/evaluate/folds.ts';
import { splitsOf, validationKind } from '../../../../src/lib/model/evaluate/splits.ts';
import { randomDataset } from './random-dataset.ts';

describe('meanOfFolds', () => {
  it('by hand', () => {
    // s² = 2.5, half-width 2.776 √(2.5 / 5)
    const { mean, low, high } = meanOfFolds([1, 2, 3, 4, 5]);
    expect([mean, low, high]).toEqual([
      3,
      expect.closeTo(3 - 2.776 * Math.SQRT1_2, 10),
      expect.closeTo(3 + 2.776 * Math.SQRT1_2, 10),
    ]);
    expect(meanOfFolds([0.5, 0.5])).toEqual({ mean: 0.5, low: 0.5, high: 0.5 });
    expect(Number.isFinite(meanOfFolds(Array.from({ length: MAX_FOLDS }, (_, at) => at)).high)).toBe(true);
  });

  it('holds the mean of normal samples about 95 times in 100', () => {
    let held = 0;
    let state = 1;
    const uniform = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    for (let run = 0; run < 4_000; run++) {
      const { low, high } = meanOfFolds(Array.from({ length: 5 }, normal));
      held += Number(low <= 0 && high >= 0);
    }
    expect(held / 4_000).toBeGreaterThan(0.94);
    expect(held / 4_000).toBeLessThan(0.96);
  });
});

describe('splitsOf', () => {
  const dataset = randomDataset(30, 20, 300, 4);

  it('gives one split, or as many as the share says', () => {
    const plan = { seed: 1, share: 0.2, leave: 1 };
    expect(splitsOf(dataset, { ...plan, kind: 'users' })).toHaveLength(1);
    const folds = splitsOf(dataset, { ...plan, kind: 'kfold' });
    expect(folds).toHaveLength(5);
    expect(folds.reduce((sum, { test }) => sum + test.indices.length, 0)).toBe(dataset.matrix.indices.length);
    expect(splitsOf(dataset, { ...plan, kind: 'kfold', share: 0.1 })).toHaveLength(10);
    expect(() => splitsOf(dataset, { ...plan, kind: 'kfold', share: 0.01 })).toThrow(/folds/);
    expect(() => splitsOf(dataset, { ...plan, kind: 'kfold', share: NaN })).toThrow(/share/);
  });

  it('validates as it tests', () => {
    expect(
      (['time', 'users', 'leave-k', 'kfold', 'given'] as const).map((kind) => validationKind(kind, dataset)),
    ).toEqual(['time', 'users', 'leave-k', 'random', 'random']);
    expect(validationKind('time', { ...dataset, timestamps: null })).toBe('random');
  });
});
