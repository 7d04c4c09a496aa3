import { AppError } from '../../errors.ts';
import type { Estimate, ExperimentPoint, Hyperparameters } from '../../types.ts';
import { throwIfCancelled } from '../backends/slices.ts';
import type { ModelEvaluation } from '../evaluate/evaluate-model.ts';
import { bestTrial, checkSearchState } from '../evaluate/search.ts';
import { splitDataset, type Split } from '../evaluate/splits.ts';
import { bootstrapMean } from '../evaluate/statistics.ts';
import { closeDevice, isDeviceFault, type DevicePolicy, type TrainingDevice } from '../train/devices.ts';
import { runExperiment, trainingData } from '../zoo/experiment.ts';
import type { ModelAdapter } from '../zoo/model.ts';
import { modelAdapter } from '../zoo/registry.ts';
import { tune } from '../zoo/tune.ts';
import { taskDataset, type TaskDataset } from './dataset.ts';
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
 * Splits the interactions, fits one model on train and measures it on test, the whole catalogue ranked. The same request on
 * the same device gives the same figures. A GPU that fails is replaced and the model fitted anew. Rejects with
 * `input-invalid`, `hyperparameter-invalid`, `not-enough-data`, `training-diverged`, `cancelled`, or a `gpu-…` code
 * where WebGPU was asked for by name.
 */
export async function answerExperiment(
  request: ExperimentRequest,
  options: ExperimentOptions,
): Promise<ExperimentResult> {
  const adapter = await modelAdapter(request.model);
  const data = taskDataset(request.interactions, adapter.task);
  const split = splitDataset(data.dataset, request.split);
  const run = new Run(request, options, { adapter, data, split });
  let device: TrainingDevice = await options.devices.choose(request.device);
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
  readonly split: Split;
}

/** One experiment, from a device to its figures. */
class Run {
  readonly #request: ExperimentRequest;
  readonly #input: RunInput;
  readonly #signal: AbortSignal | undefined;
  readonly #progress: (progress: ExperimentProgress) => void;

  constructor(request: ExperimentRequest, { signal, onProgress }: ExperimentOptions, input: RunInput) {
    this.#request = request;
    this.#input = input;
    this.#signal = signal;
    this.#progress = onProgress ?? (() => undefined);
  }

  async on(device: TrainingDevice): Promise<ExperimentResult> {
    const { adapter, data, split } = this.#input;
    const { seed, model, k } = this.#request;
    const overrides = await this.#tuned(device);
    const curve: ExperimentPoint[] = [];
    const began = performance.now();
    const { name: deviceName, kind } = device.backend;
    const train = trainingData(split.train, adapter.task, data).matrix;
    const planned = passesOf(adapter, adapter.hyperparameters(train, overrides));
    this.#progress({ type: 'started', deviceName, iterations: planned });
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
      data: {
        users: train.rows,
        items: train.columns,
        interactions: fit.trainEntries,
        testUsers: evaluation.users.length,
      },
      ...{ split: this.#request.split, model, seed, device: kind, deviceName },
      ...{ hyperparameters: fit.model.hyperparameters, iterations: fit.model.iterations },
      ...{ fitSeconds, curve },
      metrics: estimates(evaluation, seed),
      paired: pairedOf(evaluation, k),
    };
  }

  /** The request's overrides, with what a search on a part of train found best where one is wanted. */
  async #tuned(device: TrainingDevice): Promise<Hyperparameters> {
    const { hyperparameters, tuneSeconds, search, seed, split: plan } = this.#request;
    if (tuneSeconds === null) return hyperparameters;
    const { adapter, data, split } = this.#input;
    const deadline = performance.now() + 1_000 * tuneSeconds;
    const validation = splitDataset(split.train, {
      kind: plan.kind === 'time' ? 'time' : 'random',
      share: VALIDATION_SHARE,
      ...{ seed: seed ^ VALIDATION_SEED, leave: 1 },
    });
    const found = await tune({
      ...{ adapter, split: validation, values: data, fixed: hyperparameters, seed, trials: TRIALS, device },
      ...{ deadline, signal: this.#signal },
      ...(search === null ? {} : { state: checkSearchState(JSON.parse(search)) }),
      onState: (state) => {
        this.#progress({
          type: 'trial',
          trials: state.trials.reduce((sum, { results }) => sum + results.length, 0),
          best: Math.abs(bestTrial(state)?.score ?? 0),
          secondsLeft: Math.max(0, (deadline - performance.now()) / 1_000),
          search: JSON.stringify(state),
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

/** The metrics, with intervals over users where one value a user is known. */
function estimates({ metrics, perUser }: ModelEvaluation, seed: number): Record<string, Estimate> {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, value]): [string, Estimate] => {
      const values = perUser[name];
      if (values === undefined || values.length === 0) return [name, { value, low: null, high: null }];
      const { low, high } = bootstrapMean(values, seed);
      return [name, { value, low, high }];
    }),
  );
}

function pairedOf({ perUser }: ModelEvaluation, k: number): ExperimentResult['paired'] {
  const metric = `ndcg@${k}`;
  return { metric, values: Float32Array.from(perUser[metric] ?? []) };
}
