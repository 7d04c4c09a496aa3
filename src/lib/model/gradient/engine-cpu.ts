import { checkFinite } from '../backends/shapes.ts';
import { runInSlices } from '../backends/slices.ts';
import { adamStep } from './adam.ts';
import type { UserBlocks } from './blocks.ts';
import type { LogisticEngine, LogisticStart, LogisticState } from './engine.ts';
import type { LogisticHyperparameters } from './hyperparameters.ts';
import { sigmoid, softplus } from './objective.ts';

/**
 * The steps of the WebGPU engine in plain loops: gradients in 64 bits, parameters and moments kept in 32. For a
 * block, with G the derivative of the log-loss by x: dΘ = G A + λ Θ and dA = Gᵀ Θ + λ A · (the block's share of
 * the users), so that a pass over all blocks regularizes the items once.
 */
export class CpuLogisticEngine implements LogisticEngine {
  readonly deviceBytes: number;
  readonly #blocks: UserBlocks;
  readonly #hyper: LogisticHyperparameters;
  readonly #state: LogisticState;
  /** Scratch, reused by every step: items × factors and one user's row. */
  readonly #itemGradient: Float64Array;
  readonly #userGradient: Float64Array;
  readonly #userSteps: Int32Array;
  #itemSteps: number;
  #loss = 0;

  constructor(blocks: UserBlocks, hyper: LogisticHyperparameters, start: LogisticStart) {
    this.#blocks = blocks;
    this.#hyper = hyper;
    this.#state = structuredClone(start.state);
    this.#itemGradient = new Float64Array(blocks.items * hyper.factors);
    this.#userGradient = new Float64Array(hyper.factors);
    this.#userSteps = new Int32Array(blocks.count).fill(start.epochs);
    this.#itemSteps = start.epochs * blocks.count;
    const { userFactors, itemFactors } = this.#state;
    // Each matrix has two moments beside it.
    this.deviceBytes = 3 * (userFactors.byteLength + itemFactors.byteLength) + this.#itemGradient.byteLength;
  }

  step(block: number, cells: Float32Array<ArrayBuffer>, signal?: AbortSignal): Promise<void> {
    return runInSlices(this.#stepRows(block, cells), signal);
  }

  *#stepRows(block: number, cells: Float32Array): Generator<void, void> {
    const { factors, regularization, learningRate } = this.#hyper;
    const { userFactors, itemFactors, optimizer } = this.#state;
    const users = this.#blocks.usersOf(block);
    const share = users.length / this.#blocks.users;
    for (let index = 0; index < this.#itemGradient.length; index++) {
      const value = itemFactors[index] ?? 0;
      this.#itemGradient[index] = regularization * share * value;
      this.#loss += (regularization / 2) * share * value * value;
    }
    const userStep = (this.#userSteps[block] ?? 0) + 1;
    this.#userSteps[block] = userStep;
    for (const [row, user] of users.entries()) {
      const extent = [user * factors, (user + 1) * factors] as const;
      const theta = userFactors.subarray(...extent);
      this.#accumulate(theta, cells.subarray(row * this.#blocks.items, (row + 1) * this.#blocks.items));
      const moments = {
        first: optimizer.userFirstMoment.subarray(...extent),
        second: optimizer.userSecondMoment.subarray(...extent),
      };
      // The items' gradient has taken in the old row already.
      adamStep(theta, this.#userGradient, moments, userStep, learningRate);
      yield;
    }
    this.#itemSteps++;
    const moments = { first: optimizer.itemFirstMoment, second: optimizer.itemSecondMoment };
    adamStep(itemFactors, this.#itemGradient, moments, this.#itemSteps, learningRate);
  }

  /** Fills the gradient of one user's row and adds what it contributes to the items' gradient and the loss. */
  #accumulate(theta: Float32Array, cells: Float32Array): void {
    const { factors, regularization, intercept } = this.#hyper;
    const { itemFactors } = this.#state;
    const itemGradient = this.#itemGradient;
    const userGradient = this.#userGradient;
    for (let f = 0; f < factors; f++) {
      const value = theta[f] ?? 0;
      userGradient[f] = regularization * value;
      this.#loss += (regularization / 2) * value * value;
    }
    for (let item = 0; item < cells.length; item++) {
      const cell = cells[item] ?? 0;
      const base = item * factors;
      let x = intercept;
      for (let f = 0; f < factors; f++) x += (theta[f] ?? 0) * (itemFactors[base + f] ?? 0);
      const margin = cell < 0 ? -x : x; // t x
      this.#loss += Math.abs(cell) * softplus(-margin);
      const gradient = -cell * sigmoid(-margin);
      for (let f = 0; f < factors; f++) {
        userGradient[f] = (userGradient[f] ?? 0) + gradient * (itemFactors[base + f] ?? 0);
        itemGradient[base + f] = (itemGradient[base + f] ?? 0) + gradient * (theta[f] ?? 0);
      }
    }
  }

  takeLoss(): Promise<number> {
    const loss = this.#loss;
    this.#loss = 0;
    return Promise.resolve(loss);
  }

  read(): Promise<LogisticState> {
    const { userFactors, itemFactors, optimizer } = this.#state;
    for (const values of [userFactors, itemFactors, ...Object.values(optimizer)]) checkFinite(values);
    return Promise.resolve(structuredClone(this.#state));
  }

  readItemFactors(): Promise<Float32Array<ArrayBuffer>> {
    checkFinite(this.#state.itemFactors);
    return Promise.resolve(this.#state.itemFactors.slice());
  }

  dispose(): void {
    // Nothing is held outside of the heap.
  }
}
