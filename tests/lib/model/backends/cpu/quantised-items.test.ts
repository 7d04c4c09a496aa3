/** Ranking by 8 bits against ranking by all scores: the same items in the same order, whatever the factors. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QuantisedItems } from '../../../../../src/lib/model/backends/cpu/quantised-items.ts';
import { rankTopK } from '../../../../../src/lib/model/evaluate/rank.ts';
import { rowDots } from '../../../../../src/lib/model/linear/dense.ts';
import { normalMatrix, Random } from '../../../../../src/lib/model/matrix/random.ts';

/** Ways to fill a matrix, each hard in its own way. */
const FILLS = {
  /** No direction and no norm stands out: least to rule out. */
  random: (items: number, factors: number, seed: number) => normalMatrix(items, factors, 1, seed),
  /** As trained: popular items are long, directions fall off, and one is a bias. */
  trained: (items: number, factors: number, seed: number) => {
    const values = normalMatrix(items, factors, 1, seed);
    return values.map((value, at) => {
      const [item, m] = [Math.floor(at / factors), at % factors];
      const length = 3 / Math.sqrt(1 + ((item * 7919) % items));
      return m === 0 ? length : (length * value) / (1 + m);
    });
  },
  /** Small whole numbers: many scores are equal. */
  ties: (items: number, factors: number, seed: number) => {
    const random = new Random(seed);
    return Float32Array.from({ length: items * factors }, () => random.below(3) - 1);
  },
  /** One factor drowns the others in the steps of eight bits. */
  spiked: (items: number, factors: number, seed: number) =>
    normalMatrix(items, factors, 1, seed).map((value, at) => (at % factors === 0 ? 300 : value)),
  same: (items: number, factors: number) => new Float32Array(items * factors).fill(0.25),
  zero: (items: number, factors: number) => new Float32Array(items * factors),
  /** Numbers that underflow in 32 bits when they are squared. */
  tiny: (items: number, factors: number, seed: number) => normalMatrix(items, factors, 1e-40, seed),
  huge: (items: number, factors: number, seed: number) => normalMatrix(items, factors, 1e12, seed),
} as const;

type Fill = keyof typeof FILLS;

function best(data: Float32Array, vector: Float64Array, k: number, excluded: Uint8Array, threshold: number) {
  const scores = new Float64Array(excluded.length);
  rowDots(data, vector, scores);
  const seen = [...excluded.keys()].filter((item) => excluded[item] === 1);
  return [...rankTopK(scores, seen, k, threshold)];
}

const vectorOf = (factors: number, seed: number, scale = 1): Float64Array =>
  Float64Array.from(normalMatrix(1, factors, scale, seed));

describe('QuantisedItems', () => {
  const cases = fc.record({
    fill: fc.constantFrom(...(Object.keys(FILLS) as Fill[])),
    items: fc.integer({ min: 0, max: 3_000 }),
    factors: fc.integer({ min: 1, max: 40 }),
    k: fc.integer({ min: 1, max: 60 }),
    hidden: fc.constantFrom(0, 0.01, 0.5, 1),
    threshold: fc.constantFrom(-Infinity, 0, 1),
    scale: fc.constantFrom(1, 1e-6, 0),
    seed: fc.integer({ min: 1, max: 1_000_000 }),
  });

  it('finds exactly what sorting all scores finds', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ fill, items, factors, k, hidden, threshold, scale, seed }) => {
        const data = FILLS[fill](items, factors, seed);
        const random = new Random(seed + 1);
        const excluded = Uint8Array.from({ length: items }, () => Number(random.uniform() < hidden));
        const vector = vectorOf(factors, seed + 2, scale);
        const quantised = await QuantisedItems.load({ items, factors, data });
        const expected = best(data, vector, k, excluded, threshold);
        expect([...quantised.best(vector, k, excluded, threshold).items]).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  }, 120_000);

  it.each(['random', 'trained'] as const)(
    'scores few of many items in full, for one visitor after the other (%s)',
    async (fill) => {
      const [items, factors, k] = [50_000, 64, 20];
      const data = FILLS[fill](items, factors, 3);
      const quantised = await QuantisedItems.load({ items, factors, data });
      expect(quantised.bytes).toBeLessThan(items * (factors + 10) + 100_000);
      for (let visitor = 0; visitor < 20; visitor++) {
        const excluded = new Uint8Array(items);
        for (let item = visitor; item < items; item += 50) excluded[item] = 1;
        const vector = vectorOf(factors, 100 + visitor);
        const found = quantised.best(vector, k, excluded, 0);
        expect([...found.items]).toEqual(best(data, vector, k, excluded, 0));
        expect(found.scored).toBeLessThan(400);
      }
    },
  );

  it.each([1, 2, 511, 512])('holds the sums of %i factors at their limits', async (factors) => {
    const items = 20;
    const data = new Float32Array(items * factors);
    data.forEach((_, at) => (data[at] = (at % 2 === 0 ? 1 : -1) * (1 + Math.floor(at / factors))));
    const vector = Float64Array.from({ length: factors }, (_, m) => (m % 2 === 0 ? 5 : -5));
    const quantised = await QuantisedItems.load({ items, factors, data });
    const none = new Uint8Array(items);
    expect([...quantised.best(vector, 7, none, -Infinity).items]).toEqual(
      best(data, vector, 7, none, -Infinity),
    );
  });

  it('scores again where more items are equal than it has room for', async () => {
    const [items, factors] = [20_000, 8];
    const data = FILLS.same(items, factors);
    const quantised = await QuantisedItems.load({ items, factors, data });
    const excluded = new Uint8Array(items).fill(1, 0, 3);
    const { items: found, scored } = quantised.best(new Float64Array(factors).fill(1), 5, excluded, 0);
    expect([...found]).toEqual([3, 4, 5, 6, 7]);
    expect(scored).toBe(items - 3);
  });

  it('refuses factors and vectors that are no finite numbers, and stops when told to', async () => {
    const [items, factors] = [100, 4];
    const data = FILLS.random(items, factors, 1);
    for (const value of [NaN, Infinity, 1e20]) {
      const broken = { items, factors, data: data.slice().fill(value, 17, 18) };
      await expect(QuantisedItems.load(broken)).rejects.toMatchObject({ code: 'input-invalid' });
    }
    const quantised = await QuantisedItems.load({ items, factors, data });
    for (const value of [NaN, Infinity]) {
      const vector = new Float64Array(factors).fill(value);
      expect(() => quantised.best(vector, 3, new Uint8Array(items), 0)).toThrow(
        expect.objectContaining({ code: 'training-diverged' }),
      );
    }
    await expect(QuantisedItems.load({ items, factors, data }, AbortSignal.abort())).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});
