import type { QualityResult, ReportedResult } from '../../lib/model/index.ts';

const COUNT = new Intl.NumberFormat('en');
const MIB = 2 ** 20;

/** A table of results of one device, with what the device does at best above it. */
export function table(results: readonly ReportedResult[]): string[] {
  const [first] = results;
  if (first === undefined) return [];
  const { device, deviceName, threads, ceiling } = first;
  const rows = results.map(cells);
  return [
    `${device}: ${deviceName}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    `at best ${ceiling.gflops.toPrecision(3)} GFLOP/s, copying ${ceiling.gbps.toPrecision(3)} GB/s`,
    '',
    ...aligned(rows),
  ];
}

/** One line of JSON about quality. */
export function qualityLine(result: QualityResult, threads: number): string {
  const { deviceName, data, factors, iterations, solver, cgSteps, users, ndcg, recall, difference } = result;
  return JSON.stringify({
    ...{ suite: 'quality', device: deviceName, data, factors, iterations, solver, cgSteps, threads, users },
    ...{ ndcg, recall, difference, loss: result.loss },
  });
}

/** A table of how well solvers rank. */
export function qualityTable(results: readonly QualityResult[]): string[] {
  return aligned(
    results.map((result) => ({
      solver: result.cgSteps === 0 ? result.solver : `${result.solver}, ${result.cgSteps} steps`,
      engine: result.deviceName,
      data: result.data,
      factors: String(result.factors),
      iterations: String(result.iterations),
      users: COUNT.format(result.users),
      'NDCG@20': result.ndcg.toFixed(5),
      difference: result.difference.toFixed(5),
      'recall@20': result.recall.toFixed(5),
      loss: result.loss.toFixed(5),
    })),
  );
}

/** Rows of cells under their names, words to the left and numbers to the right. */
function aligned(rows: readonly Record<string, string>[]): string[] {
  const header = Object.keys(rows[0] ?? {});
  const lines = [header, ...rows.map((row) => Object.values(row))];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) =>
    line
      .map((cell, column) =>
        column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
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
    'peak MiB': result.peakBytes === null ? '–' : COUNT.format(Math.round(result.peakBytes / MIB)),
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
