import { AppError } from '../../errors.ts';
import type { Estimate, Experiment, ExperimentGroups, FoldOutcome } from '../../types.ts';
import type { ModelEvaluation } from '../evaluate/evaluate-model.ts';
import { meanOfFolds } from '../evaluate/folds.ts';
import { bootstrapMean } from '../evaluate/statistics.ts';

/** The metrics that are numbers, with intervals over users where one value a user is known. */
export function estimates({ metrics, perUser }: ModelEvaluation, seed: number): Record<string, Estimate> {
  return Object.fromEntries(
    Object.entries(metrics)
      // one class alone has no area under a curve
      .filter(([, value]) => Number.isFinite(value))
      .map(([name, value]) => [name, estimateOf(value, perUser[name] ?? null, seed)]),
  );
}

export function groupEstimates({ groupings }: ModelEvaluation, seed: number): readonly ExperimentGroups[] {
  return groupings.map(({ by, metric, groups }) => ({
    ...{ by, metric },
    groups: groups.map(({ group, count, value, values }) => ({
      ...{ group, count },
      estimate: estimateOf(value, values, seed),
    })),
  }));
}

function estimateOf(value: number, values: Float64Array | null, seed: number): Estimate {
  if (values === null || values.length === 0) return { value, low: null, high: null };
  const { low, high } = bootstrapMean(values, seed);
  return { value, low, high };
}

type Combined = Pick<
  Experiment,
  'hyperparameters' | 'iterations' | 'fitSeconds' | 'curve' | 'metrics' | 'groups' | 'folds' | 'paired'
> & { readonly testUsers: number; readonly trainEntries: number };

/**
 * The outcome of a whole experiment. Of several parts: means with intervals over the parts, users paired by their mean
 * over the parts; settings and curve are the first part's. Throws `internal` for none.
 */
export function combinedOutcomes(outcomes: readonly FoldOutcome[], pairedBy: string): Combined {
  const [first] = outcomes;
  if (first === undefined) throw new AppError('internal', 'An experiment ended without an outcome.');
  const { hyperparameters, curve } = first;
  if (outcomes.length === 1) {
    const { users, values, interactions, ...rest } = first;
    const paired = { metric: pairedBy, values };
    return { ...rest, folds: [], paired, testUsers: users.length, trainEntries: interactions };
  }
  const paired = pairedValues(outcomes);
  const mean = (value: (outcome: FoldOutcome) => number): number =>
    outcomes.reduce((sum, outcome) => sum + value(outcome), 0) / outcomes.length;
  return {
    ...{ hyperparameters, curve },
    iterations: Math.round(mean(({ iterations }) => iterations)),
    fitSeconds: mean(({ fitSeconds }) => fitSeconds),
    metrics: Object.fromEntries(
      Object.keys(first.metrics).map((name) => [
        name,
        overFolds(outcomes.map(({ metrics }) => metrics[name])),
      ]),
    ),
    groups: first.groups.map((grouping) => groupsOverFolds(grouping, outcomes)),
    folds: outcomes.map(({ metrics }) =>
      Object.fromEntries(Object.entries(metrics).map(([name, { value }]) => [name, value])),
    ),
    paired: { metric: pairedBy, values: paired },
    testUsers: paired.length,
    trainEntries: Math.round(mean(({ interactions }) => interactions)),
  };
}

/** Over the parts that have the figure. */
function overFolds(parts: readonly (Estimate | undefined)[]): Estimate {
  const values = parts.flatMap((part) => (part === undefined ? [] : [part.value]));
  if (values.length < 2) return { value: values[0] ?? 0, low: null, high: null };
  const { mean, low, high } = meanOfFolds(values);
  return { value: mean, low, high };
}

function groupsOverFolds(
  { by, metric, groups }: ExperimentGroups,
  outcomes: readonly FoldOutcome[],
): ExperimentGroups {
  return {
    ...{ by, metric },
    groups: groups.map(({ group }) => {
      const parts = outcomes.map((outcome) =>
        outcome.groups.find((other) => other.by === by)?.groups.find((other) => other.group === group),
      );
      const counts = parts.flatMap((part) => (part === undefined ? [] : [part.count]));
      return {
        group,
        count: Math.round(counts.reduce((sum, count) => sum + count, 0) / counts.length),
        estimate: overFolds(parts.map((part) => part?.estimate)),
      };
    }),
  };
}

/** The mean of each user over the parts in which they were tested, users ascending. */
function pairedValues(outcomes: readonly FoldOutcome[]): Float32Array<ArrayBuffer> {
  const byUser = new Map<number, { sum: number; count: number }>();
  for (const { users, values } of outcomes) {
    users.forEach((user, at) => {
      const own = byUser.get(user) ?? { sum: 0, count: 0 };
      byUser.set(user, { sum: own.sum + (values[at] ?? 0), count: own.count + 1 });
    });
  }
  const ascending = [...byUser].sort(([a], [b]) => a - b);
  return Float32Array.from(ascending, ([, { sum, count }]) => sum / count);
}
