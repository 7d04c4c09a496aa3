import { AppError } from '../../lib/errors.ts';
import type { DeviceReport, TrainingProgress, TrainRequest } from '../../lib/model/index.ts';
import type { ModelKind, TrainingCheckpoint } from '../../lib/types.ts';
import type { KeptModels } from './kept-models.svelte.ts';
import { LatestWriter } from './latest-writer.ts';
import { trainingLockFree, withTrainingLock } from './training-lock.ts';
import { addPoint, addRecovery, startRun, type TrainingRun } from './training-run.ts';
import type {
  TrainingChoice,
  TrainingDependencies,
  TrainingOutcome,
  TrainingPack,
  TrainingStatus,
} from './training-types.ts';

/** Seed of every run begun here: the same shop and settings give the same model on the same device. */
const SEED = 20_261_101;

type RunPlan = TrainingChoice & Pick<TrainRequest, 'seed' | 'checkpoint'>;

/**
 * The device's own training: starts, shows, cancels and resumes runs, saves checkpoints and models, and gives a
 * finished model to the shelves. Never two runs at once, in this page or over tabs.
 */
export class TrainingState {
  readonly #use: TrainingDependencies;
  /** What is kept on the device for the open shop. */
  readonly kept: KeptModels;
  #abort: AbortController | null = null;
  /** The run in progress; resolves however it ends. */
  #ending: Promise<void> | null = null;

  #status = $state<TrainingStatus>('idle');
  #outcome = $state.raw<TrainingOutcome | null>(null);
  #run = $state.raw<TrainingRun | null>(null);
  #live = $state.raw<TrainingCheckpoint | null>(null);
  #devices = $state.raw<DeviceReport | null>(null);
  #probeError = $state.raw<AppError | null>(null);
  #checkpointError = $state.raw<AppError | null>(null);

  constructor(dependencies: TrainingDependencies, kept: KeptModels) {
    this.#use = dependencies;
    this.kept = kept;
  }

  get status(): TrainingStatus {
    return this.#status;
  }
  /** True from the click on start until the model is saved. */
  get busy(): boolean {
    return this.#status === 'preparing' || this.#status === 'training' || this.#status === 'saving';
  }
  get outcome(): TrainingOutcome | null {
    return this.#outcome;
  }
  /** The run in progress or the last one of this page's life. */
  get run(): TrainingRun | null {
    return this.#run;
  }
  /** The newest state of the run in progress, for the map that forms; null where none runs. */
  get live(): TrainingCheckpoint | null {
    return this.#live;
  }
  /** What this browser can train on; null until asked (`probe`). */
  get devices(): DeviceReport | null {
    return this.#devices;
  }
  /** Why the browser could not be asked. */
  get probeError(): AppError | null {
    return this.#probeError;
  }
  /** Why the newest checkpoint is not kept; a reload would lose the run. */
  get checkpointError(): AppError | null {
    return this.#checkpointError;
  }

  /** Asks the worker what this browser can train on. */
  async probe(): Promise<void> {
    try {
      this.#devices = await this.#use.trainer.probe();
      this.#probeError = null;
    } catch (error) {
      this.#probeError = AppError.from(error);
    }
  }

  /**
   * Trains a model from the beginning. Resolves when the run has ended, whatever way; the way is in `outcome`.
   * Does nothing while a run is on or no shop is open.
   */
  async start(choice: TrainingChoice): Promise<void> {
    await this.#begin({ ...choice, seed: SEED, checkpoint: null });
  }

  /** Goes on from the kept checkpoint of a model, with the settings it was begun with; without one as `start`. */
  async resume(model: ModelKind, device: TrainingChoice['device']): Promise<void> {
    const checkpoint = this.kept.checkpointOf(model);
    await this.#begin({
      model,
      device,
      hyperparameters: checkpoint?.hyperparameters ?? {},
      seed: checkpoint?.seed ?? SEED,
      checkpoint,
    });
  }

  /** Ends the run; its last checkpoint stays, so that it can be gone on with. */
  cancel(): void {
    this.#abort?.abort();
  }

  /** Ends the run, and resolves when nothing of it is written any more. */
  async stop(): Promise<void> {
    this.cancel();
    await this.#ending;
  }

  /** Forgets the runs of this page's life and the kept models, for after they were erased from the device. */
  async forget(): Promise<void> {
    await this.stop();
    this.#run = null;
    this.#outcome = null;
    this.#checkpointError = null;
    await this.kept.forget();
  }

  async #begin(plan: RunPlan): Promise<void> {
    const pack = this.kept.pack;
    if (pack === null || this.#ending !== null) return;
    this.#ending = this.#runToEnd(pack, plan);
    await this.#ending;
    this.#ending = null;
  }

  async #runToEnd(pack: TrainingPack, plan: RunPlan): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    this.#status = 'preparing';
    this.#outcome = null;
    try {
      const ran = await withTrainingLock(() => this.#train(pack, plan, abort.signal));
      if (!ran) await this.#waitForOtherTab(plan.model, abort.signal);
    } catch (error) {
      this.#outcome = abort.signal.aborted
        ? { type: 'cancelled' }
        : { type: 'failed', error: AppError.from(error) };
    } finally {
      this.#abort = null;
      this.#live = null;
      this.#status = 'idle';
    }
  }

  async #train(pack: TrainingPack, plan: RunPlan, signal: AbortSignal): Promise<void> {
    const interactions = await this.#use.interactions();
    signal.throwIfAborted();
    this.#checkpointError = null;
    const writer = new LatestWriter<TrainingCheckpoint>(
      async (checkpoint) => {
        await this.kept.saveCheckpoint(checkpoint);
        this.#checkpointError = null;
      },
      (error) => {
        this.#checkpointError = AppError.from(error);
      },
    );
    try {
      const { snapshot } = await this.#use.trainer.train(
        {
          ...plan,
          packId: pack.packId,
          packFingerprint: pack.fingerprint,
          interactions,
          visitor: this.#use.visitorRow(),
        },
        { signal, onProgress: (progress) => this.#show(plan.model, progress, writer) },
      );
      await writer.settle({ discard: true });
      this.#status = 'saving';
      if (this.kept.pack !== pack) return; // another version of the shop was opened meanwhile
      await this.kept.adopt(snapshot);
      try {
        await this.kept.save(snapshot);
        this.#outcome = { type: 'done', seconds: snapshot.trainSeconds };
      } catch (error) {
        this.#outcome = { type: 'not-saved', error: AppError.from(error) };
      }
    } finally {
      await writer.settle({ discard: false });
    }
  }

  #show(model: ModelKind, progress: TrainingProgress, writer: LatestWriter<TrainingCheckpoint>): void {
    switch (progress.type) {
      case 'started':
        this.#status = 'training';
        this.#run = startRun(model, progress);
        return;
      case 'point':
        if (this.#run !== null) this.#run = addPoint(this.#run, progress);
        return;
      case 'recovered':
        if (this.#run !== null) this.#run = addRecovery(this.#run, progress);
        return;
      case 'checkpoint':
        this.#live = progress.checkpoint;
        writer.push(progress.checkpoint);
        return;
      default:
        progress satisfies never;
    }
  }

  async #waitForOtherTab(model: ModelKind, signal: AbortSignal): Promise<void> {
    this.#status = 'elsewhere';
    await trainingLockFree(signal);
    await this.kept.reread(model);
  }
}
