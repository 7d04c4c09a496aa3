import process from 'node:process';
import { AppError } from '../../lib/errors.ts';
import {
  bootstrapMean,
  givenSplit,
  leakageOf,
  MODEL_TASKS,
  modelAdapter,
  runExperiment,
  splitsOf,
  valuesOf,
  MAX_FOLDS,
  meanOfFolds,
  type CsrMatrix,
  type Interval,
  type ModelAdapter,
  type Split,
  type Values,
} from '../../lib/model/index.ts';
import type { CommandLineOutput } from '../output.ts';
import { foldFiles, loadData } from '../sources/load-data.ts';
import { withDevice } from './device.ts';
import { featuresFor } from './features.ts';
import { parseEvaluateOptions, type EvaluatePlan, type ModelOptions } from './options.ts';
import { publishedLines } from './published.ts';
import { progressLines, tuned } from './search.ts';

type Experiment = Awaited<ReturnType<typeof runExperiment>>;

interface Prepared {
  readonly splits: readonly Split[];
  readonly values: Values;
  readonly features: CsrMatrix | null;
  readonly users: number;
  readonly items: number;
  /** Lines on published figures. */
  readonly published: readonly string[];
}

/** `fairshelf evaluate`: the metrics of one model, a line of JSON or a table; everything else goes to `err`. */
export async function evaluate(options: ModelOptions, output: CommandLineOutput): Promise<void> {
  const plan = parseEvaluateOptions(options);
  const adapter = await modelAdapter(plan.model);
  const prepared = await prepare(plan, adapter, output);
  const { values, features } = prepared;
  await withDevice(plan, output, async (device) => {
    const experiments: Experiment[] = [];
    for (const [fold, split] of prepared.splits.entries()) {
      for (const { message } of leakageOf(split, { candidates: null, tunedOnTest: false })) {
        output.err(`Warning: ${message}`);
      }
      if (prepared.splits.length > 1) output.err(`Fold ${fold + 1} of ${prepared.splits.length}`);
      const hyperparameters = await tuned(
        { plan, adapter, train: split.train, values, features, device, part: String(fold + 1) },
        output,
      );
      experiments.push(
        await runExperiment({
          adapter,
          split,
          values,
          features,
          hyperparameters,
          seed: plan.seed,
          device,
          ks: [plan.k],
          signal: output.signal,
          onProgress: progressLines(output),
        }),
      );
    }
    report(plan, prepared, device.backend.kind, experiments, output);
  });
}

async function prepare(
  plan: EvaluatePlan,
  adapter: ModelAdapter,
  output: CommandLineOutput,
): Promise<Prepared> {
  output.err('Reading the data …');
  const { split } = plan;
  const pairs =
    split.kind === 'folds'
      ? foldFiles(split.folder)
      : [{ train: plan.train, test: split.kind === 'given' ? split.test : null }];
  const files = pairs.flatMap(({ train, test }) => (test === null ? [train] : [train, test]));
  const data = await loadData(files, plan.format, plan.scale);
  data.parts.forEach(({ duplicates }, part) => {
    if (duplicates === 0) return;
    output.err(`${files[part] ?? ''}: ${duplicates} repeated pairs; the latest of each counts.`);
  });
  if (adapter.task === 'rating' && !data.rated) {
    throw new AppError('input-invalid', `${adapter.name} predicts ratings, and the data has none.`, {
      remedy: 'Give data with a rating column, or a ranking model.',
    });
  }
  const [first] = data.parts;
  const values = plan.scale === null ? valuesOf((first ?? none()).dataset.matrix) : ratedOn(plan.scale);
  const splits =
    split.kind === 'given' || split.kind === 'folds'
      ? pairs.map((_, pair) => {
          const [train, test] = [data.parts[2 * pair] ?? none(), data.parts[2 * pair + 1] ?? none()];
          checkScale(values, test.dataset.matrix.data, files[2 * pair + 1] ?? '');
          return givenSplit(train.dataset, test.dataset);
        })
      : cut(plan, (first ?? none()).dataset);
  if (plan.k > data.items.length) {
    output.err(`k = ${plan.k} is more than the ${data.items.length} items: lists hold all of them.`);
  }
  const features = featuresFor(plan, pairs[0]?.train ?? plan.train, data.items, output);
  const published = await publishedLines(plan, data);
  return { splits, values, features, users: data.users.length, items: data.items.length, published };
}

function cut({ split, seed }: EvaluatePlan, dataset: Split['train']): readonly Split[] {
  if (split.kind === 'given' || split.kind === 'folds') return none();
  return splitsOf(dataset, { ...split, seed });
}

function ratedOn(scale: { readonly min: number; readonly max: number }): Values {
  return { relevantFrom: scale.min + 0.75 * (scale.max - scale.min), scale };
}

/** A test rating that train's scale does not hold is an error of the data, and would make RMSE meaningless. */
function checkScale({ scale }: Values, data: Float32Array, file: string): void {
  if (scale === null) return;
  const wrong = data.filter((value) => value < scale.min || value > scale.max);
  if (wrong.length === 0) return;
  throw new AppError(
    'import-invalid',
    `${file}: ${wrong.length} ratings are outside the scale ${scale.min} to ${scale.max} of train, the first ${wrong[0] ?? 0}.`,
    {
      values: { file, count: wrong.length, value: wrong[0] ?? 0 },
      remedy: 'Give --scale MIN:MAX, or correct the file.',
    },
  );
}

function none(): never {
  throw new AppError('internal', 'A part of the data is missing.');
}

function report(
  plan: EvaluatePlan,
  { users, items, published }: Prepared,
  device: string,
  experiments: readonly Experiment[],
  output: CommandLineOutput,
): void {
  const [first] = experiments;
  if (first === undefined) return;
  const mean = (value: (experiment: Experiment) => number): number => meanOf(experiments, value);
  const figures = experiments.map(figuresOf);
  const metrics = Object.fromEntries(
    Object.keys(figures[0] ?? {}).map((name) => [name, meanOf(figures, (one) => one[name] ?? NaN)]),
  );
  const cold = mean(({ evaluation }) => evaluation.coldUsers);
  if (cold > 0)
    output.err(`${cold} tested users have nothing in train: they are shown what everybody likes.`);
  if (MODEL_TASKS[first.model.kind] === 'probability' && !('log-loss' in metrics)) {
    output.err('Test has one class alone: log-loss, AUC, accuracy, precision, recall and F1 are left out.');
  }
  const fitSeconds = mean((experiment) => experiment.fitSeconds);
  const iterations = mean(({ model }) => model.iterations);
  const line = {
    model: plan.model,
    device,
    seed: plan.seed,
    hyperparameters: first.model.hyperparameters,
    metrics,
    users,
    items,
    interactions: Math.round(mean(({ trainEntries }) => trainEntries)),
    fitSeconds,
    secondsPerIteration: iterations === 0 ? fitSeconds : fitSeconds / iterations,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
  for (const text of published) output.err(text);
  if (plan.json) {
    output.out(JSON.stringify(line));
    return;
  }
  output.out(
    `${plan.model} on ${device}, ${users} users, ${items} items, ${line.interactions} train interactions`,
  );
  output.out(`hyper-parameters: ${JSON.stringify(line.hyperparameters)}`);
  for (const [name, value] of Object.entries(metrics)) {
    const interval = intervalOf(name, experiments, figures, plan.seed);
    const range = interval === null ? '' : `  [${interval.low.toFixed(4)}, ${interval.high.toFixed(4)}]`;
    output.out(`  ${name.padEnd(22)} ${value.toFixed(4)}${range}`);
  }
  output.out(`fit in ${fitSeconds.toFixed(2)} s, peak memory ${Math.round(line.peakBytes / 2 ** 20)} MiB`);
}

/** The metrics, and what each group of users or items gets: `ndcg@20[activity=few]`. A group that is empty has none. */
function figuresOf({ evaluation }: Experiment): Readonly<Record<string, number>> {
  const groups = evaluation.groupings.flatMap(({ by, metric, groups: all }) =>
    all.map(({ group, value }) => [`${metric}[${by}=${group}]`, value] as const),
  );
  return { ...evaluation.metrics, ...Object.fromEntries(groups) };
}

/** Over users for one split, over the folds for several; null where there is nothing to take it over. */
function intervalOf(
  name: string,
  experiments: readonly Experiment[],
  figures: readonly Readonly<Record<string, number>>[],
  seed: number,
): Interval | null {
  if (experiments.length > 1) {
    return experiments.length > MAX_FOLDS ? null : meanOfFolds(figures.map((one) => one[name] ?? NaN));
  }
  const perUser = experiments[0]?.evaluation.perUser[name];
  return perUser === undefined ? null : bootstrapMean(perUser, seed);
}

/** Of what has a value; NaN for nothing. */
function meanOf<One>(all: readonly One[], value: (one: One) => number): number {
  const values = all.map(value).filter((one) => !Number.isNaN(one));
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}
