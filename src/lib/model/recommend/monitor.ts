import type { ModelKind, ModelSnapshot } from '../../types.ts';
import { wilsonInterval, type Interval } from '../evaluate/statistics.ts';
import { sigmoid } from '../gradient/objective.ts';
import { eventStrength } from '../matrix/strength.ts';
import { visitorRow } from '../matrix/visitor-row.ts';
import { calibrationOf, type Calibration, type Outcome } from './calibration.ts';
import type { Catalogue } from './catalogue.ts';
import { settledOrBasketItems } from './filters.ts';
import type { FoldIn } from './fold-in.ts';
import type { ItemFactors } from './item-factors.ts';
import { rankOf } from './scoring.ts';
import { tasteDrift, type TasteDrift } from './taste-drift.ts';
import type { ProfileEvent } from './types.ts';

/** One thing the visitor turned to, and where the model had put it just before. */
export interface MonitorPoint {
  readonly at: number;
  readonly item: number;
  /** 1-based place among the candidates by the model, and by popularity. */
  readonly rank: number;
  readonly popularityRank: number;
  /** Products that could have been recommended then. */
  readonly candidates: number;
}

/** Why a new training is suggested. */
export type RetrainReason =
  /** Even the upper end of the hit rate's interval is below what training measured. */
  | 'hit-rate'
  /** What the visitor turns to now is unlike what they turned to before, more than chance explains. */
  | 'taste';

/** How well a model has predicted the visitor since it was trained. */
export interface MonitorReport {
  readonly trainedAt: number;
  readonly eventsSince: number;
  /** Oldest first; at most MAX_POINTS, the newest. */
  readonly points: readonly MonitorPoint[];
  /** Share of points with rank ≤ 10, with 95% intervals; null without points. */
  readonly hitRate: {
    readonly model: Interval;
    readonly popularity: Interval;
    /** What a draw of ten products would have had. */
    readonly chance: number;
  } | null;
  /** Mean of 1 / rank; null without points. */
  readonly reciprocalRank: { readonly model: number; readonly popularity: number } | null;
  /** Recall@10 on held-out shoppers at training; null where none were held out. */
  readonly promised: number | null;
  /** First opinions since training; at most MAX_POINTS, the newest. */
  readonly outcomes: number;
  /** Null for too few outcomes. */
  readonly calibration: Calibration | null;
  readonly taste: TasteDrift;
  /** Products of the open shop, and those whose factors come from words because nobody had touched them. */
  readonly catalogue: { readonly items: number; readonly untrained: number };
  /** Empty where nothing speaks for training again. */
  readonly reasons: readonly RetrainReason[];
}

/** What a report is made from. */
export interface Monitored {
  readonly catalogue: Catalogue;
  readonly factors: ItemFactors;
  readonly foldIn: FoldIn;
  readonly snapshot: Pick<ModelSnapshot, 'model' | 'trainedAt' | 'quality' | 'hyperparameters'>;
}

/** Places that count as a hit. */
export const HIT_AT = 10;
/** Points and outcomes looked at: older ones say little of now, and each costs a fold-in. */
export const MAX_POINTS = 200;
/** Below this many points the hit rate gives no reason to train. */
export const MIN_POINTS = 20;
/** A cosine below this between old and new taste is a drift, where chance gives one as low at most MAX_DRIFT_P of the time. */
export const DRIFT_COSINE = 0.5;
export const MAX_DRIFT_P = 0.05;

/** An event to test the model on before it learns from it. */
interface Test {
  readonly event: ProfileEvent;
  /** Its first sign of interest in a product not touched before. */
  readonly isPoint: boolean;
  /** The visitor's first opinion of the product. */
  readonly liked: boolean | null;
}

/**
 * Prequential evaluation, "test, then learn" (Dawid 1984; Vinagre, Jorge, Gama 2014): for each event since training,
 * the model with all earlier events folded in is asked where it would have put the product. Works from the events
 * alone, so an event that was erased is in no figure. Yields after each fold-in.
 */
export function* monitor(
  events: readonly ProfileEvent[],
  { catalogue, factors, foldIn, snapshot }: Monitored,
): Generator<undefined, MonitorReport> {
  const { trainedAt, quality } = snapshot;
  const { length: items } = catalogue.items;
  const ordered = events.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : Number(a.id > b.id)));
  const points: MonitorPoint[] = [];
  const outcomes: Outcome[] = [];
  const foldNext = foldIn.sequence();
  for (const { event, isPoint, liked } of testsOf(ordered, trainedAt)) {
    // Products of one order come at the same time: none of them is known before the others.
    const before = ordered.filter(({ at }) => at < event.at);
    const row = visitorRow(before);
    const preference = row.strength.some((strength) => strength > 0) ? foldNext(row) : null;
    if (isPoint) {
      const excluded = settledOrBasketItems(before, items);
      const popularityRank = rankOf(catalogue.popularity, event.item, excluded);
      points.push({
        at: event.at,
        item: event.item,
        // without a taste the page goes by popularity
        rank: preference === null ? popularityRank : rankOf(preference.scores.all, event.item, excluded),
        popularityRank,
        candidates: items - excluded.reduce((sum, flag) => sum + flag, 0),
      });
    }
    if (liked !== null && preference !== null) {
      outcomes.push({ predicted: predicted(preference.scores.of(event.item), snapshot), liked });
    }
    yield;
  }
  const taste = yield* tasteDrift(ordered, trainedAt, foldIn);
  const figures = {
    hitRate: hitRateOf(points),
    promised: quality.users > 0 ? quality.recallAt10 : null,
    taste,
  };
  return {
    ...figures,
    trainedAt,
    eventsSince: ordered.filter(({ at }) => at > trainedAt).length,
    points,
    reciprocalRank: reciprocalRankOf(points),
    outcomes: outcomes.length,
    calibration: calibrationOf(outcomes),
    catalogue: { items, untrained: factors.fromText.reduce((sum, flag) => sum + flag, 0) },
    reasons: retrainReasons(points.length, figures),
  };
}

/** Reasons to train again, by the constants above. */
export function retrainReasons(
  points: number,
  { hitRate, promised, taste }: Pick<MonitorReport, 'hitRate' | 'promised' | 'taste'>,
): readonly RetrainReason[] {
  const reasons: RetrainReason[] = [];
  if (points >= MIN_POINTS && hitRate !== null && promised !== null && hitRate.model.high < promised) {
    reasons.push('hit-rate');
  }
  if (taste.cosine !== null && taste.cosine < DRIFT_COSINE && (taste.p ?? 1) <= MAX_DRIFT_P) {
    reasons.push('taste');
  }
  return reasons;
}

/** The newest tests of each sort. `events` are oldest first. */
function testsOf(events: readonly ProfileEvent[], trainedAt: number): readonly Test[] {
  const touched = new Set<number>();
  const judged = new Set<number>();
  const tests: Test[] = [];
  for (const event of events) {
    const opinion = judged.has(event.item) ? null : opinionOf(event);
    const isPoint = !touched.has(event.item) && eventStrength(event) > 0;
    touched.add(event.item);
    if (opinion !== null) judged.add(event.item);
    if (event.at > trainedAt && (isPoint || opinion !== null)) {
      tests.push({ event, isPoint, liked: opinion });
    }
  }
  const first = (wanted: (test: Test) => boolean): Test | undefined => tests.filter(wanted).at(-MAX_POINTS);
  const firstPoint = first(({ isPoint }) => isPoint)?.event.at ?? -Infinity;
  const firstOpinion = first(({ liked }) => liked !== null)?.event.at ?? -Infinity;
  return tests
    .map(({ event, isPoint, liked }) => ({
      event,
      isPoint: isPoint && event.at >= firstPoint,
      liked: event.at >= firstOpinion ? liked : null,
    }))
    .filter(({ isPoint, liked }) => isPoint || liked !== null);
}

/** Whether an event says outright that the product is liked, or that it is not; null where it says neither. */
function opinionOf({ kind, stars }: ProfileEvent): boolean | null {
  if (kind === 'like' || kind === 'order') return true;
  if (kind === 'hide') return false;
  if (kind !== 'rate' && kind !== 'review') return null;
  return stars >= 4 ? true : stars <= 2 ? false : null;
}

function predicted(score: number, { model, hyperparameters }: Monitored['snapshot']): number {
  const toPrediction: Readonly<Record<ModelKind, () => number>> = {
    ials: () => score,
    // a score is the log-odds above the intercept
    logistic: () => sigmoid(score + (hyperparameters['intercept'] ?? 0)),
  };
  return toPrediction[model]();
}

function hitRateOf(points: readonly MonitorPoint[]): MonitorReport['hitRate'] {
  const { length } = points;
  if (length === 0) return null;
  const hits = (rank: (point: MonitorPoint) => number): number =>
    points.filter((point) => rank(point) <= HIT_AT).length;
  return {
    model: wilsonInterval(
      hits(({ rank }) => rank),
      length,
    ),
    popularity: wilsonInterval(
      hits(({ popularityRank }) => popularityRank),
      length,
    ),
    chance: points.reduce((sum, { candidates }) => sum + Math.min(1, HIT_AT / candidates), 0) / length,
  };
}

function reciprocalRankOf(points: readonly MonitorPoint[]): MonitorReport['reciprocalRank'] {
  const { length } = points;
  if (length === 0) return null;
  return {
    model: points.reduce((sum, { rank }) => sum + 1 / rank, 0) / length,
    popularity: points.reduce((sum, { popularityRank }) => sum + 1 / popularityRank, 0) / length,
  };
}
