import { AppError } from '../../lib/errors.ts';
import { CG_STEPS, type BenchOrder, type BenchSuite } from '../../lib/model/index.ts';
import type { DeviceKind } from '../../lib/types.ts';

/** Numbers of the form with what they may be; the engines take no more. */
export const BENCH_LIMITS = {
  interactions: { min: 100, max: 20_000_000 },
  factors: { min: 1, max: 512 },
  runs: { min: 5, max: 1_000 },
  items: { min: 500, max: 1_000_000 },
  threads: { min: 1, max: 8 },
} as const;
export type BenchNumber = keyof typeof BENCH_LIMITS;

/** How implicit ALS solves rows; the choice is the CPU engine's alone. */
export const BENCH_SOLVERS = ['exact', 'cg'] as const;
export type BenchSolver = (typeof BENCH_SOLVERS)[number];

/** Whether there is a choice of solver at all. */
export function hasSolvers(suite: BenchSuite, device: DeviceKind): boolean {
  return suite === 'als' && device === 'cpu';
}

/** The form as it was typed. */
export type BenchForm = {
  readonly suite: BenchSuite;
  readonly device: DeviceKind;
  readonly solver: BenchSolver;
} & Readonly<Record<BenchNumber, string>>;

/** Numbers that a measurement with these choices takes; the others are not asked for. */
export function numbersOf(suite: BenchSuite, device: DeviceKind, synthetic: boolean): readonly BenchNumber[] {
  return [
    ...(synthetic ? (['interactions'] as const) : []),
    ...(suite === 'foldin' ? (['items'] as const) : []),
    ...(suite === 'ease' ? [] : (['factors'] as const)),
    ...(device === 'cpu' ? (['threads'] as const) : []),
    'runs',
  ];
}

/**
 * Reads the form. `shop` is the open shop's interactions, null for synthetic ones. Throws `hyperparameter-invalid`
 * with the `name` of the number.
 */
export function readOrder(form: BenchForm, shop: BenchOrder['data'] | null): BenchOrder {
  const asked = numbersOf(form.suite, form.device, shop === null);
  const number = (name: BenchNumber): number =>
    asked.includes(name) ? whole(name, form[name]) : BENCH_LIMITS[name].min;
  return {
    suite: form.suite,
    device: form.device,
    data: shop ?? { type: 'synthetic', interactions: number('interactions') },
    factors: number('factors'),
    threads: number('threads'),
    cgSteps: hasSolvers(form.suite, form.device) && form.solver === 'cg' ? CG_STEPS : 0,
    runs: number('runs'),
    items: number('items'),
  };
}

function whole(name: BenchNumber, text: string): number {
  const { min, max } = BENCH_LIMITS[name];
  const value = Number(text.trim());
  if (/^\d+$/u.test(text.trim()) && value >= min && value <= max) return value;
  throw new AppError('hyperparameter-invalid', `${name} must be a whole number from ${min} to ${max}.`, {
    values: { name, value: text, min, max },
  });
}
