import { AppError } from '../../errors.ts';
import type { HeldOutQuality, TrainingCheckpoint, TrainingPoint } from '../../types.ts';
import { evaluateRankings, evaluateScores, type RankingQuality } from '../evaluate/evaluate.ts';
import { holdOutUsers, type HoldOutSplit } from '../evaluate/split.ts';
import { validateCsr } from '../matrix/csr.ts';
import { strengthMatrix } from '../matrix/interactions.ts';
import { popularityScores } from '../popularity/popularity.ts';
import { sealSnapshot } from '../snapshot.ts';
import { fittingCheckpoint, makeCheckpoint, type Shape } from './checkpoint.ts';
import { closeDevice, isDeviceFault, lossOf, type DevicePolicy, type TrainingDevice } from './devices.ts';
import { Pace } from './pace.ts';
import { planFor, type ModelPlan } from './plan.ts';
import type { Run } from './run.ts';
import type { TrainingProgress, TrainingResult, TrainRequest } from './types.ts';

/** Length of the lists that held-out quality is measured on. */
const EVALUATION_K = 10;
/** A loss this many times that of a model that knows nothing means that the steps blow up instead of converging. */
const DIVERGENCE_FACTOR = 10;

export interface TrainOptions {
  readonly devices: DevicePolicy;
  /** Stops between two slices of work with `cancelled`; checkpoints handed out before stay good. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TrainingProgress) => void;
}

/**
 * Trains the request's model on the community's rows and the visitor's, and measures it on community users held
 * out. Survives a device that fails by going on from the last good checkpoint elsewhere. Rejects with
 * `input-invalid`, `hyperparameter-invalid`, `not-enough-data`, `training-diverged` (checkpoints handed out before
 * are from before the divergence), `cancelled`, or a `gpu-…` code where WebGPU was asked for by name.
 */
export async function train(request: TrainRequest, options: TrainOptions): Promise<TrainingResult> {
  const strengths = strengthMatrix(request.interactions, request.visitor);
  validateCsr(strengths); // the visitor's row comes from outside
  const split = holdOutUsers(strengths, { seed: request.seed, candidates: request.interactions.users });
  if (!split.train.data.some((strength) => strength > 0)) {
    throw new AppError('not-enough-data', 'Nobody has shown interest in anything yet.', {
      values: { interactions: split.train.data.length },
      remedy: 'Rate or like a few products first.',
    });
  }
  const checkpoint = await fittingCheckpoint(request, shapeOf(split));
  const overrides = { ...checkpoint?.hyperparameters, ...request.hyperparameters };
  const plan = planFor(request.model, split.train, overrides, request.seed);
  return new Training(request, options, split, plan, checkpoint).run();
}

/** One run from its first device to its snapshot. */
class Training {
  readonly #request: TrainRequest;
  readonly #devices: DevicePolicy;
  readonly #signal: AbortSignal;
  readonly #progress: (progress: TrainingProgress) => void;
  readonly #split: HoldOutSplit;
  readonly #plan: ModelPlan;
  readonly #popularity: RankingQuality;
  readonly #resumedFrom: number;
  readonly #pace: Pace;
  /** The last good state: where a run goes on after its device failed. */
  #checkpoint: TrainingCheckpoint | null;
  #history: readonly TrainingPoint[];

  constructor(
    request: TrainRequest,
    { devices, signal, onProgress }: TrainOptions,
    split: HoldOutSplit,
    plan: ModelPlan,
    checkpoint: TrainingCheckpoint | null,
  ) {
    this.#request = request;
    this.#devices = devices;
    this.#signal = signal ?? new AbortController().signal;
    this.#progress = onProgress ?? (() => undefined);
    this.#split = split;
    this.#plan = plan;
    const popular = popularityScores(split.train);
    this.#popularity = evaluateScores(split.heldOut, () => popular, EVALUATION_K);
    this.#checkpoint = checkpoint;
    this.#resumedFrom = checkpoint?.iteration ?? 0;
    this.#history = checkpoint?.history ?? [];
    this.#pace = new Pace(this.#history.at(-1)?.seconds ?? 0);
  }

  async run(): Promise<TrainingResult> {
    const { fallback, ...first } = await this.#devices.choose(this.#request.device);
    this.#progress({
      type: 'started',
      device: first.backend.kind,
      deviceName: first.backend.name,
      fallback: fallback?.toWire() ?? null,
      users: this.#split.train.rows,
      items: this.#split.train.columns,
      interactions: this.#split.train.data.length,
      heldOutUsers: this.#split.heldOut.length,
      iterations: this.#plan.iterations,
      resumedFrom: this.#resumedFrom,
      hyperparameters: this.#plan.hyperparameters,
      history: this.#history,
      popularityNdcgAt10: this.#popularity.ndcg,
    });
    let device: TrainingDevice = first;
    for (;;) {
      let fault: AppError | null;
      try {
        return await this.#trainOn(device);
      } catch (error) {
        fault = await this.#deviceFault(device, error);
        if (fault === null) throw error;
      } finally {
        closeDevice(device);
      }
      device = await this.#devices.replace(fault);
      this.#history = this.#checkpoint?.history ?? [];
      this.#progress({
        type: 'recovered',
        reason: fault.toWire(),
        device: device.backend.kind,
        deviceName: device.backend.name,
        fromIteration: this.#checkpoint?.iteration ?? 0,
      });
    }
  }

  /** The failure as the device's own where it was; null for one that another device would meet too. */
  async #deviceFault({ backend }: TrainingDevice, error: unknown): Promise<AppError | null> {
    if (backend.kind === 'cpu' || this.#signal.aborted) return null;
    const failure = AppError.from(error);
    if (isDeviceFault(failure)) return failure;
    return lossOf(backend); // whatever was thrown, it came from a device that is gone
  }

  async #trainOn(device: TrainingDevice): Promise<TrainingResult> {
    const run = await this.#plan.open(device, this.#checkpoint);
    try {
      let quality: RankingQuality | null = null;
      for (let iteration = this.#history.length + 1; iteration <= this.#plan.iterations; iteration++) {
        quality = await this.#iterate(device, run, iteration);
      }
      // A resumed run may have had no iteration left to do.
      quality ??= await this.#evaluate(run);
      const result = await this.#result(run, quality);
      await this.#assertAlive(device);
      return result;
    } finally {
      run.dispose();
    }
  }

  /** One iteration with its point and, where due, its evaluation and checkpoint. Nothing of a lost device is told. */
  async #iterate(device: TrainingDevice, run: Run, iteration: number): Promise<RankingQuality | null> {
    const begun = performance.now();
    const { loss } = await run.iterate(this.#signal);
    const seconds = (performance.now() - begun) / 1_000;
    await this.#assertAlive(device);
    this.#assertConverging(loss, iteration);
    const last = iteration === this.#plan.iterations;
    const quality =
      last || this.#pace.evaluationDue ? await this.#pace.evaluate(() => this.#evaluate(run)) : null;
    const point: TrainingPoint = {
      iteration,
      loss,
      ndcgAt10: quality === null || quality.users === 0 ? null : quality.ndcg,
      seconds: this.#pace.seconds,
    };
    const history = [...this.#history, point];
    const { secondsLeft } = this.#pace.iterated(this.#plan.iterations - iteration);
    const checkpoint =
      last || !this.#pace.checkpointDue
        ? null
        : await makeCheckpoint(this.#request, this.#plan, shapeOf(this.#split), await run.state(), history);
    await this.#assertAlive(device);
    this.#history = history;
    this.#progress({
      type: 'point',
      point,
      interactionsPerSecond: this.#split.train.data.length / Math.max(seconds, 1e-6),
      secondsLeft,
      deviceBytes: run.deviceBytes,
    });
    if (checkpoint !== null) {
      this.#checkpoint = checkpoint;
      this.#pace.checkpointed();
      this.#progress({ type: 'checkpoint', checkpoint });
    }
    return quality;
  }

  #evaluate(run: Run): Promise<RankingQuality> | RankingQuality {
    const { heldOut } = this.#split;
    if (heldOut.length === 0) return evaluateRankings([], () => [], EVALUATION_K);
    return run.evaluate(heldOut, EVALUATION_K, this.#signal);
  }

  async #assertAlive({ backend }: TrainingDevice): Promise<void> {
    const loss = await lossOf(backend);
    if (loss !== null) throw loss;
  }

  #assertConverging(loss: number, iteration: number): void {
    const limit = DIVERGENCE_FACTOR * this.#plan.blankLoss;
    if (loss <= limit) return; // false for NaN
    throw new AppError('training-diverged', `Training diverged in iteration ${iteration}.`, {
      values: { iteration, loss: String(loss), limit, goodIteration: this.#checkpoint?.iteration ?? 0 },
      remedy: 'Train again with more regularization or a lower learning rate.',
    });
  }

  async #result(run: Run, quality: RankingQuality): Promise<TrainingResult> {
    const { itemFactors } = await run.state();
    const snapshot = await sealSnapshot({
      packId: this.#request.packId,
      packFingerprint: this.#request.packFingerprint,
      model: this.#request.model,
      items: this.#split.train.columns,
      factors: this.#plan.factors,
      hyperparameters: this.#plan.hyperparameters,
      itemFactors,
      device: run.device,
      deviceName: run.deviceName,
      seed: this.#request.seed,
      iterations: this.#history.length,
      interactions: this.#split.train.data.length,
      trainedAt: Date.now(),
      trainSeconds: this.#pace.seconds,
      quality: this.#qualityOf(quality),
    });
    return { snapshot, history: this.#history };
  }

  #qualityOf({ users, ndcg, recall }: RankingQuality): HeldOutQuality {
    return { users, ndcgAt10: ndcg, recallAt10: recall, popularityNdcgAt10: this.#popularity.ndcg };
  }
}

function shapeOf({ train }: HoldOutSplit): Shape {
  return { users: train.rows, items: train.columns };
}
