import { freemem } from 'node:os';
import process from 'node:process';
import { closeDevice, openBenchDevice, type BenchData, type BenchDevice } from '../../lib/model/index.ts';
import type { CommandLineOutput } from '../output.ts';
import { readBenchData } from './data.ts';
import { openNodeGpu } from './node-gpu.ts';
import type { BenchPlan } from './options.ts';
import { jsonLine, table, type ReportedResult } from './report.ts';
import { runSuite } from './suites.ts';
import { growth, sizeAxis, sweepFactors, sweepSizes } from './sweep.ts';

/** Of the memory that is free, what a sweep may plan with: estimates are rough, and others live here too. */
const USABLE_MEMORY = 0.7;

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
  const data = readBenchData(plan.data);
  output.err('Measuring what the device does at best …');
  const { device, close } = await openDevice(plan);
  const measure = (point: Partial<Point>): Promise<ReportedResult> =>
    measureOne(plan, device, { data, factors: plan.factors, items: plan.items, ...point }, output);
  try {
    if (!plan.sweep) {
      const result = await measure({});
      if (!plan.json) for (const line of table([result])) output.out(line);
      return;
    }
    await sweep(plan, measure, output);
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
    throw error;
  }
}

async function measureOne(
  { suite, runs, json }: BenchPlan,
  device: BenchDevice,
  { data, factors, items }: Point,
  output: CommandLineOutput,
): Promise<ReportedResult> {
  const what = suite === 'foldin' ? `${items} items` : data.name;
  output.err(`${suite}: ${what}, ${factors} factors`);
  let last = performance.now();
  const onRun = (run: number, milliseconds: number): void => {
    // a line a second at most
    if (performance.now() - last < 1000) return;
    last = performance.now();
    output.err(`  run ${run}: ${milliseconds.toPrecision(4)} ms`);
  };
  const result = await runSuite(suite, { device, data, factors, runs, onRun }, items);
  const reported = { ...result, peakBytes: process.resourceUsage().maxRSS * 1024 };
  if (json) output.out(jsonLine(reported));
  return reported;
}

/** Time against size, then against factors: a table and the fitted exponent each. */
async function sweep(
  { suite, factors, maxInteractions, json }: BenchPlan,
  measure: (point: Partial<Point>) => Promise<ReportedResult>,
  output: CommandLineOutput,
): Promise<void> {
  const axis = sizeAxis(suite);
  const freeBytes = USABLE_MEMORY * freemem();
  const bySize: ReportedResult[] = [];
  for (const size of sweepSizes(axis, { factors, maxInteractions, freeBytes })) {
    const point =
      axis === 'items'
        ? { items: size }
        : { data: readBenchData({ source: 'synthetic', interactions: size }) };
    bySize.push(await measure(point));
  }
  const byFactors: ReportedResult[] = [];
  for (const own of sweepFactors()) byFactors.push(await measure({ factors: own }));
  for (const [along, results] of [[axis, bySize] as const, ['factors', byFactors] as const]) {
    // for a program the lines above are all; for people the growth is what they came for
    if (!json) for (const line of [...table(results), '']) output.out(line);
    (json ? output.err : output.out)(growth(along, results));
    if (!json) output.out('');
  }
}
