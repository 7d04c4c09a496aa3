import { describe, expect, it } from 'vitest';
import { fitPowerLaw } from '../../../../src/lib/model/bench/statistics.ts';
import { syntheticMatrix } from '../../../../src/lib/model/bench/synthetic.ts';
import { rowLength, validateCsr } from '../../../../src/lib/model/matrix/csr.ts';

const INTERACTIONS = 143_000;
const matrix = syntheticMatrix(INTERACTIONS, 1);
const lengths = Array.from({ length: matrix.rows }, (_, user) => rowLength(matrix, user));
const counts = new Int32Array(matrix.columns);
for (const item of matrix.indices) counts[item]! += 1;

describe('syntheticMatrix', () => {
  it('has exactly the interactions asked for, in a sound matrix of the promised shape', () => {
    validateCsr(matrix);
    expect(matrix.indices).toHaveLength(INTERACTIONS);
    expect(matrix.rows).toBe(1000);
    expect(matrix.columns).toBe(Math.round(27_000 * Math.sqrt(INTERACTIONS / 20e6)));
    expect(matrix.data.every((strength) => strength === 1)).toBe(true);
  });

  it('has users of log-normal length, but for the cap on the longest and the share of the others in what it took', () => {
    const logs = lengths.map(Math.log);
    const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
    const deviation = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / logs.length);
    expect(mean).toBeCloseTo(Math.log(143) - 0.5, 0);
    expect(deviation).toBeGreaterThan(0.7);
    expect(deviation).toBeLessThan(1.15);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(matrix.columns / 4);
  });

  it('has items by Zipf: past the head, which no user repeats, counts fall as 1 / rank', () => {
    const sorted = counts.toSorted((first, second) => second - first);
    const tail = Array.from({ length: 16 }, (_, at) => 100 + 50 * at);
    const law = fitPowerLaw(tail.map((rank) => ({ x: rank, y: sorted[rank - 1]! })));
    expect(law?.exponent).toBeGreaterThan(-1.25);
    expect(law?.exponent).toBeLessThan(-0.75);
    expect(sorted[0]).toBeLessThanOrEqual(matrix.rows);
  });

  it('does not put the popular items first', () => {
    const half = matrix.columns >> 1;
    const first = counts.subarray(0, half).reduce((sum, count) => sum + count, 0);
    expect(first / INTERACTIONS).toBeGreaterThan(0.35);
    expect(first / INTERACTIONS).toBeLessThan(0.65);
  });

  it('is the same for the same seed alone', () => {
    const again = syntheticMatrix(2000, 7);
    expect(syntheticMatrix(2000, 7)).toEqual(again);
    expect(syntheticMatrix(2000, 8)).not.toEqual(again);
  });

  it.each([100, 101, 997, 5000])('manages %i interactions', (interactions) => {
    const small = syntheticMatrix(interactions, 3);
    validateCsr(small);
    expect(small.indices).toHaveLength(interactions);
  });

  it.each([0, 99, 1.5, NaN, 1e12])('refuses %d interactions', (interactions) => {
    expect(() => syntheticMatrix(interactions, 1)).toThrow('cannot have this many interactions');
  });
});
