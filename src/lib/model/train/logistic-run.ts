import type { DeviceKind, TrainingCheckpoint } from '../../types.ts';
import { runInSlices } from '../backends/slices.ts';
import { evaluateRankings, type RankingQuality } from '../evaluate/evaluate.ts';
import { rankTopK } from '../evaluate/rank.ts';
import type { HeldOutUser } from '../evaluate/split.ts';
import { CpuLogisticEngine } from '../gradient/engine-cpu.ts';
import type { LogisticStart, OptimizerSlot } from '../gradient/engine.ts';
import { LogisticFit, type OpenEngine } from '../gradient/fit.ts';
import type { LogisticHyperparameters } from '../gradient/hyperparameters.ts';
import type { CsrMatrix } from '../matrix/csr.ts';
import { logisticFoldIn } from '../recommend/fold-in-logistic.ts';
import type { TrainingDevice } from './devices.ts';
import type { Run, RunState } from './run.ts';

/** The logistic factorization as a run: by tfjs where the device is a GPU, else by the CPU engine. */
export class LogisticRun implements Run {
  readonly device: DeviceKind;
  readonly deviceName: string;
  readonly #fit: LogisticFit;
  readonly #items: number;
  readonly #hyperparameters: LogisticHyperparameters;

  private constructor(
    { backend }: TrainingDevice,
    fit: LogisticFit,
    items: number,
    hyperparameters: LogisticHyperparameters,
  ) {
    this.device = backend.kind;
    this.deviceName = backend.name;
    this.#fit = fit;
    this.#items = items;
    this.#hyperparameters = hyperparameters;
  }

  /** Goes on from `checkpoint`, or begins. tfjs is loaded here, and only for a GPU. */
  static async open(
    device: TrainingDevice,
    strengths: CsrMatrix,
    hyperparameters: LogisticHyperparameters,
    seed: number,
    checkpoint: TrainingCheckpoint | null,
  ): Promise<LogisticRun> {
    const open = await engineFor(device);
    const fit =
      checkpoint === null
        ? await LogisticFit.start(open, strengths, hyperparameters, seed)
        : await LogisticFit.resume(open, strengths, hyperparameters, seed, startFrom(checkpoint));
    return new LogisticRun(device, fit, strengths.columns, hyperparameters);
  }

  get deviceBytes(): number {
    return this.#fit.deviceBytes;
  }

  iterate(signal: AbortSignal): Promise<{ readonly loss: number }> {
    return this.#fit.iterate(signal);
  }

  state(): Promise<RunState> {
    return this.#fit.state();
  }

  /** By the very fold-in that serves the visitor, in 64 bits on the CPU. */
  async evaluate(heldOut: readonly HeldOutUser[], k: number, signal: AbortSignal): Promise<RankingQuality> {
    const factorMatrix = {
      items: this.#items,
      factors: this.#hyperparameters.factors,
      data: await this.#fit.itemFactors(),
    };
    const foldIn = logisticFoldIn(factorMatrix, { ...this.#hyperparameters });
    const rankings: Int32Array[] = [];
    await runInSlices(
      (function* () {
        for (const { item, strength } of heldOut) {
          rankings.push(rankTopK(foldIn.fold({ item, strength }).scores.all, item, k));
          yield;
        }
      })(),
      signal,
    );
    return evaluateRankings(heldOut, (_, row) => rankings[row] ?? [], k);
  }

  dispose(): void {
    this.#fit.dispose();
  }
}

async function engineFor({ gpu }: TrainingDevice): Promise<OpenEngine> {
  if (gpu === null) {
    return (blocks, hyperparameters, start) =>
      Promise.resolve(new CpuLogisticEngine(blocks, hyperparameters, start));
  }
  const { TfjsLogisticEngine } = await import('../gradient/engine-tfjs.ts');
  return (blocks, hyperparameters, start) => TfjsLogisticEngine.open(gpu, blocks, hyperparameters, start);
}

/** A slot that the checkpoint lacks becomes empty, which `LogisticFit.resume` refuses. */
function startFrom({ userFactors, itemFactors, optimizer, iteration }: TrainingCheckpoint): LogisticStart {
  const slot = (name: OptimizerSlot): Float32Array<ArrayBuffer> => optimizer[name] ?? new Float32Array();
  return {
    state: {
      userFactors,
      itemFactors,
      optimizer: {
        userFirstMoment: slot('userFirstMoment'),
        userSecondMoment: slot('userSecondMoment'),
        itemFirstMoment: slot('itemFirstMoment'),
        itemSecondMoment: slot('itemSecondMoment'),
      },
    },
    epochs: iteration,
  };
}
