import type { TrainingCheckpoint } from '../../types.ts';
import type { Backend } from '../backends/backend.ts';
import { evaluateRankings, type RankingQuality } from '../evaluate/evaluate.ts';
import { foldedMatrix, type HeldOutUser } from '../evaluate/split.ts';
import { IalsFit } from '../ials/fit.ts';
import type { IalsHyperparameters } from '../ials/hyperparameters.ts';
import type { CsrMatrix } from '../matrix/csr.ts';
import type { Run, RunState } from './run.ts';

/** Implicit ALS as a run. Held-out users are folded in and ranked on the backend that trains. */
export class IalsRun implements Run {
  readonly #backend: Backend;
  readonly #fit: IalsFit;
  readonly #items: number;

  private constructor(backend: Backend, fit: IalsFit, items: number) {
    this.#backend = backend;
    this.#fit = fit;
    this.#items = items;
  }

  /** Goes on from `checkpoint`, or begins. Uploads; throws what the backend throws. */
  static open(
    backend: Backend,
    strengths: CsrMatrix,
    hyperparameters: IalsHyperparameters,
    seed: number,
    checkpoint: TrainingCheckpoint | null,
  ): IalsRun {
    const fit =
      checkpoint === null
        ? IalsFit.start(backend, strengths, hyperparameters, seed)
        : IalsFit.resume(backend, strengths, hyperparameters, checkpoint);
    return new IalsRun(backend, fit, strengths.columns);
  }

  get device() {
    return this.#backend.kind;
  }

  get deviceName(): string {
    return this.#backend.name;
  }

  get deviceBytes(): number {
    return this.#backend.deviceBytes;
  }

  iterate(signal: AbortSignal): Promise<{ readonly loss: number }> {
    return this.#fit.iterate(signal);
  }

  async state(): Promise<RunState> {
    return { ...(await this.#fit.factors()), optimizer: {} };
  }

  async evaluate(heldOut: readonly HeldOutUser[], k: number, signal: AbortSignal): Promise<RankingQuality> {
    const folded = foldedMatrix(heldOut, this.#items);
    const users = await this.#fit.foldIn(folded, signal);
    const seen = this.#backend.uploadSparse(folded);
    try {
      const { items } = await this.#backend.topK(
        { users, itemFactors: this.#fit.itemFactors, seen, k },
        signal,
      );
      return evaluateRankings(heldOut, (_, row) => items.subarray(row * k, (row + 1) * k), k);
    } finally {
      users.release();
      seen.release();
    }
  }

  dispose(): void {
    this.#fit.dispose();
  }
}
