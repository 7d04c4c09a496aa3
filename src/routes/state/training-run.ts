import { AppError } from '../../lib/errors.ts';
import type { TrainingProgress } from '../../lib/model/index.ts';
import type { DeviceKind, ModelKind, TrainingPoint } from '../../lib/types.ts';

/** A device that failed in the middle of a run, and where the run went on. */
export interface Recovery {
  readonly error: AppError;
  readonly device: DeviceKind;
  readonly deviceName: string;
  readonly fromIteration: number;
}

/** All that the page shows of one run. Immutable: each progress message gives a new one. */
export interface TrainingRun {
  readonly model: ModelKind;
  readonly device: DeviceKind;
  readonly deviceName: string;
  /** Why `auto` took the CPU; null on WebGPU or where the CPU was asked for. */
  readonly fallback: AppError | null;
  readonly users: number;
  readonly items: number;
  readonly interactions: number;
  readonly heldOutUsers: number;
  /** Planned iterations. */
  readonly iterations: number;
  /** Iterations taken over from a checkpoint; 0 for a new run. */
  readonly resumedFrom: number;
  readonly popularityNdcgAt10: number;
  /** The curve so far, by iteration, no iteration twice. */
  readonly history: readonly TrainingPoint[];
  /** 0 until the first point. */
  readonly interactionsPerSecond: number;
  /** Null until the first point. */
  readonly secondsLeft: number | null;
  readonly deviceBytes: number;
  readonly recoveries: readonly Recovery[];
}

/** The run after its first message. */
export function startRun(
  model: ModelKind,
  started: Extract<TrainingProgress, { type: 'started' }>,
): TrainingRun {
  return {
    model,
    device: started.device,
    deviceName: started.deviceName,
    fallback: started.fallback === null ? null : AppError.fromWire(started.fallback),
    users: started.users,
    items: started.items,
    interactions: started.interactions,
    heldOutUsers: started.heldOutUsers,
    iterations: started.iterations,
    resumedFrom: started.resumedFrom,
    popularityNdcgAt10: started.popularityNdcgAt10,
    history: started.history,
    interactionsPerSecond: 0,
    secondsLeft: null,
    deviceBytes: 0,
    recoveries: [],
  };
}

/** The run after a measured iteration. Points that a recovery made untrue (same or later iteration) go. */
export function addPoint(
  run: TrainingRun,
  { point, interactionsPerSecond, secondsLeft, deviceBytes }: Extract<TrainingProgress, { type: 'point' }>,
): TrainingRun {
  return {
    ...run,
    history: [...run.history.filter((earlier) => earlier.iteration < point.iteration), point],
    interactionsPerSecond,
    secondsLeft,
    deviceBytes,
  };
}

/** The run after its device failed: the curve goes back to where the run went on from. */
export function addRecovery(
  run: TrainingRun,
  { reason, device, deviceName, fromIteration }: Extract<TrainingProgress, { type: 'recovered' }>,
): TrainingRun {
  return {
    ...run,
    device,
    deviceName,
    history: run.history.filter((point) => point.iteration <= fromIteration),
    secondsLeft: null,
    recoveries: [...run.recoveries, { error: AppError.fromWire(reason), device, deviceName, fromIteration }],
  };
}

/** Iterations done, 0 to `run.iterations`. */
export function iterationsDone(run: TrainingRun): number {
  return run.history.at(-1)?.iteration ?? 0;
}

/** The newest held-out NDCG@10 of a curve; null before the first evaluation. */
export function latestNdcg(history: readonly TrainingPoint[]): number | null {
  return history.findLast((point) => point.ndcgAt10 !== null)?.ndcgAt10 ?? null;
}
