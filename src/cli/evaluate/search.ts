import {
  splitDataset,
  tune,
  validationKind,
  type CsrMatrix,
  type Dataset,
  type ModelAdapter,
  type SearchState,
  type Values,
} from '../../lib/model/index.ts';
import type { openDevice } from '../../lib/model/index.ts';
import type { CommandLineOutput } from '../output.ts';
import type { EvaluatePlan, FitPlan } from './options.ts';
import { digestOf, TuneStateFile, type SearchIdentity } from './tune-state.ts';

/** Of train, what validates. */
const VALIDATION_SHARE = 0.1;

export interface TunedRequest {
  readonly plan: FitPlan & Partial<Pick<EvaluatePlan, 'split'>>;
  readonly adapter: ModelAdapter;
  readonly train: Dataset;
  readonly values: Values;
  readonly features: CsrMatrix | null;
  readonly device: Awaited<ReturnType<typeof openDevice>>;
  /** Name of this search among those of the same command: the number of its fold. */
  readonly part: string;
}

/**
 * The hyper-parameters given, and those found on a validation part of train where `--tune` asks for it. With a state
 * file the search goes on where it was left; the time it took before counts. An interrupted one drops the trial it was at.
 */
export async function tuned(
  { plan, adapter, train, values, features, device, part }: TunedRequest,
  output: CommandLineOutput,
): Promise<Readonly<Record<string, number>>> {
  if (!plan.tune) return plan.hyperparameters;
  // given parts say nothing of how they were cut
  const kind = validationKind(plan.split?.kind ?? 'given', train);
  const identity: SearchIdentity = {
    model: plan.model,
    seed: plan.seed,
    trials: plan.trials,
    fixed: JSON.stringify(plan.hyperparameters),
    validation: kind,
    data: digestOf(train),
  };
  const file = plan.tuneState === null ? null : TuneStateFile.open(plan.tuneState);
  const kept = file?.find(part, identity) ?? null;
  let state: SearchState | null = kept?.state ?? null;
  if (kept !== null) {
    output.err(
      `Going on with ${plan.tuneState ?? ''}: ${resultsOf(state)} trials, ${Math.round(kept.seconds)} s.`,
    );
  }
  output.err(`Tuning on a validation part of train (${kind}), ${plan.budgetSeconds} s in all …`);
  const split = splitDataset(train, { kind, seed: plan.seed, share: VALIDATION_SHARE, leave: 1 });
  const began = performance.now();
  const before = kept?.seconds ?? 0;
  const keep = (): void => {
    const seconds = before + (performance.now() - began) / 1000;
    file?.write(part, { identity, seconds, state });
  };
  try {
    const { hyperparameters, score } = await tune({
      ...{ adapter, split, values, features, device, signal: output.signal },
      fixed: plan.hyperparameters,
      seed: plan.seed,
      trials: plan.trials,
      deadline: began + 1000 * (plan.budgetSeconds - before),
      ...(state === null ? {} : { state }),
      onState: (now) => {
        state = now;
        keep();
        output.err(`  trial ${resultsOf(now)}`);
      },
    });
    output.err(`Best on validation: ${told(adapter, score)} with ${JSON.stringify(hyperparameters)}`);
    return hyperparameters;
  } catch (error) {
    if (output.signal?.aborted === true) {
      keep();
      output.err(
        plan.tuneState === null
          ? 'Stopped. Without --tune-state the search is not kept.'
          : `Paused after ${resultsOf(state)} trials; the same command goes on.`,
      );
    }
    throw error;
  }
}

/** A search maximises: errors come with their sign turned. */
function told({ task }: ModelAdapter, score: number): string {
  const metric = task === 'rating' ? 'RMSE' : score < 0 ? 'log-loss' : 'NDCG@20';
  return `${metric} ${Math.abs(score).toFixed(4)}`;
}

function resultsOf(state: SearchState | null): number {
  return state === null ? 0 : state.trials.reduce((sum, { results }) => sum + results.length, 0);
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
