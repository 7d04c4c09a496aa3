import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalMatrix } from '../../../../src/lib/model/matrix/random.ts';
import { visitorRow, type VisitorRow } from '../../../../src/lib/model/matrix/visitor-row.ts';
import { ialsFoldIn, type FoldIn } from '../../../../src/lib/model/recommend/fold-in.ts';
import { logisticFoldIn } from '../../../../src/lib/model/recommend/fold-in-logistic.ts';
import type { ItemFactors } from '../../../../src/lib/model/recommend/item-factors.ts';
import type { ItemIndex } from '../../../../src/lib/types.ts';
import { HYPERPARAMETERS, randomEvents, trainedFactors } from './planted.ts';

const IALS = HYPERPARAMETERS.ials;
const LOGISTIC = HYPERPARAMETERS.logistic;

const rowOf = (entries: Record<number, number>): VisitorRow => {
  const items = Object.keys(entries).map(Number);
  return {
    item: Int32Array.from(items),
    strength: Float32Array.from(items, (item) => entries[item] ?? 0),
  };
};

/** The objectives written out over every item, to be compared at and around the solution. */
function ialsObjective({ items, factors, data }: ItemFactors, row: VisitorRow, x: Float64Array): number {
  let value = 0;
  for (let item = 0; item < items; item++) {
    let score = 0;
    for (let m = 0; m < factors; m++) score += (x[m] ?? 0) * (data[item * factors + m] ?? 0);
    value += (IALS['unobservedWeight'] ?? 0) * score ** 2;
    const strength = row.strength[row.item.indexOf(item)];
    if (strength !== undefined) {
      value += (IALS['alpha'] ?? 0) * Math.log1p(Math.abs(strength)) * (Number(strength > 0) - score) ** 2;
    }
  }
  const n = row.item.length + (IALS['unobservedWeight'] ?? 0) * items;
  const ridge = (IALS['regularization'] ?? 0) * n ** (IALS['frequencyScaling'] ?? 0);
  return value + ridge * x.reduce((sum, entry) => sum + entry ** 2, 0);
}

function logisticObjective({ items, factors, data }: ItemFactors, row: VisitorRow, x: Float64Array): number {
  let value = 0;
  for (let item = 0; item < items; item++) {
    let score = LOGISTIC['intercept'] ?? 0;
    for (let m = 0; m < factors; m++) score += (x[m] ?? 0) * (data[item * factors + m] ?? 0);
    const strength = row.strength[row.item.indexOf(item)];
    if (strength === undefined) value += (LOGISTIC['unobservedWeight'] ?? 0) * Math.log(1 + Math.exp(score));
    else {
      const weight = (LOGISTIC['alpha'] ?? 0) * Math.abs(strength);
      value += weight * Math.log(1 + Math.exp(-Math.sign(strength) * score));
    }
  }
  return value + ((LOGISTIC['regularization'] ?? 0) / 2) * x.reduce((sum, entry) => sum + entry ** 2, 0);
}

const MODELS: readonly [
  string,
  (items: ItemFactors) => FoldIn,
  (items: ItemFactors, row: VisitorRow, x: Float64Array) => number,
][] = [
  ['ials', (items) => ialsFoldIn(items, IALS), ialsObjective],
  ['logistic', (items) => logisticFoldIn(items, LOGISTIC), logisticObjective],
];

describe.each(MODELS)('fold-in of the %s model', (name, makeFoldIn, objective) => {
  const shapes = fc.record({
    items: fc.integer({ min: 1, max: 60 }),
    factors: fc.integer({ min: 1, max: 24 }),
    events: fc.integer({ min: 0, max: 80 }),
    seed: fc.integer(),
  });
  const setUp = (items: number, factors: number, seed: number): ItemFactors =>
    trainedFactors(normalMatrix(items, factors, 1 / Math.sqrt(factors), seed), items, factors);

  it('finds the minimum of the objective: every step away is worse', () => {
    fc.assert(
      fc.property(shapes, ({ items, factors, events, seed }) => {
        const against = setUp(items, factors, seed);
        const row = visitorRow(randomEvents(events, items, seed));
        const { vector } = makeFoldIn(against).fold(row);
        const least = objective(against, row, vector);
        for (const step of [1e-2, 1e-4]) {
          for (let m = 0; m < factors; m++) {
            for (const sign of [-1, 1]) {
              const beside = vector.map((entry, at) => (at === m ? entry + sign * step : entry));
              expect(objective(against, row, beside)).toBeGreaterThan(least - 1e-12 * Math.abs(least));
            }
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('explains each score: contributions sum to it within 1e-4', () => {
    fc.assert(
      fc.property(shapes, ({ items, factors, events, seed }) => {
        const against = setUp(items, factors, seed);
        const row = visitorRow(randomEvents(events, items, seed));
        const visitor = makeFoldIn(against).fold(row);
        for (let item = 0; item < items; item++) {
          const { history, rest } = visitor.contributions(item as ItemIndex);
          expect(history).toHaveLength(row.item.length);
          const sum = history.reduce((total, part) => total + part, rest?.contribution ?? 0);
          expect(Math.abs(sum - (visitor.scores.all[item] ?? NaN))).toBeLessThan(1e-4);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('gives rows that follow each other what each has alone', () => {
    fc.assert(
      fc.property(shapes, ({ items, factors, events, seed }) => {
        const foldIn = makeFoldIn(setUp(items, factors, seed));
        const next = foldIn.sequence();
        const all = randomEvents(events, items, seed);
        // grows, forgets half, and grows again
        for (const end of [0, 1, events, events >> 1, events]) {
          const row = visitorRow(all.slice(0, end));
          const [alone, followed] = [foldIn.fold(row), next(row)];
          for (let item = 0; item < items; item++) {
            const score = alone.scores.all[item]!;
            expect(Math.abs(followed.scores.all[item]! - score)).toBeLessThanOrEqual(
              1e-6 * (1 + Math.abs(score)),
            );
          }
          const parts = ({ contributions }: typeof alone): Float64Array =>
            contributions(0 as ItemIndex).history;
          parts(alone).forEach((part, at) => expect(parts(followed)[at]).toBeCloseTo(part, 6));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('stays finite for tiny and huge strengths', () => {
    const against = setUp(50, 8, 3);
    const visitor = makeFoldIn(against).fold(rowOf({ 1: 1e6, 2: -1e6, 3: 1e-6 }));
    expect(visitor.scores.all.every(Number.isFinite)).toBe(true);
    expect(visitor.scores.all[1]).toBeGreaterThan(visitor.scores.all[2] ?? Infinity);
  });

  it(`refuses a snapshot without its hyper-parameters (${name})`, () => {
    const fold = name === 'ials' ? ialsFoldIn : logisticFoldIn;
    expect(() => fold(setUp(3, 2, 1), { alpha: 1 })).toThrow(
      expect.objectContaining({ code: 'hyperparameter-invalid' }),
    );
  });
});

describe('fold-in by hand', () => {
  it('solves one factor and one liked item: x = w y / (α0 Σy² + w y² + ridge)', () => {
    const against = trainedFactors(Float32Array.of(2, 1), 2, 1);
    const { vector } = ialsFoldIn(against, IALS).fold(rowOf({ 0: 3 }));
    const ridge = 0.01 * (1 + 0.05 * 2);
    const weight = 0.5 * Math.log(4); // alpha · log(1 + 3)
    expect(vector[0]).toBeCloseTo((weight * 2) / (0.05 * 5 + weight * 4 + ridge), 6);
  });

  it('gives a visitor who only dislikes the zero vector in iALS', () => {
    const against = trainedFactors(Float32Array.of(2, 1), 2, 1);
    expect([...ialsFoldIn(against, IALS).fold(rowOf({ 0: -5 })).scores.all]).toEqual([0, 0]);
  });
});
