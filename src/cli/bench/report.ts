import type { BenchResult } from '../../lib/model/index.ts';

/** A result with the most memory that the process had taken by then. */
export interface ReportedResult extends BenchResult {
  readonly peakBytes: number;
}

/** Suites whose unit is a pass over the data, told in seconds; the others answer somebody, told in milliseconds. */
const TRAINING: ReadonlySet<string> = new Set(['als', 'gradient']);

/** One line of JSON. */
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

const COUNT = new Intl.NumberFormat('en');
const MIB = 2 ** 20;

/** A table of results of one device, with what the device does at best above it. */
export function table(results: readonly ReportedResult[]): string[] {
  const [first] = results;
  if (first === undefined) return [];
  const { device, deviceName, threads, ceiling } = first;
  const rows = results.map(cells);
  const header = Object.keys(rows[0] ?? {});
  const lines = [header, ...rows.map((row) => Object.values(row))];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return [
    `${device}: ${deviceName}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    `at best ${ceiling.gflops.toPrecision(3)} GFLOP/s, copying ${ceiling.gbps.toPrecision(3)} GB/s`,
    '',
    ...lines.map((line) =>
      line
        .map((cell, column) =>
          column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    ),
  ];
}

function cells(result: ReportedResult): Record<string, string> {
  const { suite, data, users, items, interactions, factors, solver, runs, usersPerSecond } = result;
  return {
    suite,
    data,
    users: COUNT.format(users),
    items: COUNT.format(items),
    interactions: COUNT.format(interactions),
    factors: String(factors),
    solver,
    runs: String(runs),
    median: duration(result.milliseconds.median),
    p99: duration(result.milliseconds.p99),
    'users/s': usersPerSecond === null ? '–' : COUNT.format(Math.round(usersPerSecond)),
    'of ceiling': `${(100 * result.share).toPrecision(2)}%`,
    'peak MiB': COUNT.format(Math.round(result.peakBytes / MIB)),
    ...(result.device === 'webgpu'
      ? {
          'device MiB': COUNT.format(Math.round(result.deviceBytes / MIB)),
          'longest dispatch': result.longestDispatchMs === null ? '–' : duration(result.longestDispatchMs),
        }
      : {}),
  };
}

function duration(milliseconds: number): string {
  return milliseconds < 1000
    ? `${milliseconds.toPrecision(3)} ms`
    : `${(milliseconds / 1000).toPrecision(3)} s`;
}

/** Four digits: more would be noise. */
function significant(value: number): number {
  return Number(value.toPrecision(4));
}
