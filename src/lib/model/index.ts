/** The only door into the model for routes, main and the command line. */
export {
  DWELL_MAX_STRENGTH,
  DWELL_MIN_SECONDS,
  DWELL_STRENGTH,
  EVENT_STRENGTH,
  eventStrength,
  MAX_EVENTS_PER_KIND,
  STARS_STRENGTH,
  type StrengthInput,
} from './matrix/strength.ts';
export { PairStrength } from './matrix/pair-strength.ts';
export {
  visitorProfile,
  visitorRow,
  type ItemEvent,
  type ItemProfile,
  type VisitorRow,
} from './matrix/visitor-row.ts';
export type { CsrMatrix } from './matrix/csr.ts';
export { strengthMatrix } from './matrix/interactions.ts';
export { popularityScores } from './popularity/popularity.ts';
export { verifyCheckpoint, verifySnapshot } from './snapshot.ts';
export { evaluateScores, type FoldedUser, type RankingQuality } from './evaluate/evaluate.ts';
export { holdOutUsers, type HeldOutUser, type HoldOutSplit } from './evaluate/split.ts';
export { trainInProcess, type TrainInProcessOptions } from './train/train-in-process.ts';
export { createTrainer, type TrainCallOptions, type TrainerClient } from './worker/trainer-client.ts';
export type { DeviceReport, TrainingProgress, TrainingResult, TrainRequest } from './train/types.ts';
export type { TrainerService } from './worker/trainer-protocol.ts';
export type {
  Basis,
  Explanation,
  ProfileEvent,
  Reason,
  RecommenderItem,
  RecommenderStatus,
  Shelf,
  ShelfEntry,
  ShelfKind,
  Term,
} from './recommend/types.ts';
export { createRecommender, type RecommenderClient } from './worker/recommender-client.ts';
export type { RecommenderService } from './worker/recommender-protocol.ts';
export { benchAls } from './bench/als.ts';
export { openBenchDevice, type BenchDeviceOptions } from './bench/device.ts';
export { benchEase } from './bench/ease.ts';
export { benchFoldIn } from './bench/fold-in.ts';
export { benchGradient } from './bench/gradient.ts';
export { fitPowerLaw, type PowerLaw } from './bench/statistics.ts';
export { syntheticMatrix } from './bench/synthetic.ts';
export { benchTopK } from './bench/top-k.ts';
export {
  BENCH_SUITES,
  type BenchData,
  type BenchDevice,
  type BenchRequest,
  type BenchResult,
  type BenchSuite,
} from './bench/types.ts';
export { closeDevice } from './train/devices.ts';
export { datasetOf, type Dataset, type RawInteractions } from './evaluate/dataset.ts';
export { commonPairs, leakageOf, type Leakage } from './evaluate/leakage.ts';
export { evaluateModel, type ModelEvaluation } from './evaluate/evaluate-model.ts';
export { checkSearchState, type SearchState } from './evaluate/search.ts';
export {
  givenSplit,
  kFolds,
  SPLIT_KINDS,
  splitDataset,
  type Split,
  type SplitKind,
} from './evaluate/splits.ts';
export { bootstrapMean, comparePaired, groupGap, type Interval } from './evaluate/statistics.ts';
export { openDevice, type DeviceWish } from './zoo/device.ts';
export { fitModel, runExperiment, trainingData, valuesOf, type Values } from './zoo/experiment.ts';
export { readModel, writeModel } from './zoo/model-file.ts';
export type { FittedModel, History, ModelAdapter, ModelName, SavedModel, Task } from './zoo/model.ts';
export { AVAILABLE_MODELS, modelAdapter } from './zoo/registry.ts';
export { tune } from './zoo/tune.ts';
export { rankTopK as rankItems } from './evaluate/rank.ts';
