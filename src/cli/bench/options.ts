import { AppError } from '../../lib/errors.ts';
import { BENCH_SUITES, CG_STEPS, QUALITY_REFERENCES, type BenchSuite } from '../../lib/model/index.ts';
import type { DeviceKind } from '../../lib/types.ts';
import { parseDataSpec, type DataSpec } from './data.ts';

/** Options as cac parses them: true for a missing value, a list for a repeated option. */
export interface BenchOptions {
  readonly suite?: unknown;
  readonly device?: unknown;
  readonly data?: unknown;
  readonly factors?: unknown;
  readonly threads?: unknown;
  readonly solver?: unknown;
  readonly runs?: unknown;
  readonly items?: unknown;
  readonly untrained?: unknown;
  readonly validation?: unknown;
  readonly reference?: unknown;
  readonly maxInteractions?: unknown;
  readonly maxFactors?: unknown;
  readonly sweep?: unknown;
  readonly json?: unknown;
}

/** What is to be measured. */
export interface BenchPlan {
  /** `quality` measures no time. */
  readonly suite: BenchSuite | 'quality';
  readonly device: DeviceKind;
  readonly data: DataSpec;
  readonly factors: number;
  readonly threads: number;
  /** Of implicit ALS; 0: exact. */
  readonly cgSteps: number;
  readonly runs: number;
  /** Items of the fold-in suite. */
  readonly items: number;
  /** Random factors in the ranking suite. */
  readonly untrained: boolean;
  /** Quality on a part cut from train, by several numbers of steps. */
  readonly validation: boolean;
  /** What quality is compared with. */
  readonly reference: QualityReference;
  readonly maxInteractions: number;
  readonly maxFactors: number;
  readonly sweep: boolean;
  readonly json: boolean;
}

type QualityReference = (typeof QUALITY_REFERENCES)[number];

const SUITES: readonly (BenchSuite | 'quality')[] = [...BENCH_SUITES, 'quality'];
const SOLVERS = ['exact', 'cg'] as const;
const DEVICES: readonly DeviceKind[] = ['cpu', 'webgpu'];
/** The engines take no more. */
const MAX_FACTORS = 512;
const DEFAULT_DATA = 'synthetic:100000';
/** A median of fewer says little on a machine that does other things too. */
const MIN_RUNS = 5;
/** Visitors are quick; a p99 needs a hundred. */
const FOLD_IN_RUNS = 100;

/** Throws `input-invalid` naming the option and what it may be. */
export function parseBenchOptions(options: BenchOptions): BenchPlan {
  const suite = choice('suite', options.suite, SUITES);
  return {
    suite,
    device: choice('device', options.device ?? 'cpu', DEVICES),
    data: parseDataSpec(options.data ?? DEFAULT_DATA),
    factors: whole('factors', options.factors ?? 64, 1, MAX_FACTORS),
    threads: whole('threads', options.threads ?? 1, 1, 1024),
    cgSteps: choice('solver', options.solver ?? 'exact', SOLVERS) === 'cg' ? CG_STEPS : 0,
    runs: whole('runs', options.runs ?? (suite === 'foldin' ? FOLD_IN_RUNS : MIN_RUNS), MIN_RUNS, 1e6),
    items: whole('items', options.items ?? 100_000, 1, 1e8),
    untrained: options.untrained === true,
    validation: options.validation === true,
    reference: choice('reference', options.reference ?? 'auto', QUALITY_REFERENCES),
    maxInteractions: whole('max-interactions', options.maxInteractions ?? 20e6, 1, 1e9),
    maxFactors: whole('max-factors', options.maxFactors ?? MAX_FACTORS, 1, MAX_FACTORS),
    sweep: options.sweep === true,
    json: options.json === true,
  };
}

function choice<Choice extends string>(name: string, value: unknown, choices: readonly Choice[]): Choice {
  const found = choices.find((one) => one === value);
  if (found !== undefined) return found;
  throw invalid(name, value, `one of ${choices.join(', ')}`);
}

function whole(name: string, value: unknown, min: number, max: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw invalid(name, value, `a whole number from ${min} to ${max}`);
}

function invalid(name: string, value: unknown, rule: string): AppError {
  const given = value === undefined || value === true ? 'nothing' : JSON.stringify(value);
  return new AppError('input-invalid', `--${name} must be ${rule}, not ${given}.`, {
    values: { option: name, value: given },
    remedy: 'See: fairshelf bench --help',
  });
}
