import type { BenchSuite } from '../../lib/model/index.ts';
import type { DeviceKind } from '../../lib/types.ts';
import type { BenchSolver } from './order.ts';
import type { I18n } from '../i18n/i18n.svelte.ts';

export const SUITE_TEXT = {
  als: 'bench.suiteAls',
  topk: 'bench.suiteTopk',
  foldin: 'bench.suiteFoldin',
  ease: 'bench.suiteEase',
  gradient: 'bench.suiteGradient',
} as const satisfies Record<BenchSuite, string>;

export const DEVICE_TEXT = {
  cpu: 'bench.deviceCpu',
  webgpu: 'bench.deviceGpu',
} as const satisfies Record<DeviceKind, string>;

export const SOLVER_TEXT = {
  exact: 'bench.solverExact',
  cg: 'bench.solverCg',
} as const satisfies Record<BenchSolver, string>;

/** A measured time, three digits: "8.05 ms", "1.32 sec". */
export function formatTime(i18n: I18n, milliseconds: number): string {
  const [value, unit] =
    milliseconds < 1_000 ? [milliseconds, 'millisecond'] : [milliseconds / 1_000, 'second'];
  return i18n.number(value, { style: 'unit', unit, unitDisplay: 'short', maximumSignificantDigits: 3 });
}
