import { AppError } from '../../lib/errors.ts';
import type { DeviceReport, TrainingProgress, TrainRequest, VisitorRow } from '../../lib/model/index.ts';
import type { Storage } from '../../lib/storage/types.ts';
import {
  type DeviceKind,
  type Hyperparameters,
  type InteractionColumns,
  MODEL_KINDS,
  type ModelKind,
  type ModelSnapshot,
  type PackId,
  type TrainingCheckpoint,
} from '../../lib/types.ts';
import { LatestWriter } from './latest-writer.ts';
import { trainingLockFree, withTrainingLock } from './training-lock.ts';
import { isResumable, isStale } from './training-plan.ts';
import { addPoint, addRecovery, startRun, type TrainingRun } from './training-run.ts';

/** Seed of every run begun here: the same shop and settings give the same model on the same device. */
const SEED = 20_261_101;

/**
 * `elsewhere`: another tab trains; its model is taken over when it is done.
 */
export type TrainingStatus = 'idle' | 'preparing' | 'training' | 'saving' | 'elsewhere';

/** How the last run of this page's life ended. */
export type TrainingOutcome =
  | { readonly type: 'done'; readonly seconds: number }
  /** Trained and in use, but the device did not keep it: it is gone when the page closes. */
  | { readonly type: 'not-saved'; readonly error: AppError }
  | { readonly type: 'cancelled' }
  | { readonly type: 'failed'; readonly error: AppError };

/** The shop that is trained for, as it is kept on the device. */
export interface TrainingPack {
  readonly packId: PackId;
  readonly fingerprint: string;
}

/** The trainer worker as the page uses it (`model/index`, `createTrainer`). */
export interface Trainer {
  probe(): Promise<DeviceReport>;
  train(
    request: TrainRequest,
    options: { readonly signal: AbortSignal; readonly onProgress: (progress: TrainingProgress) => void },
  ): Promise<{ readonly snapshot: ModelSnapshot }>;
}

export interface TrainingDependencies {
  readonly storage: Pick<Storage, 'snapshots' | 'checkpoints'>;
  /** Starts the worker at the first call: first paint loads no trainer. */
  readonly trainer: () => Promise<Trainer>;
  /** The community's events, parsed off this thread from the bytes kept on the device. */
  readonly interactions: () => Promise<InteractionColumns>;
  readonly visitorRow: () => VisitorRow;
  /** Rejects with `snapshot-corrupt`. */
  readonly verifySnapshot: (snapshot: ModelSnapshot) => Promise<void>;
  /** Rejects with `snapshot-corrupt`. */
  readonly verifyCheckpoint: (checkpoint: TrainingCheckpoint) => Promise<void>;
  /** Hands a model to the shelves. */
  readonly serve: (snapshot: ModelSnapshot | null) => Promise<void>;
}

export interface TrainingChoice {
  readonly model: ModelKind;
  readonly device: 'auto' | DeviceKind;
  readonly hyperparameters: Hyperparameters;
}

/**
 * The device's own training: starts, shows, cancels and resumes runs, saves checkpoints and models, and gives a
 * finished model to the shelves. Never two runs at once, in this page or over tabs.
 */
export class TrainingState {
  readonly #use: TrainingDependencies;
  #pack: TrainingPack | null = null;
  #abort: AbortController | null = null;

  #status = $state<TrainingStatus>('idle');
  #outcome = $state.raw<TrainingOutcome | null>(null);
  #run = $state.raw<TrainingRun | null>(null);
  #snapshots = $state.raw<readonly ModelSnapshot[]>([]);
  #checkpoints = $state.raw<readonly TrainingCheckpoint[]>([]);
  #serving = $state.raw<ModelSnapshot | null>(null);
  #devices = $state.raw<DeviceReport | null>(null);
  #checkpointError = $state.raw<AppError | null>(null);
  #corrupt = $state(0);

  constructor(dependencies: TrainingDependencies) {
    this.#use = dependencies;
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
  /** Kept models of the open shop, newest first, checked against their checksums. */
  get snapshots(): readonly ModelSnapshot[] {
    return this.#snapshots;
  }
  /** The model that the shelves use now. */
  get serving(): ModelSnapshot | null {
    return this.#serving;
  }
  /** What this browser can train on; null until asked (`probe`). */
  get devices(): DeviceReport | null {
    return this.#devices;
  }
  /** Why the newest checkpoint is not kept; a reload would lose the run. */
  get checkpointError(): AppError | null {
    return this.#checkpointError;
  }
  /** Kept models and checkpoints whose checksum did not fit: not used, to be trained again. */
  get corrupt(): number {
    return this.#corrupt;
  }

  /** The interrupted run of a model that can be gone on with; null where there is none. */
  checkpointOf(model: ModelKind): TrainingCheckpoint | null {
    return this.#checkpoints.find((checkpoint) => checkpoint.model === model) ?? null;
  }

  /**
   * Reads what is kept for a shop, checks it, and gives the shelves the preferred model, else the newest. Corrupt
   * or stale records are left out and counted; it is no error to find nothing.
   */
  async open(pack: TrainingPack, preferred: ModelKind): Promise<void> {
    if (this.#pack?.packId !== pack.packId) this.#abort?.abort();
    this.#pack = pack;
    const snapshots: ModelSnapshot[] = [];
    const checkpoints: TrainingCheckpoint[] = [];
    for (const model of MODEL_KINDS) {
      const snapshot = await this.#sound(
        () => this.#use.storage.snapshots.get(pack.packId, model),
        this.#use.verifySnapshot,
      );
      if (snapshot !== null && !isStale(snapshot, pack.fingerprint)) snapshots.push(snapshot);
      const checkpoint = await this.#sound(
        () => this.#use.storage.checkpoints.get(pack.packId, model),
        this.#use.verifyCheckpoint,
      );
      if (checkpoint !== null && isResumable(checkpoint, pack.fingerprint)) checkpoints.push(checkpoint);
    }
    if (this.#pack !== pack) return; // another shop was opened meanwhile
    this.#snapshots = newestFirst(snapshots);
    this.#checkpoints = checkpoints;
    await this.prefer(preferred);
  }

  /** Gives the shelves the kept model of a kind, else the newest of another kind, else none. */
  async prefer(model: ModelKind): Promise<void> {
    const chosen = this.#snapshots.find((snapshot) => snapshot.model === model) ?? this.#snapshots[0] ?? null;
    if (chosen === this.#serving) return;
    this.#serving = chosen;
    await this.#use.serve(chosen);
  }

  /** Asks the worker what this browser can train on. */
  async probe(): Promise<void> {
    try {
      const trainer = await this.#use.trainer();
      this.#devices = await trainer.probe();
    } catch (error) {
      this.#outcome = { type: 'failed', error: AppError.from(error) };
    }
  }

  /**
   * Trains; goes on from the kept checkpoint of the model where one fits and `fresh` is not asked for. Resolves
   * when the run has ended, whatever way; the way is in `outcome`. Does nothing while a run is on.
   */
  async start(choice: TrainingChoice, options: { readonly fresh?: boolean } = {}): Promise<void> {
    const pack = this.#pack;
    if (pack === null || this.#status !== 'idle') return;
    const abort = new AbortController();
    this.#abort = abort;
    this.#status = 'preparing';
    this.#outcome = null;
    try {
      const ran = await withTrainingLock(() =>
        this.#train(pack, choice, options.fresh === true ? null : this.checkpointOf(choice.model), abort),
      );
      if (!ran) await this.#waitForOtherTab(pack, choice.model, abort.signal);
    } catch (error) {
      const failure = AppError.from(error);
      this.#outcome = abort.signal.aborted ? { type: 'cancelled' } : { type: 'failed', error: failure };
    } finally {
      this.#abort = null;
      this.#status = 'idle';
    }
  }

  /** Ends the run; its last checkpoint stays, so that it can be gone on with. */
  cancel(): void {
    this.#abort?.abort();
  }

  /** Forgets everything in memory, for after the visitor's data were erased. The shelves get no model. */
  async forget(): Promise<void> {
    this.#abort?.abort();
    this.#run = null;
    this.#outcome = null;
    this.#snapshots = [];
    this.#checkpoints = [];
    this.#checkpointError = null;
    this.#corrupt = 0;
    this.#serving = null;
    await this.#use.serve(null);
  }

  async #train(
    pack: TrainingPack,
    choice: TrainingChoice,
    checkpoint: TrainingCheckpoint | null,
    abort: AbortController,
  ): Promise<void> {
    const [trainer, interactions] = await Promise.all([this.#use.trainer(), this.#use.interactions()]);
    abort.signal.throwIfAborted();
    this.#checkpointError = null;
    const writer = new LatestWriter<TrainingCheckpoint>(
      async (value) => {
        await this.#use.storage.checkpoints.put(value);
        this.#keepCheckpoint(value.model, value);
        this.#checkpointError = null;
      },
      (error) => {
        this.#checkpointError = AppError.from(error);
      },
    );
    try {
      const { snapshot } = await trainer.train(
        {
          packId: pack.packId,
          packFingerprint: pack.fingerprint,
          model: choice.model,
          hyperparameters: choice.hyperparameters,
          interactions,
          visitor: this.#use.visitorRow(),
          device: choice.device,
          seed: SEED,
          checkpoint,
        },
        {
          signal: abort.signal,
          onProgress: (progress) => this.#show(choice.model, progress, writer),
        },
      );
      await writer.settle({ discard: true });
      this.#status = 'saving';
      await this.#finish(pack, snapshot);
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
        writer.push(progress.checkpoint);
        return;
      default:
        progress satisfies never;
    }
  }

  /** Uses the model at once; keeps it; only a kept model lets the checkpoint go. */
  async #finish(pack: TrainingPack, snapshot: ModelSnapshot): Promise<void> {
    await this.#use.verifySnapshot(snapshot);
    if (this.#pack !== pack) return;
    this.#snapshots = newestFirst([
      ...this.#snapshots.filter((kept) => kept.model !== snapshot.model),
      snapshot,
    ]);
    this.#serving = snapshot;
    await this.#use.serve(snapshot);
    try {
      await this.#use.storage.snapshots.put(snapshot);
      await this.#use.storage.checkpoints.remove(pack.packId, snapshot.model);
      this.#keepCheckpoint(snapshot.model, null);
      this.#outcome = { type: 'done', seconds: snapshot.trainSeconds };
    } catch (error) {
      this.#outcome = { type: 'not-saved', error: AppError.from(error) };
    }
  }

  async #waitForOtherTab(pack: TrainingPack, model: ModelKind, signal: AbortSignal): Promise<void> {
    this.#status = 'elsewhere';
    await trainingLockFree(signal);
    await this.open(pack, model);
  }

  #keepCheckpoint(model: ModelKind, checkpoint: TrainingCheckpoint | null): void {
    const others = this.#checkpoints.filter((kept) => kept.model !== model);
    this.#checkpoints = checkpoint === null ? others : [...others, checkpoint];
  }

  /** A kept record that passes its check; null (and counted) where it does not. */
  async #sound<Kept>(
    read: () => Promise<Kept | null>,
    verify: (record: Kept) => Promise<void>,
  ): Promise<Kept | null> {
    try {
      const record = await read();
      if (record !== null) await verify(record);
      return record;
    } catch (error) {
      if (AppError.from(error).code !== 'snapshot-corrupt') throw error;
      this.#corrupt += 1;
      return null;
    }
  }
}

function newestFirst(snapshots: readonly ModelSnapshot[]): readonly ModelSnapshot[] {
  return snapshots.toSorted((left, right) => right.trainedAt - left.trainedAt);
}
