import {
  splitDataset,
  tune,
  validationKind,
  type Dataset,
  type ModelAdapter,
  type Values,
} from '../../lib/model/index.ts';
import type { openDevice } from '../../lib/model/index.ts';
import type { CommandLineOutput } from '../output.ts';
import type { EvaluatePlan, FitPlan } from './options.ts';

/** Of train, what validates. */
const VALIDATION_SHARE = 0.1;

export interface TunedRequest {
  readonly plan: FitPlan & Partial<Pick<EvaluatePlan, 'split'>>;
  readonly adapter: ModelAdapter;
  readonly train: Dataset;
  readonly values: Values;
  readonly device: Awaited<ReturnType<typeof openDevice>>;
}

/** The hyper-parameters given, and those found on a validation part of train where `--tune` asks for it. */
export async function tuned(
  { plan, adapter, train, values, device }: TunedRequest,
  output: CommandLineOutput,
): Promise<Readonly<Record<string, number>>> {
  if (!plan.tune) return plan.hyperparameters;
  // given parts say nothing of how they were cut
  const kind = validationKind(plan.split?.kind ?? 'given', train);
  output.err(`Tuning on a validation part of train (${kind}), ${plan.budgetSeconds} s …`);
  const split = splitDataset(train, { kind, seed: plan.seed, share: VALIDATION_SHARE, leave: 1 });
  let trials = 0;
  const { hyperparameters, score } = await tune({
    adapter,
    split,
    values,
    fixed: plan.hyperparameters,
    seed: plan.seed,
    trials: plan.trials,
    device,
    deadline: performance.now() + 1000 * plan.budgetSeconds,
    onState: () => output.err(`  trial ${++trials}`),
  });
  output.err(`Best on validation: ${score.toFixed(4)} with ${JSON.stringify(hyperparameters)}`);
  return hyperparameters;
}

/** A line a second at most. */
export function progressLines(output: CommandLineOutput) {
  let last = performance.now();
  return ({
    iteration,
    iterations,
    loss,
  }: {
    iteration: number;
    iterations: number;
    loss: number | null;
  }): undefined => {
    if (performance.now() - last < 1000) return;
    last = performance.now();
    output.err(`  ${iteration} of ${iterations}${loss === null ? '' : `, loss ${loss.toPrecision(4)}`}`);
  };
}
