import type { BenchOrder, BenchProgress } from '../bench/order.ts';
import type { BenchResult } from '../bench/types.ts';
import type { DeviceReport, TrainingProgress, TrainingResult, TrainRequest } from '../train/types.ts';

/** The trainer worker. One `train` or `bench` at a time; a second one is refused with `input-invalid`. */
export interface TrainerService {
  probe: { params: null; progress: never; result: DeviceReport };
  train: { params: TrainRequest; progress: TrainingProgress; result: TrainingResult };
  bench: { params: BenchOrder; progress: BenchProgress; result: BenchResult };
}
