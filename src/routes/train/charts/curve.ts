import type { TrainingPoint } from '../../../lib/types.ts';

/** Columns of a training curve as uPlot takes them, one entry an iteration; null where there is no value. */
export interface CurveColumns {
  /** 1 to the planned iterations, so that a live curve grows into a fixed frame; a run beyond its plan widens it. */
  readonly iteration: readonly number[];
  readonly loss: readonly (number | null)[];
  readonly ndcgAt10: readonly (number | null)[];
  /** The baseline's NDCG@10, the same at every iteration. */
  readonly popularity: readonly number[];
}

/** The curve of a run. A loss that is not finite is left out: a chart cannot show it. */
export function curveColumns(
  history: readonly TrainingPoint[],
  popularityNdcgAt10: number,
  planned: number,
): CurveColumns {
  const byIteration = new Map(history.map((point) => [point.iteration, point]));
  const length = Math.max(2, planned, history.at(-1)?.iteration ?? 0);
  const iteration = Array.from({ length }, (_, position) => position + 1);
  const points = iteration.map((number) => byIteration.get(number));
  return {
    iteration,
    loss: points.map((point) => (point !== undefined && Number.isFinite(point.loss) ? point.loss : null)),
    ndcgAt10: points.map((point) => point?.ndcgAt10 ?? null),
    popularity: points.map(() => popularityNdcgAt10),
  };
}
