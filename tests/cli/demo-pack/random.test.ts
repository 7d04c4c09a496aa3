import { describe, expect, it } from 'vitest';
import { Random, sigmoid, WeightedDraw } from '../../../src/cli/demo-pack/random.ts';

const DRAWS = 40_000;
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const draws = (draw: () => number): number[] => Array.from({ length: DRAWS }, draw);

/** Five standard errors of a mean over DRAWS draws of unit deviation: fails once in a million sound runs. */
const TOLERANCE = 5 / Math.sqrt(DRAWS);

describe('Random', () => {
  it('repeats itself by seed and stream, and only then', () => {
    const first = (seed: number, stream: number): number => new Random(seed, stream).uniform();
    expect(first(1, 2)).toBe(first(1, 2));
    expect(new Set([first(1, 0), first(1, 1), first(1, 2), first(2, 0), first(2, 1)]).size).toBe(5);
  });

  it('draws a standard normal', () => {
    const random = new Random(3);
    const values = draws(() => random.normal());
    expect(Math.abs(mean(values))).toBeLessThan(TOLERANCE);
    expect(Math.abs(mean(values.map((value) => value ** 2)) - 1)).toBeLessThan(2 * TOLERANCE);
    expect(Math.abs(mean(values.map((value) => value ** 4)) - 3)).toBeLessThan(0.4);
  });

  it.each([0.4, 1, 4])('draws a gamma of shape %d: mean and variance are the shape', (shape) => {
    const random = new Random(4);
    const values = draws(() => random.gamma(shape));
    expect(Math.abs(mean(values) / shape - 1)).toBeLessThan(0.05);
    expect(Math.abs(mean(values.map((value) => (value - shape) ** 2)) / shape - 1)).toBeLessThan(0.1);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  });

  it('draws Dirichlet weights that sum to 1, even in the mean', () => {
    const random = new Random(5);
    const sums = [0, 0, 0];
    for (let draw = 0; draw < 4000; draw++) {
      const weights = random.dirichlet(3, 4);
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
      weights.forEach((weight, position) => (sums[position]! += weight / 4000));
    }
    for (const sum of sums) expect(sum).toBeCloseTo(1 / 3, 1);
  });

  it('shuffles without losing or favouring anything', () => {
    const random = new Random(6);
    const firsts = [0, 0, 0, 0];
    expect(random.shuffled([0, 1, 2, 3]).toSorted()).toEqual([0, 1, 2, 3]);
    for (let draw = 0; draw < 4000; draw++) {
      const order = random.shuffled([0, 1, 2, 3]);
      firsts[order[0]!]! += 1;
    }
    for (const count of firsts) expect(Math.abs(count - 1000)).toBeLessThan(140);
  });
});

describe('WeightedDraw', () => {
  it('draws in proportion, and never what weighs nothing', () => {
    const random = new Random(7);
    const draw = new WeightedDraw([0, 1, 0, 3, 0]);
    const counts = [0, 0, 0, 0, 0];
    for (let n = 0; n < DRAWS; n++) counts[draw.draw(random)]! += 1;
    expect([counts[0], counts[2], counts[4]]).toEqual([0, 0, 0]);
    expect(counts[3]! / DRAWS).toBeCloseTo(0.75, 1);
  });

  it.each([[[]], [[0, 0]]])('refuses weights %j', (weights) => {
    expect(() => new WeightedDraw(weights)).toThrow(RangeError);
  });
});

it('sigmoid turns log-odds into probabilities', () => {
  expect(sigmoid(0)).toBe(0.5);
  expect(sigmoid(Math.log(3))).toBeCloseTo(0.75, 12);
  expect(sigmoid(-40)).toBeLessThan(1e-15);
  expect(sigmoid(40)).toBe(1);
});
