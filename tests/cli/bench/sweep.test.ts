import { describe, expect, it } from 'vitest';
import type { ReportedResult } from '../../../src/lib/model/index.ts';
import { growth, sizeAxis, sweepFactors, sweepSizes } from '../../../src/cli/bench/sweep.ts';

const point = (interactions: number, median: number) =>
  ({ interactions, milliseconds: { median, p99: median } }) as ReportedResult;

describe('sweepSizes', () => {
  const roomy = { factors: 64, maxInteractions: 20e6, freeBytes: 64e9 };

  it('goes from a hundred thousand to twenty million interactions', () => {
    const sizes = sweepSizes('interactions', roomy);
    expect(sizes[0]).toBe(100_000);
    expect(sizes.at(-1)).toBe(20_000_000);
  });

  it('ends where it is told to, or where the memory does', () => {
    expect(sweepSizes('interactions', { ...roomy, maxInteractions: 1e6 }).at(-1)).toBe(1_000_000);
    expect(sweepSizes('interactions', { ...roomy, freeBytes: 400e6 }).at(-1)).toBe(3_000_000);
    expect(sweepSizes('interactions', { ...roomy, freeBytes: 0 })).toEqual([]);
    expect(sweepSizes('items', { ...roomy, freeBytes: 100e6 }).at(-1)).toBe(300_000);
  });
});

it('goes from 32 factors to as many as allowed', () => {
  expect(sweepFactors(512)).toEqual([32, 64, 128, 256, 512]);
  expect(sweepFactors(100)).toEqual([32, 64]);
});

it('sweeps the fold-in over the catalogue, everything else over the community', () => {
  expect(sizeAxis('foldin')).toBe('items');
  expect(sizeAxis('als')).toBe('interactions');
});

describe('growth', () => {
  it('names the fitted exponent', () => {
    const results = [1000, 4000, 16_000].map((size) => point(size, size ** 1.25));
    expect(growth('interactions', results)).toBe(
      'time grows as interactions^1.25 (least squares in the logarithms, 3 sizes)',
    );
  });

  it('says nothing of one size', () => {
    expect(growth('interactions', [point(1000, 3)])).toContain('fewer than two sizes say nothing');
  });
});
