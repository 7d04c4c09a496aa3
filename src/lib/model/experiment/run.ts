import { AppError } from '../../errors.ts';
import type { ExperimentPoint, FoldOutcome, Hyperparameters } from '../../types.ts';
import { throwIfCancelled } from '../backends/slices.ts';
import { recognise } from '../evaluate/published.ts';
import { bestTrial, checkSearchState } from '../evaluate/search.ts';
import { splitDataset, splitsOf, validationKind, type Split } from '../evaluate/splits.ts';
import { closeDevice, isDeviceFault, type DevicePolicy, type TrainingDevice } from '../train/devices.ts';
import { runExperiment, trainingData } from '../zoo/experiment.ts';
import { GPU_MODELS, type ModelAdapter } from '../zoo/model.ts';
import { modelAdapter } from '../zoo/registry.ts';
import { tune } from '../zoo/tune.ts';
import { taskDataset, type TaskDataset } from './dataset.ts';
import { combinedOutcomes, estimates, groupEstimates } from './outcomes.ts';
import type { ExperimentProgress, ExperimentRequest, ExperimentResult } from './types.ts';

/** Of train, what a search judges by. */
const VALIDATION_SHARE = 0.1;
/** Another stream than the split's own. */
const VALIDATION_SEED = 0x5eed;
/** Choices of hyper-parameters at most; time usually ends a search before. */
const TRIALS = 27;

export interface ExperimentOptions {
  readonly devices: DevicePolicy;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ExperimentProgress) => void;
}

/**
 * Splits the interactions, fits one model on train and measures it on test, the whole catalogue ranked; a cross-validation
 * does so for each of its parts. The same request on the same device gives the same figures. A GPU that fails is replaced and the model fitted anew. Rejects with
 * `input-invalid`, `hyperparameter-invalid`, `not-enough-data`, `training-diverged`, `cancelled`, or a `gpu-…` code
 * where WebGPU was asked for by name and the model computes there.
 */
export async function answerExperiment(
  request: ExperimentRequest,
  options: ExperimentOptions,
): Promise<ExperimentResult> {
  const adapter = await modelAdapter(request.model);
  const data = taskDataset(request.interactions, adapter.task);
  const run = new Run(request, options, { adapter, data, splits: splitsOf(data.dataset, request.split) });
  let device: TrainingDevice = await options.devices.choose(
    GPU_MODELS.has(request.model) ? request.device : 'cpu',
  );
  for (;;) {
    let fault: AppError;
    try {
      return await run.on(device);
    } catch (error) {
      fault = AppError.from(error);
      if (device.backend.kind === 'cpu' || !isDeviceFault(fault)) throw fault;
    } finally {
      closeDevice(device);
    }
    device = await options.devices.replace(fault);
  }
}

interface RunInput {
  readonly adapter: ModelAdapter;
  readonly data: TaskDataset;
  readonly splits: readonly Split[];
}

/** One experiment, from a device to its figures. Parts that are done stay done when a device is replaced. */
class Run {
  readonly #request: ExperimentRequest;
  readonly #input: RunInput;
  readonly #signal: AbortSignal | undefined;
  readonly #progress: (progress: ExperimentProgress) => void;
  readonly #done: FoldOutcome[];

  constructor(request: ExperimentRequest, { signal, onProgress }: ExperimentOptions, input: RunInput) {
    this.#request = request;
    this.#input = input;
    this.#signal = signal;
    this.#progress = onProgress ?? (() => undefined);
    this.#done = [...request.folds];
  }

  async on(device: TrainingDevice): Promise<ExperimentResult> {
    const { splits, data } = this.#input;
    const { interactions, split: plan, model, seed, k } = this.#request;
    for (let fold = this.#done.length; fold < splits.length; fold++) {
      if (splits.length > 1) this.#progress({ type: 'fold', fold: fold + 1, of: splits.length });
      const outcome = await this.#fold(device, fold);
      this.#done.push(outcome);
      if (splits.length > 1) this.#progress({ type: 'folded', outcome });
    }
    const { rows: users, columns: items } = data.dataset.matrix;
    const { testUsers, trainEntries, ...combined } = combinedOutcomes(this.#done, `ndcg@${k}`);
    const known = recognise({
      ...{ users, items, interactions: interactions.length },
      rated: interactions.length > 0 && interactions.stars.every((stars) => stars > 0),
    });
    return {
      data: { users, items, interactions: trainEntries, testUsers, known },
      ...{ split: plan, model, seed, device: device.backend.kind, deviceName: device.backend.name },
      ...combined,
    };
  }

  async #fold(device: TrainingDevice, fold: number): Promise<FoldOutcome> {
    const { adapter, data, splits } = this.#input;
    const { seed, k } = this.#request;
    const split = splits[fold];
    if (split === undefined) throw new AppError('internal', 'A part of a cross-validation is missing.');
    const overrides = await this.#tuned(device, split, fold);
    const curve: ExperimentPoint[] = [];
    const began = performance.now();
    const train = trainingData(split.train, adapter.task, data).matrix;
    const planned = passesOf(adapter, adapter.hyperparameters(train, overrides));
    this.#progress({ type: 'started', deviceName: device.backend.name, iterations: planned });
    if (planned === 0) this.#progress({ type: 'testing' });
    const { evaluation, fitSeconds, ...fit } = await runExperiment({
      ...{ adapter, split, values: data, hyperparameters: overrides, seed, device, ks: [k] },
      signal: this.#signal,
      onProgress: ({ iteration, loss }) => {
        throwIfCancelled(this.#signal);
        const seconds = (performance.now() - began) / 1_000;
        const point = { iteration, loss, validation: null, seconds };
        curve.push(point);
        this.#progress({ type: 'point', point });
        if (iteration === planned) this.#progress({ type: 'testing' });
        return undefined;
      },
    });
    return {
      interactions: fit.trainEntries,
      ...{ hyperparameters: fit.model.hyperparameters, iterations: fit.model.iterations },
      ...{ fitSeconds, curve },
      ...{ metrics: estimates(evaluation, seed), groups: groupEstimates(evaluation, seed) },
      users: evaluation.users,
      values: Float32Array.from(evaluation.perUser[`ndcg@${k}`] ?? []),
    };
  }

  /** The request's overrides, with what a search on a part of train found best where one is wanted. */
  async #tuned(device: TrainingDevice, split: Split, fold: number): Promise<Hyperparameters> {
    const { hyperparameters, tuneSeconds, search, seed, split: plan } = this.#request;
    if (tuneSeconds === null) return hyperparameters;
    const { adapter, data, splits } = this.#input;
    const deadline = performance.now() + (1_000 * tuneSeconds) / splits.length;
    const validation = splitDataset(split.train, {
      ...{ kind: validationKind(plan.kind, split.train), share: VALIDATION_SHARE },
      ...{ seed: seed ^ VALIDATION_SEED, leave: 1 },
    });
    // what was kept is of the part that was interrupted
    const state = fold === this.#request.folds.length ? search : null;
    const found = await tune({
      ...{ adapter, split: validation, values: data, fixed: hyperparameters, seed, trials: TRIALS, device },
      ...{ deadline, signal: this.#signal },
      ...(state === null ? {} : { state: checkSearchState(JSON.parse(state)) }),
      onState: (now) => {
        this.#progress({
          type: 'trial',
          trials: now.trials.reduce((sum, { results }) => sum + results.length, 0),
          best: Math.abs(bestTrial(now)?.score ?? 0),
          secondsLeft: Math.max(0, (deadline - performance.now()) / 1_000),
          search: JSON.stringify(now),
        });
      },
    });
    return found.hyperparameters;
  }
}

/** What is planned: a closed form has no passes. */
function passesOf({ budget }: ModelAdapter, hyperparameters: ExperimentResult['hyperparameters']): number {
  return budget === null ? 0 : (hyperparameters[budget] ?? 0);
}
