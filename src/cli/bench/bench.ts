import { availableParallelism, freemem, loadavg } from 'node:os';
import process from 'node:process';
import { AppError } from '../../lib/errors.ts';
import {
  benchQuality,
  benchSuite,
  closeDevice,
  jsonLine,
  openBenchDevice,
  type BenchData,
  type BenchDevice,
  type BenchSuite,
  type QualityResult,
  type ReportedResult,
} from '../../lib/model/index.ts';
import type { CommandLineOutput } from '../output.ts';
import { readBenchData, readQualityData } from './data.ts';
import { openNodeGpu } from './node-gpu.ts';
import type { BenchPlan } from './options.ts';
import { qualityLine, qualityTable, table } from './report.ts';
import { growth, sizeAxis, sweepFactors, sweepSizes } from './sweep.ts';

/** Of the memory that is free, what a sweep may plan with: estimates are rough, and others live here too. */
const USABLE_MEMORY = 0.7;

/** A plan of a suite that measures time. */
type TimedPlan = BenchPlan & { readonly suite: BenchSuite };

/** What of a plan changes from measurement to measurement. */
interface Point {
  readonly data: BenchData;
  readonly factors: number;
  readonly items: number;
}

/** Measures what the plan says, and prints it: results to `out`, progress to `err`. */
export async function bench(plan: BenchPlan, output: CommandLineOutput): Promise<void> {
  if (plan.suite === 'gradient' && plan.device === 'webgpu') {
    output.err('gradient: skipped. tfjs runs on WebGPU in a browser only; give --device cpu.');
    return;
  }
  output.err('Reading the data …');
  if (plan.suite === 'quality') {
    await quality(plan, output);
    return;
  }
  const { suite } = plan;
  const data = await readBenchData(plan.data);
  // half of a time may be other programs' doing: who reads it should know
  output.err(`${availableParallelism()} cores, load ${(loadavg()[0] ?? 0).toFixed(1)}`);
  output.err('Measuring what the device does at best …');
  const { device, close } = await openDevice(plan);
  const measure = (point: Partial<Point>): Promise<ReportedResult[]> =>
    measurePoint(
      { ...plan, suite },
      device,
      { data, factors: plan.factors, items: plan.items, ...point },
      output,
    );
  try {
    if (!plan.sweep) {
      const results = await measure({});
      if (!plan.json) for (const line of table(results)) output.out(line);
      return;
    }
    await sweep({ ...plan, suite }, measure, output);
  } finally {
    close();
  }
}

/** Trains with the reference and with each solver of the device, and prints how well they rank. */
async function quality(plan: BenchPlan, output: CommandLineOutput): Promise<void> {
  const { name, split } = await readQualityData(plan.data);
  const { device, close } = await openDevice(plan);
  const results: QualityResult[] = [];
  const onResult = (result: QualityResult): void => {
    results.push(result);
    output.err(`${result.solver}: NDCG@20 ${result.ndcg.toFixed(5)}`);
    if (plan.json) output.out(qualityLine(result, plan.threads));
  };
  try {
    await benchQuality({ device, data: name, split, factors: plan.factors }, onResult);
    if (!plan.json) for (const line of qualityTable(results)) output.out(line);
  } finally {
    close();
  }
}

/** The one place where a device is opened. */
async function openDevice({ device: kind, threads }: BenchPlan): Promise<{
  readonly device: BenchDevice;
  readonly close: () => void;
}> {
  const node = kind === 'webgpu' ? await openNodeGpu() : null;
  try {
    const device = await openBenchDevice({ kind, threads, ...(node === null ? {} : { gpu: node.gpu }) });
    const close = (): void => {
      closeDevice(device);
      node?.release();
    };
    return { device, close };
  } catch (error) {
    node?.release();
    throw node !== null && error instanceof AppError ? noAdapter(error) : error;
  }
}

/** The page's words for a missing GPU speak of a browser. */
function noAdapter(error: AppError): AppError {
  if (error.code !== 'gpu-unavailable') return error;
  return new AppError('gpu-unavailable', 'Dawn finds no graphics adapter that it can use.', {
    remedy: "Install a Vulkan driver, or use Chromium's software device: docs/benchmarks.md.",
    cause: error,
  });
}

/** A result for each way in which the suite answers. */
async function measurePoint(
  { suite, runs, cgSteps, json, untrained }: TimedPlan,
  device: BenchDevice,
  { data, factors, items }: Point,
  output: CommandLineOutput,
): Promise<ReportedResult[]> {
  const what = suite === 'foldin' ? `${items} items` : data.name;
  output.err(`${suite}: ${what}, ${factors} factors`);
  let last = performance.now();
  const onRun = (run: number, milliseconds: number): void => {
    // a line a second at most
    if (performance.now() - last < 1000) return;
    last = performance.now();
    output.err(`  run ${run}: ${milliseconds.toPrecision(4)} ms`);
  };
  const results = await benchSuite(
    suite,
    { device, data, factors, cgSteps, runs, onRun },
    { items, untrained },
  );
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  const reported = results.map((result) => ({ ...result, peakBytes }));
  if (json) for (const result of reported) output.out(jsonLine(result));
  return reported;
}

/** Time against size, then against factors: a table and the fitted exponent each. */
async function sweep(
  { suite, factors, maxInteractions, maxFactors, json }: TimedPlan,
  measure: (point: Partial<Point>) => Promise<ReportedResult[]>,
  output: CommandLineOutput,
): Promise<void> {
  const axis = sizeAxis(suite);
  const sizes = sweepSizes(axis, { factors, maxInteractions, freeBytes: USABLE_MEMORY * freemem() });
  // data is made one by one: all of it at once may not fit
  const points = sizes.map(
    (size) => async (): Promise<Partial<Point>> =>
      axis === 'items'
        ? { items: size }
        : { data: await readBenchData({ source: 'synthetic', interactions: size }) },
  );
  const factorPoints = sweepFactors(maxFactors).map(
    (own) => (): Promise<Partial<Point>> => Promise.resolve({ factors: own }),
  );
  for (const [along, makers] of [[axis, points] as const, ['factors', factorPoints] as const]) {
    const results: ReportedResult[] = [];
    for (const make of makers) results.push(...(await measure(await make())));
    const solvers = [...new Set(results.map(({ solver }) => solver))];
    // for a program the lines printed by now are all; for people the growth is what they came for
    if (!json) for (const line of [...table(results), '']) output.out(line);
    for (const solver of solvers) {
      const line = growth(
        along,
        results.filter((result) => result.solver === solver),
      );
      if (json) output.err(line);
      else output.out(solvers.length === 1 ? line : `${solver}: ${line}`);
    }
    if (!json) output.out('');
  }
}
