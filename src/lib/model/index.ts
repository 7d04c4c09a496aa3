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
export { itemStatistics, type ItemStatistics } from './matrix/item-statistics.ts';
export {
  visitorProfile,
  visitorRow,
  type ItemEvent,
  type ItemProfile,
  type VisitorRow,
} from './matrix/visitor-row.ts';
export type { CsrMatrix } from './matrix/csr.ts';
export { strengthMatrix } from './matrix/interactions.ts';
export {
  bprFromState,
  cclFromState,
  fitBpr,
  fitCcl,
  type ContrastiveModel,
  type ContrastiveOptions,
  type ContrastiveProgress,
  type ContrastiveState,
} from './contrastive/fit.ts';
export {
  bprHyperparameters,
  cclHyperparameters,
  type BprHyperparameters,
  type CclHyperparameters,
} from './contrastive/hyperparameters.ts';
export { factorQuality } from './recommend/factor-quality.ts';
export { popularityScores } from './popularity/popularity.ts';
export { snapshotOfShop, type ShopModel } from './shop-snapshot.ts';
export { verifyCheckpoint, verifySnapshot } from './snapshot.ts';
export { evaluateScores, type FoldedUser, type RankingQuality } from './evaluate/evaluate.ts';
export {
  holdOutEntries,
  holdOutUsers,
  type EntrySplit,
  type HeldOutUser,
  type HoldOutSplit,
} from './evaluate/split.ts';
export { trainInProcess, type TrainInProcessOptions } from './train/train-in-process.ts';
export { createTrainer, type TrainCallOptions, type TrainerClient } from './worker/trainer-client.ts';
export type { DeviceReport, TrainingProgress, TrainingResult, TrainRequest } from './train/types.ts';
export type { TrainerService } from './worker/trainer-protocol.ts';
export { MIN_OUTCOMES, type Calibration, type CalibrationBin } from './recommend/calibration.ts';
export {
  DRIFT_COSINE,
  HIT_AT,
  MIN_POINTS,
  type MonitorPoint,
  type MonitorReport,
  type RetrainReason,
} from './recommend/monitor.ts';
export { MIN_ITEMS_PER_SIDE, type TasteDrift } from './recommend/taste-drift.ts';
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
export { jsonLine, type ReportedResult } from './bench/json-line.ts';
export type { BenchOrder, BenchProgress } from './bench/order.ts';
export { openBenchDevice, type BenchDeviceOptions } from './bench/device.ts';
export { CG_STEPS } from './ials/hyperparameters.ts';
export { benchQuality, QUALITY_REFERENCES, type QualityResult } from './bench/quality.ts';
export { benchSuite } from './bench/suite.ts';
export { fitPowerLaw, type PowerLaw } from './bench/statistics.ts';
export { articleExperiment, type ArticleExperimentResult } from './gradient/experiment/article.ts';
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
export {
  BENCH_SUITES,
  type BenchData,
  type BenchDevice,
  type BenchRequest,
  type BenchResult,
  type BenchSuite,
} from './bench/types.ts';
export type { ExperimentProgress, ExperimentRequest, ExperimentResult } from './experiment/types.ts';
export type { PairedComparison } from './evaluate/statistics.ts';
export {
  FEATURE_MODELS,
  GPU_MODELS,
  MODEL_NAMES,
  MODEL_TASKS,
  type ModelName,
  type Task,
} from './zoo/model.ts';
export { closeDevice } from './train/devices.ts';
export { fitBayesian, type BayesianFitOptions } from './explicit/bayesian.ts';
export { BayesianModel, type BayesianModelState } from './explicit/bayesian-model.ts';
export { fitBiased, type BiasedFitOptions, type BiasedSolver } from './explicit/biased.ts';
export {
  FactorModel,
  type FactorModelState,
  type FoldedRater,
  type RatingHistory,
} from './explicit/factor-model.ts';
export {
  holdOutRatings,
  ratingErrors,
  type RatingFitOptions,
  type RatingProgress,
} from './explicit/options.ts';
export type { RatingColumns, RatingScale } from './explicit/ratings.ts';
export { fitSvdpp, type SvdppFitOptions } from './explicit/svdpp.ts';
export { datasetOf, type Dataset, type RawInteractions } from './evaluate/dataset.ts';
export { commonPairs, leakageOf, type Leakage } from './evaluate/leakage.ts';
export { evaluateModel, type ModelEvaluation } from './evaluate/evaluate-model.ts';
export { checkSearchState, type SearchState } from './evaluate/search.ts';
export {
  givenSplit,
  PLAN_KINDS,
  splitDataset,
  splitsOf,
  validationKind,
  type EvaluationPlan,
  type PlanKind,
  type Split,
  type SplitKind,
} from './evaluate/splits.ts';
export { MAX_FOLDS, meanOfFolds } from './evaluate/folds.ts';
export type { GroupedBy } from './evaluate/groups.ts';
export {
  differencesFrom,
  publishedFor,
  recognise,
  type OwnProtocol,
  type ProtocolDifference,
  type PublishedTable,
  type RecognisedData,
} from './evaluate/published.ts';
export { bootstrapMean, comparePaired, type Interval } from './evaluate/statistics.ts';
export { openDevice, type DeviceWish } from './zoo/device.ts';
export { fitModel, runExperiment, trainingData, valuesOf, type Values } from './zoo/experiment.ts';
export { readModel, writeModel } from './zoo/model-file.ts';
export type { FittedModel, History, ModelAdapter, SavedModel } from './zoo/model.ts';
export { modelAdapter } from './zoo/registry.ts';
export { tune } from './zoo/tune.ts';
export { rankTopK as rankItems } from './evaluate/rank.ts';
export {
  crossValidatedAccuracy,
  holdOutAccuracy,
  unseenGroupAccuracies,
  wordListAccuracy,
  type SentimentAccuracy,
} from './sentiment/evaluate.ts';
export { labelledFeatures, type LabelledFeatures, type LabelledText } from './sentiment/labelled-texts.ts';
export { trainSentiment, type LinearSentiment } from './sentiment/train.ts';
export { embedTexts, type TextEmbedding, type TextEmbeddingOptions } from './text-map/embedding.ts';
