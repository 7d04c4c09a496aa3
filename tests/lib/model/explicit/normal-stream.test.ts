import { describe, expect, it } from 'vitest';
import { NormalStream } from '../../../../src/lib/model/explicit/normal-stream.ts';

const DRAWS = 200_000;

function moments(draw: () => number): { mean: number; variance: number } {
  const values = Array.from({ length: DRAWS }, draw);
  const mean = values.reduce((sum, value) => sum + value, 0) / DRAWS;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / DRAWS };
}

describe('NormalStream', () => {
  it('draws standard normals', () => {
    const random = new NormalStream(1);
    const { mean, variance } = moments(() => random.normal());
    expect(Math.abs(mean)).toBeLessThan(0.01);
    expect(Math.abs(variance - 1)).toBeLessThan(0.02);
    const beyond = Array.from({ length: DRAWS }, () => random.normal()).filter(
      (value) => Math.abs(value) > 1.96,
    );
    expect(Math.abs(beyond.length / DRAWS - 0.05)).toBeLessThan(0.003);
  });

  it.each([
    [1, 1],
    [7.5, 0.4],
    [400, 300],
  ])('draws gammas of shape %d and rate %d', (shape, rate) => {
    const random = new NormalStream(2);
    const { mean, variance } = moments(() => random.gamma(shape, rate));
    expect(Math.abs(mean / (shape / rate) - 1)).toBeLessThan(0.02);
    expect(Math.abs(variance / (shape / rate ** 2) - 1)).toBeLessThan(0.05);
  });

  it('repeats itself for the same seed, and no other', () => {
    const draw = (seed: number): number[] => {
      const random = new NormalStream(seed);
      return Array.from({ length: 10 }, () => random.normal());
    };
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
  });
});
