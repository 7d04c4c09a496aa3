import type { DeviceKind } from '../../types.ts';
import type { CsrMatrix } from '../matrix/csr.ts';
import type { TrainingDevice } from '../train/devices.ts';
import type { Ceiling } from './work.ts';

export const BENCH_SUITES = ['als', 'topk', 'foldin', 'ease', 'gradient'] as const;
export type BenchSuite = (typeof BENCH_SUITES)[number];

/** A device with what it does at best. */
export interface BenchDevice extends TrainingDevice {
  readonly threads: number;
  readonly ceiling: Ceiling;
}

/** Interactions to time with. */
export interface BenchData {
  readonly name: string;
  /** Signed strengths, users × items. */
  readonly strengths: CsrMatrix;
}

export interface BenchRequest {
  readonly device: BenchDevice;
  readonly data: BenchData;
  readonly factors: number;
  /** How implicit ALS solves rows: 0 exactly, else by so many steps of conjugate gradients. */
  readonly cgSteps: number;
  /** Measured runs, after one that is not; at least 1. */
  readonly runs: number;
  readonly signal?: AbortSignal;
  /** Called after each measured run with its milliseconds. */
  readonly onRun?: (run: number, milliseconds: number) => void;
}

/** One measurement. */
export interface BenchResult {
  readonly suite: BenchSuite;
  readonly device: DeviceKind;
  readonly deviceName: string;
  readonly data: string;
  readonly users: number;
  readonly items: number;
  readonly interactions: number;
  /** Latent dimensions; for EASE, which has none, the items. */
  readonly factors: number;
  /** How a row is solved, a list is ranked, a step is taken. */
  readonly solver: string;
  readonly threads: number;
  /** Measured runs. */
  readonly runs: number;
  /** Of one run: an iteration, an epoch, a batch of users, a visitor. */
  readonly milliseconds: { readonly median: number; readonly p99: number };
  /** Users ranked in a second, over all runs; null where a run is not about users. */
  readonly usersPerSecond: number | null;
  readonly ceiling: Ceiling;
  /** Of what the ceilings allow, 0–1: `attainableMs` over the median. */
  readonly share: number;
  /** Bytes that matrices took on the device, at most. */
  readonly deviceBytes: number;
  /** The longest dispatch so far by the device's clock, warm-up included; null where it has none. */
  readonly longestDispatchMs: number | null;
}
