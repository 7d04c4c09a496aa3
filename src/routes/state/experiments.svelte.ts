import { AppError } from '../../lib/errors.ts';
import type {
  ExperimentProgress,
  ExperimentRequest,
  ModelName,
  PairedComparison,
  TrainerClient,
} from '../../lib/model/index.ts';
import type { Storage } from '../../lib/storage/types.ts';
import type { Experiment, ExperimentPlan, ExperimentPoint, InteractionColumns } from '../../lib/types.ts';
import { PairedComparisons } from './paired-comparisons.ts';
import type { TrainingPack } from './training-types.ts';

/** Names the comparison of a page's choices; the models come one after the other. */
export type ExperimentChoice = Pick<
  ExperimentRequest,
  'hyperparameters' | 'split' | 'k' | 'seed' | 'device' | 'tuneSeconds'
> & { readonly models: readonly ModelName[] };

export interface ExperimentsDependencies {
  readonly storage: Pick<Storage, 'experiments' | 'plans'>;
  /** Starts a worker of its own: a comparison must not hold up the shop's training. */
  readonly startTrainer: () => Pick<TrainerClient, 'experiment' | 'compare' | 'dispose'>;
  readonly interactions: () => Promise<InteractionColumns>;
  /** The open shop; `name` is its id: experiments outlast a change of language. */
  readonly pack: () => (TrainingPack & { readonly name: string }) | null;
}

/** The model that is being fitted now. */
export interface RunningExperiment {
  readonly model: string;
  /** 1-based, of `of`. */
  readonly number: number;
  readonly of: number;
  /** Of a cross-validation the part that runs, from 1; null for one split. */
  readonly fold: { readonly number: number; readonly of: number } | null;
  readonly stage: 'preparing' | 'searching' | 'fitting' | 'testing';
  readonly deviceName: string;
  readonly iterations: number;
  readonly points: readonly ExperimentPoint[];
  readonly trials: number;
  /** Best validation value of the search; null before the first trial. */
  readonly best: number | null;
  /** Seconds, by the passes so far or the search's budget; null while nothing is known. */
  readonly secondsLeft: number | null;
}

/**
 * Compares models on the open shop's community, one after the other, in a worker of its own. What has come out is kept at once,
 * and what is still to do as well: after a reload the rest can be gone on with.
 */
export class Experiments {
  readonly #use: ExperimentsDependencies;
  #abort: AbortController | null = null;
  readonly #pairs: PairedComparisons;

  #all = $state.raw<readonly Experiment[]>([]);
  #running = $state.raw<RunningExperiment | null>(null);
  #waiting = $state.raw<ExperimentPlan | null>(null);
  #failures = $state.raw<readonly { readonly model: string; readonly error: AppError }[]>([]);
  #error = $state.raw<AppError | null>(null);

  constructor(dependencies: ExperimentsDependencies) {
    this.#use = dependencies;
    this.#pairs = new PairedComparisons(dependencies.startTrainer);
  }

  /** Newest first, of every shop. */
  get all(): readonly Experiment[] {
    return this.#all;
  }
  get running(): RunningExperiment | null {
    return this.#running;
  }
  /** A comparison that was interrupted and can be gone on with; null where there is none, or one runs. */
  get waiting(): ExperimentPlan | null {
    return this.#running === null ? this.#waiting : null;
  }
  /** Models of the last comparison that could not be fitted, and why; the others went on. */
  get failures(): readonly { readonly model: string; readonly error: AppError }[] {
    return this.#failures;
  }
  /** Why the comparison as a whole could not go on. */
  get error(): AppError | null {
    return this.#error;
  }

  /** Reads what is kept. A failure is in `error`. */
  async read(): Promise<void> {
    try {
      this.#all = await this.#use.storage.experiments.list();
      this.#waiting = await this.#use.storage.plans.get();
    } catch (error) {
      this.#error = AppError.from(error);
    }
  }

  /** Resolves when the comparison has ended, whatever way. Does nothing while one runs or no shop is open. */
  async start(choice: ExperimentChoice): Promise<void> {
    const pack = this.#use.pack();
    if (pack === null) return;
    const { models, ...rest } = choice;
    await this.#run({
      ...{ version: 1, id: 'plan', ...rest, packId: pack.packId, fingerprint: pack.fingerprint },
      ...{ models: [...models], done: 0, search: null, folds: [] },
    });
  }

  /** Goes on with the interrupted comparison. */
  async resume(): Promise<void> {
    if (this.#waiting !== null) await this.#run(this.#waiting);
  }

  /** Ends the comparison; what is not done yet can be gone on with. */
  pause(): void {
    this.#abort?.abort();
  }

  /** Forgets what was interrupted. */
  async drop(): Promise<void> {
    await this.#keep(null);
  }

  /** How the second does against the first, user by user; null where they were not tested on the same users. */
  compare(first: Experiment, second: Experiment): Promise<PairedComparison | null> {
    return this.#pairs.of(first, second);
  }

  async rename(id: string, name: string): Promise<void> {
    await this.#use.storage.experiments.rename(id, name);
    this.#all = this.#all.map((one) => (one.id === id ? { ...one, name } : one));
  }

  /** Removes experiments; `restore` puts them back. */
  async remove(ids: readonly string[]): Promise<{ readonly restore: () => Promise<void> }> {
    const removed = await this.#use.storage.experiments.remove(ids);
    this.#all = this.#all.filter(({ id }) => !ids.includes(id));
    return {
      restore: async () => {
        for (const one of removed) await this.#use.storage.experiments.put(one);
        await this.read();
      },
    };
  }

  async #run(plan: ExperimentPlan): Promise<void> {
    const pack = this.#use.pack();
    if (this.#running !== null || pack?.fingerprint !== plan.fingerprint) return;
    const abort = new AbortController();
    this.#abort = abort;
    this.#failures = [];
    this.#error = null;
    this.#show(plan);
    const trainer = this.#use.startTrainer();
    try {
      let left: ExperimentPlan | null = plan;
      await this.#keep(left);
      const interactions = await this.#use.interactions();
      while (left !== null) {
        abort.signal.throwIfAborted();
        this.#show(left);
        left = await this.#runNext(trainer, left, { pack, interactions, signal: abort.signal });
        await this.#keep(left);
      }
    } catch (error) {
      if (!abort.signal.aborted) this.#error = AppError.from(error);
    } finally {
      trainer.dispose();
      this.#abort = null;
      this.#running = null;
    }
  }

  /** Fits the first model that is left and keeps its result; a model that fails does not keep the others from their turn. */
  async #runNext(
    trainer: Pick<TrainerClient, 'experiment'>,
    plan: ExperimentPlan,
    { pack, interactions, signal }: RunContext,
  ): Promise<ExperimentPlan | null> {
    const [model = '', ...later] = plan.models;
    const { hyperparameters, split, k, seed, device, tuneSeconds, search, folds } = plan;
    try {
      const result = await trainer.experiment(
        {
          model: model as ModelName,
          ...{ hyperparameters, split, k, seed, device, tuneSeconds, search, folds, interactions },
        },
        { signal, onProgress: (progress) => this.#progress(plan, progress) },
      );
      const experiment: Experiment = {
        ...{ version: 1, id: crypto.randomUUID(), name: '', at: Date.now(), ...result },
        data: { ...result.data, name: pack.name, fingerprint: pack.fingerprint },
      };
      await this.#use.storage.experiments.put(experiment);
      this.#all = [experiment, ...this.#all];
    } catch (error) {
      if (signal.aborted) throw error;
      this.#failures = [...this.#failures, { model, error: AppError.from(error) }];
    }
    if (later.length === 0) return null;
    return { ...plan, models: later, done: plan.done + 1, search: null, folds: [] };
  }

  #show({ models, done }: ExperimentPlan): void {
    this.#running = {
      ...{ model: models[0] ?? '', number: done + 1, of: done + models.length, stage: 'preparing' },
      fold: null,
      ...{ deviceName: '', iterations: 0, points: [], trials: 0, best: null, secondsLeft: null },
    };
  }

  #progress(plan: ExperimentPlan, progress: ExperimentProgress): void {
    const running = this.#running;
    if (running === null) return;
    switch (progress.type) {
      case 'fold':
        this.#running = {
          ...running,
          ...{ fold: { number: progress.fold, of: progress.of }, stage: 'preparing', points: [] },
          ...{ trials: 0, best: null, secondsLeft: null },
        };
        return;
      case 'folded': {
        const { folds } = this.#waiting ?? plan;
        this.#keepInPassing({ ...plan, search: null, folds: [...folds, progress.outcome] });
        return;
      }
      case 'started':
        this.#running = {
          ...running,
          ...{ stage: 'fitting', points: [], secondsLeft: null },
          ...{ deviceName: progress.deviceName, iterations: progress.iterations },
        };
        return;
      case 'point': {
        const { iteration, seconds } = progress.point;
        const whole = (seconds / iteration) * running.iterations;
        const later = running.fold === null ? 0 : running.fold.of - running.fold.number;
        const secondsLeft = Math.max(0, whole - seconds) + later * whole;
        this.#running = { ...running, points: [...running.points, progress.point], secondsLeft };
        return;
      }
      case 'trial': {
        const { trials, best, secondsLeft } = progress;
        this.#running = { ...running, stage: 'searching', trials, best, secondsLeft };
        this.#keepInPassing({ ...(this.#waiting ?? plan), search: progress.search });
        return;
      }
      case 'testing':
        this.#running = { ...running, stage: 'testing', secondsLeft: null };
        return;
      default:
        progress satisfies never;
    }
  }

  /** A search or a part that a reload would lose is hours for nothing; a failure to keep it stops nothing. */
  #keepInPassing(plan: ExperimentPlan): void {
    void this.#keep(plan).catch((error: unknown) => {
      this.#error = AppError.from(error);
    });
  }

  async #keep(plan: ExperimentPlan | null): Promise<void> {
    this.#waiting = plan;
    if (plan === null) await this.#use.storage.plans.remove();
    else await this.#use.storage.plans.put(plan);
  }
}

interface RunContext {
  readonly pack: TrainingPack & { readonly name: string };
  readonly interactions: InteractionColumns;
  readonly signal: AbortSignal;
}
