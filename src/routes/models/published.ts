import { differencesFrom, type ProtocolDifference, type PublishedTable } from '../../lib/model/index.ts';
import type { Experiment } from '../../lib/types.ts';
import { lessIsBetter } from './leaderboard.ts';

/** A line of a published table with the page's own figures among the published ones. */
export interface PublishedLine {
  /** Null for a published row. */
  readonly own: Experiment | null;
  readonly name: string;
  /** By the table's metrics; null where it has none. */
  readonly values: readonly (number | null)[];
}

/** The metrics of a table, in its order. */
export function publishedMetrics({ rows }: PublishedTable): readonly string[] {
  return [...new Set(rows.flatMap(({ metrics }) => Object.keys(metrics)))];
}

/**
 * Published rows and the experiments that have the table's first metric, best first; a published row before an own one
 * of the same value. `nameOf` names an experiment.
 */
export function publishedLines(
  table: PublishedTable,
  experiments: readonly Experiment[],
  nameOf: (experiment: Experiment) => string,
): readonly PublishedLine[] {
  const metrics = publishedMetrics(table);
  const [first = ''] = metrics;
  const sign = lessIsBetter(first) ? 1 : -1;
  const published = table.rows.map(({ model, metrics: own }): PublishedLine => ({
    ...{ own: null, name: model },
    values: metrics.map((metric) => own[metric] ?? null),
  }));
  const ours = experiments
    .filter((experiment) => experiment.metrics[first] !== undefined)
    .map((own): PublishedLine => ({
      ...{ own, name: nameOf(own) },
      values: metrics.map((metric) => own.metrics[metric]?.value ?? null),
    }));
  return [...published, ...ours].sort((a, b) => sign * ((a.values[0] ?? 0) - (b.values[0] ?? 0)));
}

/** How experiments of one comparison were measured otherwise than a table. */
export function differencesOf(
  { protocol }: PublishedTable,
  { split, paired, data }: Experiment,
): readonly ProtocolDifference[] {
  return differencesFrom(protocol, {
    split: split.kind,
    k: Number(paired.metric.split('@')[1]),
    part: data.known?.part ?? 'all',
    // a pack has no half stars
    wholeStars: true,
  });
}
