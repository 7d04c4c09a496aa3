import { checkFinite } from '../../backends/shapes.ts';
import { runInSlices } from '../../backends/slices.ts';
import { sigmoid, softplus, tanh } from '../objective.ts';
import { RowGrouper, type BatchRows } from '../sparse/batch-rows.ts';
import { lazyAdamStep, type LazyAdamState } from '../sparse/lazy-adam.ts';
import type { PairEngine, PairState } from './engine.ts';
import type { PairHyperparameters, PairModelKind } from './hyperparameters.ts';
import type { PairBatch } from './labelled-pairs.ts';
import { trainedOutput } from './score.ts';

/** Pairs between two looks at the clock. */
const PAIRS_A_SLICE = 512;
/** The one row of the output's table. */
const OUTPUT_ROW = 0;

/**
 * The steps of the WebGPU engine in plain loops: gradients in 64 bits and summed in the batch's order, parameters
 * and moments kept in 32.
 */
export class CpuPairEngine implements PairEngine {
  readonly deviceBytes: number;
  readonly #kind: PairModelKind;
  readonly #hyper: PairHyperparameters;
  readonly #state: PairState;
  readonly #userRows: RowGrouper;
  readonly #itemRows: RowGrouper;
  readonly #outputRows: BatchRows;
  /** Scratch, reused by every step: row-sparse gradients, groups × factors, and the output's. */
  readonly #userGradient: Float64Array;
  readonly #itemGradient: Float64Array;
  readonly #outputGradient: Float64Array;
  /** ncf: tanh of one pair. */
  readonly #hidden: Float64Array;
  #loss = 0;

  constructor(kind: PairModelKind, hyper: PairHyperparameters, start: PairState) {
    this.#kind = kind;
    this.#hyper = hyper;
    this.#state = structuredClone(start);
    const { users, items } = this.#state;
    this.#userRows = new RowGrouper(users.steps.length);
    this.#itemRows = new RowGrouper(items.steps.length);
    this.#outputRows = new RowGrouper(1).group(Int32Array.from([OUTPUT_ROW]));
    this.#userGradient = new Float64Array(hyper.batchSize * hyper.factors);
    this.#itemGradient = new Float64Array(hyper.batchSize * hyper.factors);
    this.#outputGradient = new Float64Array(trainedOutput(kind, hyper.factors));
    this.#hidden = new Float64Array(hyper.factors);
    // Each table has two moments beside it.
    const tables = 3 * (users.values.byteLength + items.values.byteLength);
    this.deviceBytes = tables + 2 * this.#userGradient.byteLength;
  }

  step(batch: PairBatch, signal?: AbortSignal): Promise<void> {
    return runInSlices(this.#stepInSlices(batch), signal);
  }

  *#stepInSlices(batch: PairBatch): Generator<void, void> {
    const { factors, learningRate } = this.#hyper;
    const users = this.#userRows.group(batch.user);
    const items = this.#itemRows.group(batch.item);
    this.#userGradient.fill(0, 0, users.count * factors);
    this.#itemGradient.fill(0, 0, items.count * factors);
    this.#outputGradient.fill(0);
    for (let start = 0; start < batch.user.length; start += PAIRS_A_SLICE) {
      const end = Math.min(batch.user.length, start + PAIRS_A_SLICE);
      if (this.#kind === 'logistic') this.#dotPairs(batch, users, items, start, end);
      else this.#tanhPairs(batch, users, items, start, end);
      yield;
    }
    lazyAdamStep(this.#state.users, factors, users, this.#userGradient, learningRate);
    lazyAdamStep(this.#state.items, factors, items, this.#itemGradient, learningRate);
    const trained = this.#outputGradient.length;
    if (trained > 0) {
      lazyAdamStep(this.#state.output, trained, this.#outputRows, this.#outputGradient, learningRate);
    }
  }

  /** dx/dθ_u = α_i, dx/dα_i = θ_u. */
  #dotPairs(batch: PairBatch, users: BatchRows, items: BatchRows, start: number, end: number): void {
    const { factors, regularization } = this.#hyper;
    const theta = this.#state.users.values;
    const alpha = this.#state.items.values;
    const bias = this.#state.output.values[0] ?? 0;
    const userGradient = this.#userGradient;
    const itemGradient = this.#itemGradient;
    let loss = 0;
    for (let place = start; place < end; place++) {
      const user = (users.ids[place] ?? 0) * factors;
      if (user < 0) continue;
      const item = (items.ids[place] ?? 0) * factors;
      let x = bias;
      let norms = 0;
      for (let f = 0; f < factors; f++) {
        const u = theta[user + f] ?? 0;
        const i = alpha[item + f] ?? 0;
        x += u * i;
        norms += u * u + i * i;
      }
      const label = batch.label[place] ?? 0;
      const weight = batch.weight[place] ?? 0;
      loss += weight * (softplus(x) - label * x) + (regularization / 2) * norms;
      const pull = weight * (sigmoid(x) - label);
      const userAt = (users.groups[place] ?? 0) * factors;
      const itemAt = (items.groups[place] ?? 0) * factors;
      for (let f = 0; f < factors; f++) {
        const u = theta[user + f] ?? 0;
        const i = alpha[item + f] ?? 0;
        userGradient[userAt + f] = (userGradient[userAt + f] ?? 0) + pull * i + regularization * u;
        itemGradient[itemAt + f] = (itemGradient[itemAt + f] ?? 0) + pull * u + regularization * i;
      }
    }
    this.#loss += loss;
  }

  /** dx/dθ_u = dx/dα_i = w ∘ (1 − tanh²), dx/dw = tanh, dx/db = 1. */
  #tanhPairs(batch: PairBatch, users: BatchRows, items: BatchRows, start: number, end: number): void {
    const { factors, regularization } = this.#hyper;
    const theta = this.#state.users.values;
    const alpha = this.#state.items.values;
    const output = this.#state.output.values;
    const userGradient = this.#userGradient;
    const itemGradient = this.#itemGradient;
    const outputGradient = this.#outputGradient;
    const hidden = this.#hidden;
    let loss = 0;
    for (let place = start; place < end; place++) {
      const user = (users.ids[place] ?? 0) * factors;
      if (user < 0) continue;
      const item = (items.ids[place] ?? 0) * factors;
      let x = output[factors] ?? 0;
      let norms = 0;
      for (let f = 0; f < factors; f++) {
        const u = theta[user + f] ?? 0;
        const i = alpha[item + f] ?? 0;
        const h = tanh(u + i);
        hidden[f] = h;
        x += (output[f] ?? 0) * h;
        norms += u * u + i * i;
      }
      const label = batch.label[place] ?? 0;
      const weight = batch.weight[place] ?? 0;
      loss += weight * (softplus(x) - label * x) + (regularization / 2) * norms;
      const pull = weight * (sigmoid(x) - label);
      const userAt = (users.groups[place] ?? 0) * factors;
      const itemAt = (items.groups[place] ?? 0) * factors;
      for (let f = 0; f < factors; f++) {
        const h = hidden[f] ?? 0;
        const inner = pull * (output[f] ?? 0) * (1 - h * h);
        userGradient[userAt + f] =
          (userGradient[userAt + f] ?? 0) + inner + regularization * (theta[user + f] ?? 0);
        itemGradient[itemAt + f] =
          (itemGradient[itemAt + f] ?? 0) + inner + regularization * (alpha[item + f] ?? 0);
        outputGradient[f] = (outputGradient[f] ?? 0) + pull * h;
      }
      outputGradient[factors] = (outputGradient[factors] ?? 0) + pull;
    }
    this.#loss += loss;
  }

  takeLoss(): Promise<number> {
    const loss = this.#loss;
    this.#loss = 0;
    return Promise.resolve(loss);
  }

  read(): Promise<PairState> {
    for (const table of Object.values(this.#state) as LazyAdamState[]) {
      for (const values of [table.values, table.moments.first, table.moments.second]) checkFinite(values);
    }
    return Promise.resolve(structuredClone(this.#state));
  }

  dispose(): void {
    // Nothing is held outside of the heap.
  }
}
