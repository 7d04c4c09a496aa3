import { HIT_AT, type MonitorPoint } from '../../../lib/model/index.ts';

/** Columns of the hit-rate chart, one entry a point: the share of hits among the points up to it. */
export interface HitRateColumns {
  /** 1, 2, … */
  readonly count: readonly number[];
  readonly model: readonly number[];
  readonly popularity: readonly number[];
}

/** Running hit rates over points, oldest first. */
export function hitRateColumns(points: readonly MonitorPoint[]): HitRateColumns {
  const running = (rank: (point: MonitorPoint) => number): readonly number[] => {
    let hits = 0;
    return points.map((point, at) => {
      if (rank(point) <= HIT_AT) hits++;
      return hits / (at + 1);
    });
  };
  return {
    count: points.map((_, at) => at + 1),
    model: running(({ rank }) => rank),
    popularity: running(({ popularityRank }) => popularityRank),
  };
}
