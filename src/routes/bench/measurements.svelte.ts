import { AppError } from '../../lib/errors.ts';
import {
  createTrainer,
  type BenchOrder,
  type BenchProgress,
  type BenchResult,
  type TrainerClient,
} from '../../lib/model/index.ts';

/** The measurements of one visit of the page: one at a time, in a worker of their own, results added as they come. */
export class Measurements {
  readonly #start: () => TrainerClient;
  #trainer: TrainerClient | null = null;
  #abort: AbortController | null = null;

  #results = $state.raw<readonly BenchResult[]>([]);
  #running = $state.raw<BenchOrder | null>(null);
  #times = $state.raw<readonly number[]>([]);
  #error = $state.raw<AppError | null>(null);

  constructor(start: () => TrainerClient = createTrainer) {
    this.#start = start;
  }

  /** Newest last. */
  get results(): readonly BenchResult[] {
    return this.#results;
  }
  get running(): BenchOrder | null {
    return this.#running;
  }
  /** Milliseconds of the runs measured so far of what is running. */
  get times(): readonly number[] {
    return this.#times;
  }
  /** Why the last measurement gave nothing; null where it did, or was stopped. */
  get error(): AppError | null {
    return this.#error;
  }

  /** Resolves when the measurement has ended, whatever way. Does nothing while one is on. */
  async measure(order: BenchOrder): Promise<void> {
    if (this.#running !== null) return;
    const abort = new AbortController();
    this.#abort = abort;
    this.#running = order;
    this.#times = [];
    this.#error = null;
    this.#trainer ??= this.#start();
    try {
      const results = await this.#trainer.bench(order, {
        signal: abort.signal,
        onProgress: (progress: BenchProgress) => {
          if (progress.type === 'run') this.#times = [...this.#times, progress.milliseconds];
        },
      });
      this.#results = [...this.#results, ...results];
    } catch (error) {
      if (!abort.signal.aborted) this.#error = AppError.from(error);
    } finally {
      this.#abort = null;
      this.#running = null;
    }
  }

  /** Ends the measurement at once, with its worker: not every suite looks up between two runs. */
  stop(): void {
    this.#abort?.abort();
    this.#trainer?.dispose();
    this.#trainer = null;
  }
}
