/**
 * Loads tfjs: imported dynamically, and only to train on WebGPU. Autograd differentiates the objective, tfjs's Adam
 * applies it: every item is in every step, so that the whole table is what a step touches.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { AppError } from '../../errors.ts';
import { throwIfCancelled } from '../backends/slices.ts';
import type { GpuContext } from '../gpu/context.ts';
import { ADAM } from './adam.ts';
import type { UserBlocks } from './blocks.ts';
import type { LogisticEngine, LogisticStart, LogisticState } from './engine.ts';
import type { LogisticHyperparameters } from './hyperparameters.ts';
import { leaveDevice, readTensor, useDevice } from './tfjs-device.ts';

/** One matrix with the optimizer that knows its moments and how often it was stepped. */
interface Trained {
  readonly variable: tf.Variable<tf.Rank.R2>;
  readonly adam: tf.AdamOptimizer;
}

/** Gradient steps by tfjs on WebGPU. Shapes are the same in every step, so buffers are reused, not added. */
export class TfjsLogisticEngine implements LogisticEngine {
  readonly #backend: WebGPUBackend;
  readonly #gpu: GpuContext;
  readonly #blocks: UserBlocks;
  readonly #hyper: LogisticHyperparameters;
  readonly #shape: { readonly users: number; readonly items: number };
  readonly #items: Trained;
  /** One a block: Adam's moments and step count belong to the rows that were stepped. */
  readonly #users: readonly Trained[];
  readonly #loss: tf.Variable<tf.Rank.R0>;

  private constructor(
    gpu: GpuContext,
    backend: WebGPUBackend,
    blocks: UserBlocks,
    hyper: LogisticHyperparameters,
    state: LogisticState,
    items: Trained,
    users: readonly Trained[],
  ) {
    this.#gpu = gpu;
    this.#backend = backend;
    this.#blocks = blocks;
    this.#hyper = hyper;
    this.#shape = { users: state.userFactors.length / hyper.factors, items: blocks.items };
    this.#items = items;
    this.#users = users;
    this.#loss = tf.tidy(() => tf.variable(tf.scalar(0), false));
  }

  /**
   * Registers tfjs's backend on the given device and uploads the state. One engine at a time: tfjs's backends are
   * global. Throws `gpu-unavailable` where tfjs refuses the device.
   */
  static async open(
    gpu: GpuContext,
    blocks: UserBlocks,
    hyper: LogisticHyperparameters,
    start: LogisticStart,
  ): Promise<TfjsLogisticEngine> {
    const backend = await useDevice(gpu);
    const { factors } = hyper;
    const { state, epochs } = start;
    const { optimizer } = state;
    const items = await train(
      [blocks.items, factors],
      state.itemFactors,
      [optimizer.itemFirstMoment, optimizer.itemSecondMoment],
      epochs * blocks.count,
      hyper.learningRate,
    );
    const users: Trained[] = [];
    for (let block = 0; block < blocks.count; block++) {
      const gather = (values: Float32Array): Float32Array => gatherRows(values, blocks, block, factors);
      const moments = [gather(optimizer.userFirstMoment), gather(optimizer.userSecondMoment)] as const;
      users.push(
        await train([blocks.rows, factors], gather(state.userFactors), moments, epochs, hyper.learningRate),
      );
    }
    return new TfjsLogisticEngine(gpu, backend, blocks, hyper, state, items, users);
  }

  get deviceBytes(): number {
    return this.#backend.memory().numBytesAllocatedInGPU;
  }

  async step(block: number, cells: Float32Array<ArrayBuffer>, signal?: AbortSignal): Promise<void> {
    const users = this.#users[block];
    if (users === undefined) throw new AppError('internal', `No block ${block}.`, { values: { block } });
    tf.tidy(() => {
      const signed = tf.tensor2d(cells, [this.#blocks.rows, this.#blocks.items]);
      const target = tf.sign(signed); // t; 0 in rows that only fill up the block
      const weight = tf.abs(signed);
      const { regularization, intercept } = this.#hyper;
      const share = this.#blocks.usersOf(block).length / this.#blocks.users;
      const variables = [users.variable, this.#items.variable];
      const { value, grads } = tf.variableGrads(() => {
        const scores = tf.matMul(users.variable, this.#items.variable, false, true);
        const margin = tf.mul(target, tf.add(scores, intercept));
        const logLoss = tf.sum(tf.mul(weight, tf.softplus(tf.neg(margin))));
        const userNorm = tf.sum(tf.square(users.variable));
        const itemNorm = tf.sum(tf.square(this.#items.variable));
        const norms = tf.add(userNorm, tf.mul(itemNorm, share));
        return tf.add<tf.Scalar>(logLoss, tf.mul(norms, regularization / 2));
      }, variables);
      for (const { variable, adam } of [users, this.#items]) {
        const gradient = grads[variable.name];
        if (gradient === undefined) throw new AppError('internal', 'A matrix got no gradient.');
        adam.applyGradients([{ name: variable.name, tensor: gradient }]);
      }
      this.#loss.assign(tf.add(this.#loss, value));
    });
    // Keeps the queue short: a cancel or a lost device is seen after one step, not after a hundred.
    await this.#gpu.settle();
    throwIfCancelled(signal);
  }

  async takeLoss(): Promise<number> {
    const [loss] = await readTensor(this.#loss);
    tf.tidy(() => this.#loss.assign(tf.scalar(0)));
    return loss ?? NaN;
  }

  readItemFactors(): Promise<Values> {
    return readTensor(this.#items.variable);
  }

  async read(): Promise<LogisticState> {
    const { factors } = this.#hyper;
    const blank = (): Float32Array<ArrayBuffer> => new Float32Array(this.#shape.users * factors);
    const userFactors = blank();
    const first = blank();
    const second = blank();
    for (const [block, trained] of this.#users.entries()) {
      const [values, m, v] = await this.#readTrained(trained);
      scatterRows(userFactors, values, this.#blocks, block, factors);
      scatterRows(first, m, this.#blocks, block, factors);
      scatterRows(second, v, this.#blocks, block, factors);
    }
    const [itemFactors, itemFirstMoment, itemSecondMoment] = await this.#readTrained(this.#items);
    return {
      userFactors,
      itemFactors,
      optimizer: { userFirstMoment: first, userSecondMoment: second, itemFirstMoment, itemSecondMoment },
    };
  }

  dispose(): void {
    for (const { variable, adam } of [this.#items, ...this.#users]) {
      variable.dispose();
      adam.dispose();
    }
    this.#loss.dispose();
    leaveDevice();
  }

  async #readTrained({ variable, adam }: Trained): Promise<readonly [Values, Values, Values]> {
    const weights = await adam.getWeights();
    const [iterations, m, v] = weights;
    iterations?.tensor.dispose(); // made by getWeights, unlike the moments
    if (m === undefined || v === undefined) throw new AppError('internal', 'An optimizer has no moments.');
    return [await readTensor(variable), await readTensor(m.tensor), await readTensor(v.tensor)];
  }
}

type Values = Float32Array<ArrayBuffer>;

async function train(
  shape: [number, number],
  values: Float32Array,
  moments: readonly [Float32Array, Float32Array],
  steps: number,
  learningRate: number,
): Promise<Trained> {
  const variable = tf.tidy(() => tf.variable(tf.tensor2d(values.slice(), shape)));
  const adam = tf.train.adam(learningRate, ADAM.beta1, ADAM.beta2, ADAM.epsilon);
  // setWeights keeps what it is given as variables of its own; the tensors handed in are then not needed.
  const weights = [
    { name: 'iter', tensor: tf.scalar(steps, 'int32') },
    ...moments.map((moment, slot) => ({ name: `moment${slot}`, tensor: tf.tensor2d(moment.slice(), shape) })),
  ];
  await adam.setWeights(weights);
  tf.dispose(weights.map(({ tensor }) => tensor));
  return { variable, adam };
}

/** The rows of a block's users one after another, filled up with zeros. */
function gatherRows(values: Float32Array, blocks: UserBlocks, block: number, factors: number): Float32Array {
  const gathered = new Float32Array(blocks.rows * factors);
  blocks.usersOf(block).forEach((user, row) => {
    gathered.set(values.subarray(user * factors, (user + 1) * factors), row * factors);
  });
  return gathered;
}

/** The inverse of gatherRows. */
function scatterRows(
  values: Float32Array,
  gathered: Float32Array,
  blocks: UserBlocks,
  block: number,
  factors: number,
): void {
  blocks.usersOf(block).forEach((user, row) => {
    values.set(gathered.subarray(row * factors, (row + 1) * factors), user * factors);
  });
}
