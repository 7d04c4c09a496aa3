import { wilsonInterval, type Interval } from '../evaluate/statistics.ts';

/** A prediction made before the visitor said what they think, and what they then said. */
export interface Outcome {
  /** Predicted preference (implicit ALS, about 0–1) or probability (logistic). */
  readonly predicted: number;
  readonly liked: boolean;
}

/** Outcomes of about the same prediction. */
export interface CalibrationBin {
  readonly count: number;
  /** Mean prediction. */
  readonly predicted: number;
  /** Share that was liked, with its 95% interval. */
  readonly liked: Interval;
}

/** How predictions and outcomes go together. */
export interface Calibration {
  /** By rising prediction, of equal count as far as they can be. */
  readonly bins: readonly CalibrationBin[];
  /** Mean squared difference, the prediction held to 0–1 (Brier 1950): 0 is perfect. */
  readonly brier: number;
  /** What saying the share liked every time would have had; a useful prediction is below. */
  readonly brierOfShare: number;
  /** Chance that a liked product was predicted above a disliked one, ties half (AUC); null where one kind is missing. */
  readonly concordance: number | null;
}

/** Below this many outcomes nothing is said. */
export const MIN_OUTCOMES = 10;
const MAX_BINS = 5;
/** A bin of fewer outcomes would show chance. */
const MIN_PER_BIN = 5;

/** Null for fewer than MIN_OUTCOMES. */
export function calibrationOf(outcomes: readonly Outcome[]): Calibration | null {
  const { length } = outcomes;
  if (length < MIN_OUTCOMES) return null;
  const sorted = outcomes.toSorted((first, second) => first.predicted - second.predicted);
  const count = Math.min(MAX_BINS, Math.floor(length / MIN_PER_BIN));
  const edge = (bin: number): number => Math.floor((bin * length) / count);
  const bins = Array.from({ length: count }, (_, bin) => binOf(sorted.slice(edge(bin), edge(bin + 1))));
  const share = likedOf(outcomes) / length;
  return {
    bins,
    brier: mean(outcomes, ({ predicted, liked }) => (clamped(predicted) - Number(liked)) ** 2),
    brierOfShare: share * (1 - share),
    concordance: concordance(outcomes),
  };
}

function binOf(outcomes: readonly Outcome[]): CalibrationBin {
  return {
    count: outcomes.length,
    predicted: mean(outcomes, ({ predicted }) => predicted),
    liked: wilsonInterval(likedOf(outcomes), outcomes.length),
  };
}

/** The Mann–Whitney statistic over the number of pairs. */
function concordance(outcomes: readonly Outcome[]): number | null {
  const liked = outcomes.filter((outcome) => outcome.liked);
  const disliked = outcomes.filter((outcome) => !outcome.liked);
  if (liked.length === 0 || disliked.length === 0) return null;
  let won = 0;
  for (const { predicted } of liked) {
    for (const other of disliked) {
      won += predicted > other.predicted ? 1 : predicted === other.predicted ? 0.5 : 0;
    }
  }
  return won / (liked.length * disliked.length);
}

function likedOf(outcomes: readonly Outcome[]): number {
  return outcomes.reduce((sum, { liked }) => sum + Number(liked), 0);
}

function mean(outcomes: readonly Outcome[], value: (outcome: Outcome) => number): number {
  return outcomes.reduce((sum, outcome) => sum + value(outcome), 0) / outcomes.length;
}

function clamped(value: number): number {
  return Math.min(1, Math.max(0, value));
}
