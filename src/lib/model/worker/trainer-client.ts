import { AppError } from '../../errors.ts';
import { spawnWorker, type SpawnedWorker } from '../../rpc/index.ts';
import type { TrainingCheckpoint } from '../../types.ts';
import type { BenchOrder, BenchProgress } from '../bench/order.ts';
import type { BenchResult } from '../bench/types.ts';
import type { PairedComparison } from '../evaluate/statistics.ts';
import type { ExperimentProgress, ExperimentRequest, ExperimentResult } from '../experiment/types.ts';
import type { DeviceReport, TrainingProgress, TrainingResult, TrainRequest } from '../train/types.ts';
import type { TrainerService } from './trainer-protocol.ts';
import url from './trainer.worker.ts?worker&url';

/** A GPU run that says nothing for this long, from its start to its first iteration, hangs. */
const FIRST_SILENCE_MS = 180_000;
/** Later silences may last this many times the longest so far, and at least MIN_SILENCE_MS. */
const SILENCE_FACTOR = 10;
const MIN_SILENCE_MS = 60_000;

export interface TrainCallOptions {
  /** Rejects with `cancelled`; the last checkpoint stays good. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TrainingProgress) => void;
}

export interface BenchCallOptions {
  /** Rejects with `cancelled`. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: BenchProgress) => void;
}

export interface ExperimentCallOptions {
  /** Rejects with `cancelled`. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ExperimentProgress) => void;
}

/** The trainer worker as the page uses it. */
export interface TrainerClient {
  probe(): Promise<DeviceReport>;
  /**
   * Trains; rejects as `train` does. Should the worker die, or a GPU run hang, a new worker goes on once from the last
   * checkpoint (after a hang on the CPU) and `recovered` says so; a second time rejects with `worker-died`.
   */
  train(request: TrainRequest, options?: TrainCallOptions): Promise<TrainingResult>;
  /** Measures the engines; rejects as the suites do. A cancelled one stops between two slices. */
  bench(order: BenchOrder, options?: BenchCallOptions): Promise<readonly BenchResult[]>;
  /** Fits and evaluates one model on a split; rejects as `answerExperiment` does. */
  experiment(request: ExperimentRequest, options?: ExperimentCallOptions): Promise<ExperimentResult>;
  /** Compares one metric of two models, a value a user in the same order (`evaluate/statistics`). */
  compare(first: Float32Array, second: Float32Array, seed: number): Promise<PairedComparison>;
  /** Ends the worker; pending and later calls reject with `cancelled`. */
  dispose(): void;
}

/** Starts the worker; for tests another way to run the service. */
export type StartTrainer = (onDeath: (error: AppError) => void) => SpawnedWorker<TrainerService>;

const start: StartTrainer = (onDeath) => spawnWorker<TrainerService>(url, 'trainer', onDeath);

/** A client whose worker starts at the first call: first paint loads no trainer. */
export function createTrainer(startWorker: StartTrainer = start): TrainerClient {
  let worker: SpawnedWorker<TrainerService> | null = null;
  let disposed = false;

  return {
    probe: () => running().client.call('probe', null),
    train: (request, options = {}) => trainWithRestart(request, options),
    bench: (order, options = {}) => running().client.call('bench', order, options),
    experiment: (request, options = {}) => running().client.call('experiment', request, options),
    compare: (first, second, seed) => running().client.call('compare', { first, second, seed }),
    dispose() {
      disposed = true;
      end(new AppError('cancelled', 'The trainer was ended.'));
    },
  };

  function running(): SpawnedWorker<TrainerService> {
    if (disposed) throw new AppError('cancelled', 'The trainer was ended.');
    worker ??= startWorker(() => {
      worker = null; // the next call starts another
    });
    return worker;
  }

  function end(reason: AppError): void {
    worker?.terminate(reason);
    worker = null;
  }

  async function trainWithRestart(request: TrainRequest, options: TrainCallOptions): Promise<TrainingResult> {
    const onProgress = options.onProgress ?? (() => undefined);
    let checkpoint: TrainingCheckpoint | null = request.checkpoint;
    const first = (progress: TrainingProgress): void => {
      if (progress.type === 'checkpoint') checkpoint = progress.checkpoint;
      onProgress(progress);
    };
    let reason: AppError;
    try {
      return await watched(request, options.signal, first);
    } catch (error) {
      reason = AppError.from(error);
      if (reason.code !== 'worker-died' && reason.code !== 'gpu-hang') throw reason;
    }
    const device = reason.code === 'gpu-hang' ? 'cpu' : request.device;
    return watched({ ...request, device, checkpoint }, options.signal, (progress) => {
      onProgress(progress.type === 'started' ? recovery(reason, progress) : progress);
    });
  }

  /** One run in the worker, ended with `gpu-hang` where a GPU falls silent. */
  async function watched(
    request: TrainRequest,
    signal: AbortSignal | undefined,
    onProgress: (progress: TrainingProgress) => void,
  ): Promise<TrainingResult> {
    const silence = new SilenceWatch(() =>
      end(
        new AppError('gpu-hang', 'The graphics device does not answer any more.', {
          remedy: 'Training goes on on the CPU.',
        }),
      ),
    );
    try {
      return await running().client.call('train', request, {
        ...(signal === undefined ? {} : { signal }),
        onProgress: (progress) => {
          silence.heard(progress);
          onProgress(progress);
        },
      });
    } finally {
      silence.stop();
    }
  }
}

function recovery(
  reason: AppError,
  started: Extract<TrainingProgress, { type: 'started' }>,
): TrainingProgress {
  return {
    type: 'recovered',
    reason: reason.toWire(),
    device: started.device,
    deviceName: started.deviceName,
    fromIteration: started.resumedFrom,
  };
}

/** Watches a GPU run by its own messages: a worker that waits for a dispatch answers timers, but makes no progress. */
class SilenceWatch {
  readonly #onSilence: () => void;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #onGpu = false;
  #heardAt = 0;
  #longestMs = 0;

  constructor(onSilence: () => void) {
    this.#onSilence = onSilence;
  }

  heard(progress: TrainingProgress): void {
    const now = performance.now();
    switch (progress.type) {
      case 'started':
      case 'recovered':
        this.#onGpu = progress.device === 'webgpu';
        this.#arm(FIRST_SILENCE_MS);
        break;
      case 'point':
        this.#longestMs = Math.max(this.#longestMs, now - this.#heardAt);
        this.#arm(Math.max(MIN_SILENCE_MS, SILENCE_FACTOR * this.#longestMs));
        break;
      case 'checkpoint':
        return; // comes with its point
      default:
        progress satisfies never;
    }
    this.#heardAt = now;
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #arm(milliseconds: number): void {
    this.stop();
    // The CPU engine may take its time: it cannot hang.
    if (this.#onGpu) this.#timer = setTimeout(this.#onSilence, milliseconds);
  }
}
