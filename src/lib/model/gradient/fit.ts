import { AppError } from '../../errors.ts';
import type { CsrMatrix } from '../matrix/csr.ts';
import { normalMatrix } from '../matrix/random.ts';
import { UserBlocks } from './blocks.ts';
import { OPTIMIZER_SLOTS, type LogisticEngine, type LogisticStart, type LogisticState } from './engine.ts';
import type { LogisticHyperparameters } from './hyperparameters.ts';

/** Standard deviation of the first factors, times √factors: scores start near 0, where the sigmoid is steepest. */
const INITIAL_SCALE = 0.5;

/** Makes the engine of a run: WebGPU through tfjs, or the CPU. */
export type OpenEngine = (
  blocks: UserBlocks,
  hyperparameters: LogisticHyperparameters,
  start: LogisticStart,
) => Promise<LogisticEngine>;

/**
 * A logistic factorization in progress. An iteration is one pass over all blocks of users in seeded order. After a
 * call that rejected (cancel, lost device) the factors are in the middle of an iteration: go on from a checkpoint
 * with `resume`.
 */
export class LogisticFit {
  readonly #engine: LogisticEngine;
  readonly #blocks: UserBlocks;
  readonly #observed: number;
  readonly #cells: Float32Array<ArrayBuffer>;
  #epochs: number;

  private constructor(engine: LogisticEngine, blocks: UserBlocks, observed: number, epochs: number) {
    this.#engine = engine;
    this.#blocks = blocks;
    this.#observed = observed;
    this.#epochs = epochs;
    this.#cells = new Float32Array(blocks.rows * blocks.items);
  }

  /** Begins from seeded normal factors. Throws what `open` throws. */
  static async start(
    open: OpenEngine,
    strengths: CsrMatrix,
    hyperparameters: LogisticHyperparameters,
    seed: number,
  ): Promise<LogisticFit> {
    const { factors } = hyperparameters;
    const scale = INITIAL_SCALE / Math.sqrt(factors);
    const zeros = (rows: number): Float32Array<ArrayBuffer> => new Float32Array(rows * factors);
    const state: LogisticState = {
      userFactors: normalMatrix(strengths.rows, factors, scale, seed),
      // Another stream than the users': equal ones would start at cos = 1.
      itemFactors: normalMatrix(strengths.columns, factors, scale, seed ^ 0x5eed),
      optimizer: {
        userFirstMoment: zeros(strengths.rows),
        userSecondMoment: zeros(strengths.rows),
        itemFirstMoment: zeros(strengths.columns),
        itemSecondMoment: zeros(strengths.columns),
      },
    };
    for (let user = 0; user < strengths.rows; user++) {
      if (strengths.indptr[user] !== strengths.indptr[user + 1]) continue;
      state.userFactors.fill(0, user * factors, (user + 1) * factors); // never trained, never used
    }
    return LogisticFit.#open(open, strengths, hyperparameters, seed, { state, epochs: 0 });
  }

  /**
   * Goes on after `epochs` iterations from a state read earlier, on this engine or another. Throws `input-invalid`
   * where the state is not of the matrix's shape.
   */
  static async resume(
    open: OpenEngine,
    strengths: CsrMatrix,
    hyperparameters: LogisticHyperparameters,
    seed: number,
    start: LogisticStart,
  ): Promise<LogisticFit> {
    const users = strengths.rows * hyperparameters.factors;
    const items = strengths.columns * hyperparameters.factors;
    const { userFactors, itemFactors, optimizer } = start.state;
    const fits =
      userFactors.length === users &&
      itemFactors.length === items &&
      OPTIMIZER_SLOTS.every((slot) => optimizer[slot].length === (slot.startsWith('user') ? users : items));
    if (!fits) throw new AppError('input-invalid', 'Factors of another shape than the matrix.');
    return LogisticFit.#open(open, strengths, hyperparameters, seed, start);
  }

  static async #open(
    open: OpenEngine,
    strengths: CsrMatrix,
    hyperparameters: LogisticHyperparameters,
    seed: number,
    start: LogisticStart,
  ): Promise<LogisticFit> {
    const blocks = new UserBlocks(strengths, hyperparameters, seed);
    const engine = await open(blocks, hyperparameters, start);
    return new LogisticFit(engine, blocks, strengths.indices.length, start.epochs);
  }

  /** Bytes allocated on the device. */
  get deviceBytes(): number {
    return this.#engine.deviceBytes;
  }

  /**
   * One pass. `loss` is the objective per observed interaction, each block's at the factors it met. Throws
   * `cancelled` between two blocks.
   */
  async iterate(signal?: AbortSignal): Promise<{ readonly loss: number }> {
    for (const block of this.#blocks.orderOf(this.#epochs)) {
      this.#blocks.fill(block, this.#cells);
      await this.#engine.step(block, this.#cells, signal);
    }
    this.#epochs++;
    return { loss: (await this.#engine.takeLoss()) / Math.max(1, this.#observed) };
  }

  /** Awaited, checked copies. Throws `training-diverged` where a value is not finite. */
  state(): Promise<LogisticState> {
    return this.#engine.read();
  }

  /** As `state`, the item factors alone. */
  itemFactors(): Promise<Float32Array<ArrayBuffer>> {
    return this.#engine.readItemFactors();
  }

  /** Frees what the engine holds. */
  dispose(): void {
    this.#engine.dispose();
  }
}
