import { median, percentile } from './statistics.ts';
import type { BenchRequest, BenchResult, BenchSuite } from './types.ts';
import { attainableMs, type Work } from './work.ts';

/** Milliseconds that some work takes. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Does `work`, which returns its milliseconds, once to warm up and then `runs` times, one entry each. */
export async function repeat(
  { runs, onRun }: Pick<BenchRequest, 'runs' | 'onRun'>,
  work: (run: number) => Promise<number>,
): Promise<number[]> {
  await work(0);
  const times: number[] = [];
  for (let run = 1; run <= runs; run++) {
    const milliseconds = await work(run);
    times.push(milliseconds);
    onRun?.(run, milliseconds);
  }
  return times;
}

/** What a suite has measured. */
export interface Measurement {
  readonly suite: BenchSuite;
  readonly solver: string;
  readonly users: number;
  readonly items: number;
  readonly interactions: number;
  readonly times: readonly number[];
  /** Of one run. */
  readonly work: Work;
  readonly usersPerRun: number | null;
  readonly deviceBytes: number;
}

/** A measurement next to what it was measured on. */
export function resultOf({ device, data, factors }: BenchRequest, measured: Measurement): BenchResult {
  const { suite, solver, users, items, interactions, times, work, usersPerRun, deviceBytes } = measured;
  const middle = median(times);
  const total = times.reduce((sum, time) => sum + time, 0);
  return {
    suite,
    device: device.backend.kind,
    deviceName: device.backend.name,
    data: data.name,
    users,
    items,
    interactions,
    factors,
    solver,
    threads: device.threads,
    runs: times.length,
    milliseconds: { median: middle, p99: percentile(times, 0.99) },
    usersPerSecond: usersPerRun === null ? null : (1000 * usersPerRun * times.length) / total,
    ceiling: device.ceiling,
    share: attainableMs(work, device.ceiling) / middle,
    deviceBytes: device.gpu?.peakBytes ?? deviceBytes,
    longestDispatchMs: device.gpu?.longestDispatch?.milliseconds ?? null,
  };
}
