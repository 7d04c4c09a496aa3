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
export {
  articleExperiment,
  type ExperimentOptions,
  type ExperimentPoint,
  type ExperimentResult,
} from './gradient/experiment/article.ts';
export { fitPairs, PairFit, type FitPairsOptions, type PairStart } from './gradient/pairs/fit.ts';
export { pairEngineFor } from './gradient/pairs/open-engine.ts';
export { PAIR_MODELS, type PairModelKind } from './gradient/pairs/hyperparameters.ts';
export { pairsOfStrengths, type LabelledPairs } from './gradient/pairs/labelled-pairs.ts';
export { PairModel, type PairHistory, type PairModelState } from './gradient/pairs/model.ts';
export { DeepNetwork, fitDeepNetwork, type DeepNetworkState } from './classify/deep-network.ts';
export type { DenseFeatures, Examples, Features } from './classify/features.ts';
export {
  fitLogisticRegression,
  LogisticRegression,
  type LogisticRegressionState,
} from './classify/logistic-regression.ts';
export { PairFeatures } from './classify/pair-features.ts';
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
