import type { BenchOrder, BenchProgress } from '../bench/order.ts';
import type { BenchResult } from '../bench/types.ts';
import type { PairedComparison } from '../evaluate/statistics.ts';
import type { ExperimentProgress, ExperimentRequest, ExperimentResult } from '../experiment/types.ts';
import type { DeviceReport, TrainingProgress, TrainingResult, TrainRequest } from '../train/types.ts';

/** The trainer worker. One `train`, `bench` or `experiment` at a time; a second one is refused with `input-invalid`. */
export interface TrainerService {
  probe: { params: null; progress: never; result: DeviceReport };
  train: { params: TrainRequest; progress: TrainingProgress; result: TrainingResult };
  bench: { params: BenchOrder; progress: BenchProgress; result: readonly BenchResult[] };
  experiment: { params: ExperimentRequest; progress: ExperimentProgress; result: ExperimentResult };
  /** Whether two models differ: one metric of both, a value a user, in the same order. */
  compare: {
    params: { readonly first: Float32Array; readonly second: Float32Array; readonly seed: number };
    progress: never;
    result: PairedComparison;
  };
}
