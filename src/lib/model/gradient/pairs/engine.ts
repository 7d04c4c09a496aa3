import type { LazyAdamState } from '../sparse/lazy-adam.ts';
import type { PairHyperparameters, PairModelKind } from './hyperparameters.ts';
import type { PairBatch } from './labelled-pairs.ts';

/** Everything a run needs to go on elsewhere: parameters with Adam's moments and counts. */
export interface PairState {
  /** users × factors. */
  readonly users: LazyAdamState;
  /** items × factors. */
  readonly items: LazyAdamState;
  /** One row; see `PairParameters.output`. */
  readonly output: LazyAdamState;
}

/** Where the steps of a model of pairs are computed. Both engines minimise `score.ts`'s objective by lazy Adam. */
export interface PairEngine {
  /** One step on the rows of a batch. Throws `cancelled`. */
  step(batch: PairBatch, signal?: AbortSignal): Promise<void>;
  /** Sum of the batches' log-losses and of their norms' terms since the last call, each at the factors it met. */
  takeLoss(): Promise<number>;
  /** Throws `training-diverged` where a value is not finite, `gpu-lost` where the device is gone. */
  read(): Promise<PairState>;
  /** Bytes allocated on the device. */
  readonly deviceBytes: number;
  dispose(): void;
}

/** Makes the engine of a run: WebGPU through tfjs, or the CPU. */
export type OpenPairEngine = (
  kind: PairModelKind,
  hyperparameters: PairHyperparameters,
  start: PairState,
) => Promise<PairEngine>;
