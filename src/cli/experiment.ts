import { AppError } from '../lib/errors.ts';
import { articleExperiment, PAIR_MODELS, type ArticleExperimentResult } from '../lib/model/index.ts';
import type { CommandLineOutput } from './output.ts';

/** Options as cac parses them. */
export interface ExperimentCommandOptions {
  readonly seed?: unknown;
  readonly epochs?: unknown;
  readonly goal?: unknown;
  readonly deviation?: unknown;
  readonly size?: unknown;
  readonly model?: unknown;
  readonly json?: unknown;
}

/** Epochs of the curve that a table shows. */
const SHOWN = new Set([1, 2, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);

/** Runs the article's experiment and prints its curve beside the Bayes floor. Throws `input-invalid`. */
export async function experiment(
  options: ExperimentCommandOptions,
  { out, err }: CommandLineOutput,
): Promise<void> {
  const size = whole('size', options.size ?? 1000, 10, 20_000);
  const model = PAIR_MODELS.find((name) => name === options.model);
  if (options.model !== undefined && model === undefined) {
    throw invalid('model', options.model, `one of ${PAIR_MODELS.join(', ')}`);
  }
  const result = await articleExperiment(whole('seed', options.seed ?? 1, -(2 ** 31), 2 ** 31 - 1), {
    epochs: whole('epochs', options.epochs ?? 100, 1, 10_000),
    goal: positive('goal', options.goal ?? 0.044),
    planted: { users: size, items: size, logOddsDeviation: positive('deviation', options.deviation ?? 400) },
    ...(model === undefined ? {} : { models: [model] }),
    onProgress: (name, { epoch, trainLoss, heldOutLogLoss }) => {
      err(`${name} ${epoch}: train ${trainLoss.toFixed(4)}, held out ${heldOutLogLoss.toFixed(4)}`);
    },
  });
  if (options.json === true) out(JSON.stringify(result));
  else for (const line of report(result)) out(line);
}

function report({
  planted,
  seed,
  bayesFloor,
  truthLogLoss,
  heldOutCells,
  models,
}: ArticleExperimentResult): string[] {
  const { users, items, rank, logOddsDeviation, observed } = planted;
  return [
    `${users} × ${items} cells planted with rank ${rank}, log-odds of deviation ${logOddsDeviation}, ${100 * observed}% observed, seed ${seed}`,
    `held-out log-loss of ${heldOutCells} cells in nats: Bayes floor ${bayesFloor.toFixed(4)}, the truth on these labels ${truthLogLoss.toFixed(4)}`,
    ...models.flatMap(({ model, curve, epochsToGoal, goal }) => [
      '',
      `${model}: ${epochsToGoal === null ? `did not reach ${goal}` : `at or below ${goal} after ${epochsToGoal} epochs`}, best ${Math.min(...curve.map((point) => point.heldOutLogLoss)).toFixed(4)}`,
      'epoch  train   held out',
      ...curve
        .filter(({ epoch }) => SHOWN.has(epoch) || epoch === curve.length)
        .map(
          ({ epoch, trainLoss, heldOutLogLoss }) =>
            `${String(epoch).padStart(5)}  ${trainLoss.toFixed(4)}  ${heldOutLogLoss.toFixed(4)}`,
        ),
    ]),
  ];
}

function whole(name: string, value: unknown, min: number, max: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw invalid(name, value, `a whole number from ${min} to ${max}`);
}

function positive(name: string, value: unknown): number {
  if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return value;
  throw invalid(name, value, 'a number above 0');
}

function invalid(name: string, value: unknown, rule: string): AppError {
  const given = value === true ? 'nothing' : JSON.stringify(value);
  return new AppError('input-invalid', `--${name} must be ${rule}, not ${given}.`, {
    values: { option: name, value: given },
    remedy: 'See: fairshelf experiment --help',
  });
}
