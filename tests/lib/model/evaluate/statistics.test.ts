import { describe, expect, it } from 'vitest';
import {
  bootstrapMean,
  comparePaired,
  wilsonInterval,
} from '../../../../src/lib/model/evaluate/statistics.ts';
import { Random } from '../../../../src/lib/model/matrix/random.ts';

function normals(count: number, shift: number, seed: number): Float64Array {
  const random = new Random(seed);
  return Float64Array.from({ length: count }, () => shift + random.normal());
}

describe('bootstrap', () => {
  it('finds the interval of the normal theory', () => {
    const values = normals(400, 3, 1);
    const { mean, low, high } = bootstrapMean(values, 7);
    const average = values.reduce((a, b) => a + b, 0) / 400;
    const deviation = Math.sqrt(values.reduce((a, b) => a + (b - average) ** 2, 0) / 400);
    expect(mean).toBeCloseTo(average, 12);
    expect(low).toBeCloseTo(average - (1.96 * deviation) / 20, 1);
    expect(high).toBeCloseTo(average + (1.96 * deviation) / 20, 1);
  });

  it('covers the truth about as often as it says', () => {
    let covered = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const { low, high } = bootstrapMean(normals(60, 0, seed), seed);
      covered += Number(low <= 0 && high >= 0);
    }
    expect(covered / 60).toBeGreaterThan(0.85);
  });

  it('is a point where all values are equal, and the same for the same seed', () => {
    expect(bootstrapMean([2, 2, 2], 1)).toEqual({ mean: 2, low: 2, high: 2 });
    expect(bootstrapMean([1, 5, 2], 4)).toEqual(bootstrapMean([1, 5, 2], 4));
  });
});

describe('paired comparison', () => {
  it('agrees with the exact test on few users', () => {
    const first = [1, 3, 2, 5, 4, 2];
    const second = [0, 1, 2, 2, 5, 1];
    const differences = first.map((value, at) => value - second[at]!);
    const observed = Math.abs(differences.reduce((a, b) => a + b, 0));
    let asLarge = 0;
    for (let signs = 0; signs < 64; signs++) {
      const sum = differences.reduce((a, b, at) => a + ((signs >> at) & 1 ? b : -b), 0);
      asLarge += Number(Math.abs(sum) >= observed);
    }
    const { p, better, worse, difference } = comparePaired(first, second, 1);
    expect(p).toBeCloseTo(asLarge / 64, 1);
    expect([better, worse]).toEqual([4, 1]);
    expect(difference.mean).toBeCloseTo(observed / 6, 12);
  });

  it('finds a real difference, and none between equals', () => {
    const base = normals(300, 0, 1);
    const noise = normals(300, 0.4, 2);
    expect(
      comparePaired(
        base.map((v, at) => v + noise[at]!),
        base,
        1,
      ).p,
    ).toBeLessThan(0.01);
    expect(comparePaired(base, base, 1)).toMatchObject({ p: 1, better: 0, worse: 0 });
  });
});

describe('wilsonInterval', () => {
  it('agrees with published values', () => {
    // Newcombe 1998, Statistics in Medicine 17, table I, method 3
    for (const [successes, trials, low, high] of [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const) {
      const interval = wilsonInterval(successes, trials);
      expect(interval.mean).toBe(successes / trials);
      expect(interval.low).toBeCloseTo(low, 4);
      expect(interval.high).toBeCloseTo(high, 4);
    }
  });

  it('mirrors', () => {
    const few = wilsonInterval(3, 10);
    const most = wilsonInterval(7, 10);
    expect(most.low).toBeCloseTo(1 - few.high, 12);
    expect(most.high).toBeCloseTo(1 - few.low, 12);
  });
});
