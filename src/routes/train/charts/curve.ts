import type { TrainingPoint } from '../../../lib/types.ts';

/** Columns of a training curve as uPlot takes them, one entry an iteration; null where there is no value. */
export interface CurveColumns {
  readonly iteration: readonly number[];
  readonly loss: readonly (number | null)[];
  readonly ndcgAt10: readonly (number | null)[];
  /** The baseline's NDCG@10, the same at every iteration. */
  readonly popularity: readonly number[];
}

/** The curve of a run. A loss that is not finite is left out: a chart cannot show it. */
export function curveColumns(history: readonly TrainingPoint[], popularityNdcgAt10: number): CurveColumns {
  return {
    iteration: history.map((point) => point.iteration),
    loss: history.map((point) => (Number.isFinite(point.loss) ? point.loss : null)),
    ndcgAt10: history.map((point) => point.ndcgAt10),
    popularity: history.map(() => popularityNdcgAt10),
  };
}

/**
 * The x axis from 1 to the planned iterations, so that a live curve grows into a fixed frame; a run beyond its
 * plan widens it.
 */
export function curveRange(planned: number, history: readonly TrainingPoint[]): [number, number] {
  return [1, Math.max(2, planned, history.at(-1)?.iteration ?? 0)];
}
