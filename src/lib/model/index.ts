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
export { verifyCheckpoint, verifySnapshot } from './snapshot.ts';
export type {
  DeviceReport,
  TrainerService,
  TrainingProgress,
  TrainRequest,
} from './worker/trainer-protocol.ts';
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
