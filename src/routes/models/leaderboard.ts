import type { Estimate, Experiment, ExperimentGroups } from '../../lib/types.ts';

/** Metrics of which less is better, by the part of their names before "@". */
const LESS_IS_BETTER: ReadonlySet<string> = new Set(['rmse', 'mae', 'log-loss', 'gini', 'popularity-lift']);

export function lessIsBetter(metric: string): boolean {
  const [name = metric] = metric.split('@');
  return LESS_IS_BETTER.has(name) || name.endsWith('-gap');
}

/** What the group that fares best has more than the one that fares worst. */
export function gapOfGroups(groups: ExperimentGroups['groups']): number {
  const values = groups.map(({ estimate }) => estimate.value);
  return values.length === 0 ? 0 : Math.max(...values) - Math.min(...values);
}

/** One line of the leaderboard. */
export interface Standing {
  readonly experiment: Experiment;
  readonly estimate: Estimate;
  /** 1-based; equal values share a place. */
  readonly place: number;
}

/**
 * What can be compared at all: experiments on the same data and the same split, the newest comparison first. Within
 * one, figures stand side by side; across two they mean different things.
 */
export function comparisons(experiments: readonly Experiment[]): readonly (readonly Experiment[])[] {
  const groups = new Map<string, Experiment[]>();
  for (const experiment of experiments) {
    const key = comparisonKey(experiment);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [experiment]);
    else group.push(experiment);
  }
  return [...groups.values()];
}

export function comparisonKey({ data, split }: Experiment): string {
  return JSON.stringify([data.fingerprint, split.kind, split.seed, split.share, split.leave]);
}

/** Names of all metrics that some experiment has, in the order in which they first come. */
export function metricsOf(experiments: readonly Experiment[]): readonly string[] {
  return [...new Set(experiments.flatMap(({ metrics }) => Object.keys(metrics)))];
}

/** What models are judged by at first: errors where all predict the same thing, else their lists, which all have. */
export function preferredMetric(experiments: readonly Experiment[]): string {
  const having = (name: string): string | undefined =>
    metricsOf(experiments).find(
      (metric) =>
        metric.split('@')[0] === name && experiments.every((experiment) => metric in experiment.metrics),
    );
  return having('rmse') ?? having('log-loss') ?? having('ndcg') ?? metricsOf(experiments)[0] ?? '';
}

/** The experiments that have the metric, best first; of equal ones the older. */
export function standings(experiments: readonly Experiment[], metric: string): readonly Standing[] {
  const sign = lessIsBetter(metric) ? 1 : -1;
  const having = experiments.flatMap((experiment) => {
    const estimate = experiment.metrics[metric];
    return estimate === undefined ? [] : [{ experiment, estimate }];
  });
  having.sort((a, b) => sign * (a.estimate.value - b.estimate.value) || a.experiment.at - b.experiment.at);
  return having.map((line) => ({
    ...line,
    place: 1 + having.findIndex(({ estimate }) => estimate.value === line.estimate.value),
  }));
}

const FIXED = ['name', 'model', 'data', 'split', 'seed', 'device', 'users', 'items', 'interactions'] as const;

/** All figures as comma-separated values (RFC 4180), a line an experiment, a column a metric and its interval. */
export function toCsv(experiments: readonly Experiment[]): string {
  const metrics = metricsOf(experiments);
  const header = [
    ...FIXED,
    ...['testUsers', 'iterations', 'fitSeconds', 'hyperparameters'],
    ...metrics.flatMap((metric) => [metric, `${metric} low`, `${metric} high`]),
  ];
  const lines = experiments.map((experiment) => {
    const { data, split } = experiment;
    return [
      ...[experiment.name, experiment.model, data.name, split.kind, experiment.seed, experiment.deviceName],
      ...[data.users, data.items, data.interactions, data.testUsers, experiment.iterations],
      ...[experiment.fitSeconds, JSON.stringify(experiment.hyperparameters)],
      ...metrics.flatMap((metric) => {
        const estimate = experiment.metrics[metric];
        return [estimate?.value, estimate?.low, estimate?.high];
      }),
    ];
  });
  return [header, ...lines].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
}

function csvCell(value: string | number | null | undefined): string {
  const text = value === null || value === undefined ? '' : String(value);
  // A spreadsheet runs what begins like a formula; a name is typed by anybody.
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/u.test(text) ? `'${text}` : text;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Everything of the experiments as JSON, the values by user as plain lists. */
export function toJson(experiments: readonly Experiment[]): string {
  const plain = experiments.map(({ paired, ...rest }) => ({
    ...rest,
    paired: { metric: paired.metric, values: [...paired.values] },
  }));
  return `${JSON.stringify({ format: 'fairshelf-experiments', version: 1, experiments: plain }, null, 2)}\n`;
}
