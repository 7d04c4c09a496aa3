import { describe, expect, it } from 'vitest';
import { table } from '../../../src/cli/bench/report.ts';
import { jsonLine, type ReportedResult } from '../../../src/lib/model/index.ts';

const RESULT: ReportedResult = {
  suite: 'als',
  device: 'cpu',
  deviceName: 'CPU engine',
  data: 'synthetic:100000',
  users: 699,
  items: 1909,
  interactions: 100_000,
  factors: 64,
  solver: 'cholesky',
  threads: 1,
  runs: 5,
  milliseconds: { median: 1234.5678, p99: 2345.6789 },
  usersPerSecond: null,
  ceiling: { gflops: 40.12345, gbps: 18.98765 },
  share: 0.0287654,
  deviceBytes: 3 * 2 ** 20,
  longestDispatchMs: null,
  peakBytes: 2 ** 28,
};

describe('jsonLine', () => {
  it('is one line with exactly the promised keys, seconds for training', () => {
    const line = jsonLine(RESULT);
    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toEqual({
      suite: 'als',
      device: 'cpu',
      data: 'synthetic:100000',
      users: 699,
      items: 1909,
      interactions: 100_000,
      factors: 64,
      solver: 'cholesky',
      threads: 1,
      runs: 5,
      secondsPerIteration: 1.235,
      ceiling: { gflops: 40.12, gbps: 18.99 },
      share: 0.02877,
      peakBytes: 268_435_456,
    });
  });

  it('has the bytes and the longest dispatch of a GPU', () => {
    const line = jsonLine({ ...RESULT, device: 'webgpu', longestDispatchMs: 34.5678 });
    expect(JSON.parse(line)).toMatchObject({ deviceBytes: 3 * 2 ** 20, longestDispatchMs: 34.57 });
    // a device without a clock says nothing
    expect(JSON.parse(jsonLine({ ...RESULT, device: 'webgpu' }))).not.toHaveProperty('longestDispatchMs');
  });

  it('has milliseconds with the p99 for serving, and users a second for lists', () => {
    const line = jsonLine({ ...RESULT, suite: 'topk', usersPerSecond: 2337.4 });
    const parsed = JSON.parse(line) as Record<string, unknown>;
    expect(parsed).toMatchObject({ milliseconds: { median: 1235, p99: 2346 }, usersPerSecond: 2337 });
    expect(parsed).not.toHaveProperty('secondsPerIteration');
    expect(JSON.parse(jsonLine({ ...RESULT, suite: 'foldin', usersPerSecond: 1 }))).not.toHaveProperty(
      'usersPerSecond',
    );
  });
});

describe('table', () => {
  it('stands under what the device does at best, in columns that line up', () => {
    const lines = table([RESULT, { ...RESULT, suite: 'topk', usersPerSecond: 2337.4 }]);
    expect(lines.slice(0, 2)).toEqual([
      'cpu: CPU engine, 1 thread',
      'at best 40.1 GFLOP/s, copying 19.0 GB/s',
    ]);
    const [header, first, second] = lines.slice(3);
    expect(header).toContain('of ceiling');
    expect(first).toContain('1.23 s');
    expect(first).toContain('2.9%');
    expect(second).toContain('2,337');
    expect(new Set([header, first, second].map((line) => line?.length)).size).toBe(1);
  });

  it('is empty without results', () => expect(table([])).toEqual([]));
});
