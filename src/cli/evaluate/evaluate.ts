import process from 'node:process';
import { AppError } from '../../lib/errors.ts';
import {
  bootstrapMean,
  givenSplit,
  kFolds,
  leakageOf,
  modelAdapter,
  runExperiment,
  splitDataset,
  valuesOf,
  type ModelAdapter,
  type Split,
  type Values,
} from '../../lib/model/index.ts';
import type { CommandLineOutput } from '../output.ts';
import { foldFiles, loadData } from '../sources/load-data.ts';
import { withDevice } from './device.ts';
import { parseEvaluateOptions, type EvaluatePlan, type ModelOptions } from './options.ts';
import { progressLines, tuned } from './search.ts';

const FOLDS = 5;
const TEST_SHARE = 0.2;

type Experiment = Awaited<ReturnType<typeof runExperiment>>;

interface Prepared {
  readonly splits: readonly { readonly split: Split; readonly testTimes: Float64Array | null }[];
  readonly values: Values;
  readonly users: number;
  readonly items: number;
}

/** `fairshelf evaluate`: the metrics of one model, a line of JSON or a table; everything else goes to `err`. */
export async function evaluate(options: ModelOptions, output: CommandLineOutput): Promise<void> {
  const plan = parseEvaluateOptions(options);
  const adapter = await modelAdapter(plan.model);
  const prepared = await prepare(plan, adapter, output);
  await withDevice(plan.device, output, async (device) => {
    const experiments: Experiment[] = [];
    for (const [fold, { split, testTimes }] of prepared.splits.entries()) {
      for (const { message } of leakageOf(split, { testTimes, candidates: null, tunedOnTest: false })) {
        output.err(`Warning: ${message}`);
      }
      if (prepared.splits.length > 1) output.err(`Fold ${fold + 1} of ${prepared.splits.length}`);
      const hyperparameters = await tuned(
        { plan, adapter, train: split.train, values: prepared.values, device },
        output,
      );
      const progress = progressLines(output);
      experiments.push(
        await runExperiment({
          adapter,
          split,
          values: prepared.values,
          hyperparameters,
          seed: plan.seed,
          device,
          ks: [plan.k],
          onProgress: progress,
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
          return {
            split: givenSplit(train.dataset, test.dataset.matrix),
            testTimes: test.dataset.timestamps,
          };
        })
      : cut(plan, (first ?? none()).dataset);
  if (plan.k > data.items.length) {
    output.err(`k = ${plan.k} is more than the ${data.items.length} items: lists hold all of them.`);
  }
  return { splits, values, users: data.users.length, items: data.items.length };
}

function cut(plan: EvaluatePlan, dataset: Split['train']): Prepared['splits'] {
  const { kind } = plan.split;
  if (kind === 'kfold') {
    return kFolds(dataset, FOLDS, plan.seed).map((split) => ({ split, testTimes: null }));
  }
  if (kind === 'given' || kind === 'folds') return none();
  const split = splitDataset(dataset, { kind, seed: plan.seed, share: TEST_SHARE, leave: 1 });
  return [{ split, testTimes: null }];
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
  { users, items }: Prepared,
  device: string,
  experiments: readonly Experiment[],
  output: CommandLineOutput,
): void {
  const [first] = experiments;
  if (first === undefined) return;
  const mean = (value: (experiment: Experiment) => number): number =>
    experiments.reduce((sum, experiment) => sum + value(experiment), 0) / experiments.length;
  const metrics = Object.fromEntries(
    Object.keys(first.evaluation.metrics).map((name) => [
      name,
      mean(({ evaluation }) => evaluation.metrics[name] ?? NaN),
    ]),
  );
  const cold = mean(({ evaluation }) => evaluation.coldUsers);
  if (cold > 0)
    output.err(`${cold} tested users have nothing in train: they are shown what everybody likes.`);
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
  if (plan.json) {
    output.out(JSON.stringify(line));
    return;
  }
  output.out(
    `${plan.model} on ${device}, ${users} users, ${items} items, ${line.interactions} train interactions`,
  );
  output.out(`hyper-parameters: ${JSON.stringify(line.hyperparameters)}`);
  for (const [name, value] of Object.entries(metrics)) {
    const perUser = experiments.length === 1 ? first.evaluation.perUser[name] : undefined;
    const interval = perUser === undefined ? null : bootstrapMean(perUser, plan.seed);
    const range = interval === null ? '' : `  [${interval.low.toFixed(4)}, ${interval.high.toFixed(4)}]`;
    output.out(`  ${name.padEnd(22)} ${value.toFixed(4)}${range}`);
  }
  output.out(`fit in ${fitSeconds.toFixed(2)} s, peak memory ${Math.round(line.peakBytes / 2 ** 20)} MiB`);
}
