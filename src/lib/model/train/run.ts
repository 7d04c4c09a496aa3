import type { DeviceKind, Hyperparameters } from '../../types.ts';
import type { RankingQuality } from '../evaluate/evaluate.ts';
import type { HeldOutUser } from '../evaluate/split.ts';

/** Everything of a run that a checkpoint keeps. All values are finite. */
export interface RunState {
  /** Row-major, users × factors. */
  readonly userFactors: Float32Array<ArrayBuffer>;
  /** Row-major, items × factors. */
  readonly itemFactors: Float32Array<ArrayBuffer>;
  /** Empty for models without an optimizer. */
  readonly optimizer: Readonly<Record<string, Float32Array<ArrayBuffer>>>;
}

/** A model being fitted on some device, whatever the model. */
export interface Run {
  readonly device: DeviceKind;
  readonly deviceName: string;
  readonly deviceBytes: number;
  /** Resolves to the objective per observed interaction. */
  iterate(signal: AbortSignal): Promise<{ readonly loss: number }>;
  /** Awaited, checked copies. Throws `training-diverged` where a value is not finite. */
  state(): Promise<RunState>;
  /** Folds the held-out users in against the items as they are now, and ranks all items for them. */
  evaluate(heldOut: readonly HeldOutUser[], k: number, signal: AbortSignal): Promise<RankingQuality>;
  /** Frees what the run holds on its device; the device stays. */
  dispose(): void;
}

/** What is known of a model before it runs. */
export interface RunPlan {
  readonly hyperparameters: Hyperparameters;
  readonly factors: number;
  readonly iterations: number;
  /** The objective per observed interaction of a model that knows nothing: all factors 0. */
  readonly blankLoss: number;
}
