import { AppError } from '../../errors.ts';
import type { Estimate, ExperimentPoint } from '../../types.ts';
import { throwIfCancelled } from '../backends/slices.ts';
import { evaluateModel, type ModelEvaluation } from '../evaluate/evaluate-model.ts';
import { splitDataset, type Split } from '../evaluate/splits.ts';
import { bootstrapMean } from '../evaluate/statistics.ts';
import { closeDevice, isDeviceFault, type DevicePolicy, type TrainingDevice } from '../train/devices.ts';
import type { FittedModel, ModelAdapter } from '../zoo/model.ts';
import { modelAdapter } from '../zoo/registry.ts';
import { taskDataset, type TaskDataset } from './dataset.ts';
import type { ExperimentProgress, ExperimentRequest, ExperimentResult } from './types.ts';

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
export async function runExperiment(
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
    const { adapter, split } = this.#input;
    const { seed, model } = this.#request;
    const train = split.train.matrix;
    const hyperparameters = adapter.hyperparameters(train, this.#request.hyperparameters);
    const curve: ExperimentPoint[] = [];
    const began = performance.now();
    const seconds = (): number => (performance.now() - began) / 1_000;
    const { name: deviceName, kind } = device.backend;
    this.#progress({ type: 'started', deviceName, iterations: passesOf(adapter, hyperparameters) });
    const fitted = await adapter.fit({
      ...{ train, timestamps: split.train.timestamps, features: null, hyperparameters, seed, device },
      signal: this.#signal,
      onProgress: ({ iteration, loss }) => {
        throwIfCancelled(this.#signal);
        const point = { iteration, loss, validation: null, seconds: seconds() };
        curve.push(point);
        this.#progress({ type: 'point', point });
        return undefined;
      },
    });
    const fitSeconds = seconds();
    this.#progress({ type: 'testing' });
    const evaluation = await this.#evaluate(fitted);
    return {
      data: {
        users: train.rows,
        items: train.columns,
        interactions: train.indices.length,
        testUsers: evaluation.users.length,
      },
      ...{ split: this.#request.split, model, hyperparameters, seed, device: kind, deviceName },
      ...{ iterations: fitted.iterations, fitSeconds, curve },
      metrics: estimates(evaluation, seed),
      paired: pairedOf(evaluation, this.#request.k),
    };
  }

  #evaluate(model: FittedModel): Promise<ModelEvaluation> {
    const { adapter, data, split } = this.#input;
    return evaluateModel(model, {
      task: adapter.task,
      seen: split.train.matrix,
      test: split.test,
      relevantFrom: data.relevantFrom,
      scale: data.scale,
      folded: split.folded,
      ks: [this.#request.k],
      signal: this.#signal,
    });
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
