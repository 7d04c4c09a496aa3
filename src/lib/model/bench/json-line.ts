import type { BenchResult, BenchSuite } from './types.ts';

/** A result with the most memory that the process had taken by then; null where a browser does not tell. */
export interface ReportedResult extends BenchResult {
  readonly peakBytes: number | null;
}

/** Suites whose unit is a pass over the data, told in seconds; the others answer somebody, told in milliseconds. */
const TRAINING: ReadonlySet<BenchSuite> = new Set<BenchSuite>(['als', 'gradient']);

/** A result as one line of JSON, for programs. */
export function jsonLine(result: ReportedResult): string {
  const { suite, device, data, users, items, interactions, factors, solver, threads, runs } = result;
  const { milliseconds, usersPerSecond, ceiling, share, deviceBytes, longestDispatchMs, peakBytes } = result;
  return JSON.stringify({
    ...{ suite, device, data, users, items, interactions, factors, solver, threads, runs },
    ...(TRAINING.has(suite)
      ? { secondsPerIteration: significant(milliseconds.median / 1000) }
      : { milliseconds: { median: significant(milliseconds.median), p99: significant(milliseconds.p99) } }),
    ...(suite === 'topk' && usersPerSecond !== null ? { usersPerSecond: significant(usersPerSecond) } : {}),
    ceiling: { gflops: significant(ceiling.gflops), gbps: significant(ceiling.gbps) },
    share: significant(share),
    peakBytes,
    ...(device === 'webgpu' ? { deviceBytes } : {}),
    ...(longestDispatchMs === null ? {} : { longestDispatchMs: significant(longestDispatchMs) }),
  });
}

/** Four digits: more would be noise. */
function significant(value: number): number {
  return Number(value.toPrecision(4));
}
