import { describe, expect, it } from 'vitest';
import {
  attainableMs,
  easeWork,
  foldInWork,
  ialsIterationWork,
  logisticEpochWork,
  shapeOf,
  topKWork,
} from '../../../../src/lib/model/bench/work.ts';

/** 3 users × 2 items, the last user without an interaction. */
const matrix = {
  rows: 3,
  columns: 2,
  indptr: Int32Array.of(0, 2, 3, 3),
  indices: Int32Array.of(0, 1, 1),
  data: Float32Array.of(1, 1, 1),
};
const shape = { users: 3, items: 2, interactions: 3, activeUsers: 2, activeItems: 2 };

it('counts the shape, rows without interactions apart', () => expect(shapeOf(matrix)).toEqual(shape));

describe('work by hand', () => {
  it('of an iteration with one factor, where every system is a number', () => {
    // Gram: 5 rows, a square and a sum each: 10. Systems: each of 3 entries both ways: w·y, ·y, + (2 + ... = 5 in all).
    // Solves: 4 rows of 1 pivot and 2 substitutions. Loss: 3 · 6 + 5 · 4 + 2.
    const { flops, bytes } = ialsIterationWork(shape, 1);
    expect(flops).toBeCloseTo(10 + 2 * 3 * 5 + 4 * 3 + 18 + 20 + 2, 9);
    expect(bytes).toBe(3 * 3 * 8 + 3 * 5 * 4);
  });

  it('of an iteration with two factors', () => {
    // Cholesky of 2 × 2: two roots, a division, a product and a difference are 5.
    const solves = 4 * (8 / 3 + 4 / 2 + 2 / 6 + 2 * 4);
    expect(solves).toBeCloseTo(4 * (5 + 8), 9);
    const { flops } = ialsIterationWork(shape, 2);
    expect(flops).toBeCloseTo(5 * 6 + 2 * 3 * (6 + 6) + solves + 3 * 8 + 5 * 6 + 8, 9);
  });

  it('of ranking', () => {
    expect(topKWork(10, 100, 64)).toEqual({ flops: 128_000, bytes: 110 * 64 * 4 });
  });

  it('of a fold-in', () => {
    const { flops, bytes } = foldInWork(3, 100, 2);
    expect(flops).toBeCloseTo(3 * 12 + 13 + 400, 9);
    expect(bytes).toBe(800);
  });

  it('of a fit of EASE', () => {
    // rows of 2, 1 and 0 entries, 2 items: 2 (2² + 1²) + 2 · 2³
    expect(easeWork(matrix)).toEqual({ flops: 10 + 16, bytes: 32 });
  });

  it('of a logistic epoch, which skips users without interactions', () => {
    expect(logisticEpochWork(shape, 2)).toEqual({ flops: 2 * 2 * 12, bytes: 6 * 4 * 2 * 4 });
  });
});

it('takes the slower of arithmetic and memory', () => {
  const ceiling = { gflops: 2, gbps: 4 };
  expect(attainableMs({ flops: 2e9, bytes: 1 }, ceiling)).toBe(1000);
  expect(attainableMs({ flops: 1, bytes: 4e6 }, ceiling)).toBe(1);
});
