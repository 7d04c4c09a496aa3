/** Loads tfjs: imported dynamically, and only to train on WebGPU. */
import * as tf from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { AppError } from '../../../errors.ts';
import { throwIfCancelled } from '../../backends/slices.ts';
import type { GpuContext } from '../../gpu/context.ts';
import { RowGrouper, type BatchRows } from '../sparse/batch-rows.ts';
import { registerSparseKernels, rowSums } from '../sparse/tfjs-kernels.ts';
import { TfjsLazyTable } from '../sparse/tfjs-table.ts';
import { leaveDevice, readTensor, useDevice } from '../tfjs-device.ts';
import type { PairEngine, PairState } from './engine.ts';
import type { PairHyperparameters, PairModelKind } from './hyperparameters.ts';
import type { PairBatch } from './labelled-pairs.ts';

/**
 * Steps by tfjs on WebGPU: autograd differentiates the objective by the rows that were taken, the sparse kernels sum
 * and apply. Every batch has the same shapes, so buffers are reused, not added.
 */
export class TfjsPairEngine implements PairEngine {
  readonly #gpu: GpuContext;
  readonly #backend: WebGPUBackend;
  readonly #kind: PairModelKind;
  readonly #hyper: PairHyperparameters;
  readonly #users: TfjsLazyTable;
  readonly #items: TfjsLazyTable;
  readonly #output: TfjsLazyTable;
  readonly #userRows: RowGrouper;
  readonly #itemRows: RowGrouper;
  readonly #outputRows: BatchRows;
  readonly #loss: tf.Variable<tf.Rank.R0>;

  private constructor(
    gpu: GpuContext,
    backend: WebGPUBackend,
    kind: PairModelKind,
    hyper: PairHyperparameters,
    start: PairState,
  ) {
    this.#gpu = gpu;
    this.#backend = backend;
    this.#kind = kind;
    this.#hyper = hyper;
    const { factors, learningRate } = hyper;
    this.#users = new TfjsLazyTable(start.users, factors, learningRate);
    this.#items = new TfjsLazyTable(start.items, factors, learningRate);
    this.#output = new TfjsLazyTable(start.output, start.output.values.length, learningRate);
    this.#userRows = new RowGrouper(this.#users.rows);
    this.#itemRows = new RowGrouper(this.#items.rows);
    this.#outputRows = new RowGrouper(1).group(Int32Array.from([0]));
    this.#loss = tf.tidy(() => tf.variable(tf.scalar(0), false));
  }

  /**
   * Registers tfjs's backend on the given device and uploads the state. One engine at a time: tfjs's backends are
   * global. Throws `gpu-unavailable` where tfjs refuses the device, `gpu-out-of-memory` for a table (with its
   * moments, 12 bytes a value) larger than a binding of the device.
   */
  static async open(
    gpu: GpuContext,
    kind: PairModelKind,
    hyper: PairHyperparameters,
    start: PairState,
  ): Promise<TfjsPairEngine> {
    for (const { values } of [start.users, start.items]) {
      if (3 * values.byteLength <= gpu.maxBindingBytes) continue;
      throw new AppError('gpu-out-of-memory', 'A table of the model is larger than this GPU binds at once.', {
        values: { bytes: 3 * values.byteLength, most: gpu.maxBindingBytes },
        remedy: 'Train with fewer factors, or on the CPU.',
      });
    }
    const backend = await useDevice(gpu);
    registerSparseKernels();
    return new TfjsPairEngine(gpu, backend, kind, hyper, start);
  }

  get deviceBytes(): number {
    return this.#backend.memory().numBytesAllocatedInGPU;
  }

  async step(batch: PairBatch, signal?: AbortSignal): Promise<void> {
    const users = this.#userRows.group(batch.user);
    const items = this.#itemRows.group(batch.item);
    tf.tidy(() => {
      const label = tf.tensor1d(batch.label);
      const weight = tf.tensor1d(batch.weight);
      const objective = (user: tf.Tensor2D, item: tf.Tensor2D, output: tf.Tensor2D): tf.Scalar => {
        const x = this.#scores(user, item, output);
        const logLoss = tf.sum(tf.mul(weight, tf.sub(tf.softplus(x), tf.mul(label, x))));
        // places without a pair are rows of zeros
        const norms = tf.add(tf.sum(tf.square(user)), tf.sum(tf.square(item)));
        return tf.add(logLoss, tf.mul(norms, this.#hyper.regularization / 2));
      };
      const taken = [this.#users.take(users), this.#items.take(items), this.#output.take(this.#outputRows)];
      const { value, grads } = tf.valueAndGrads((...parameters: tf.Tensor[]) => {
        const [user, item, output] = parameters as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
        return objective(user, item, output);
      })(taken);
      const [userGradient, itemGradient, outputGradient] = grads as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
      this.#users.apply(users, userGradient);
      this.#items.apply(items, itemGradient);
      if (this.#kind === 'ncf') this.#output.apply(this.#outputRows, outputGradient);
      this.#loss.assign(tf.add(this.#loss, value));
    });
    // Keeps the queue short: a cancel or a lost device is seen after one step, not after a hundred.
    await this.#gpu.settle();
    throwIfCancelled(signal);
  }

  /** x of each place, as `pairScore`. */
  #scores(user: tf.Tensor2D, item: tf.Tensor2D, output: tf.Tensor2D): tf.Tensor1D {
    const { factors } = this.#hyper;
    if (this.#kind === 'logistic') {
      return tf.add(rowSums(tf.mul(user, item)), tf.reshape(output, []));
    }
    const weights = tf.slice(output, [0, 0], [1, factors]);
    const bias = tf.reshape(tf.slice(output, [0, factors], [1, 1]), []);
    return tf.add(rowSums(tf.mul(tf.tanh(tf.add(user, item)), weights)), bias);
  }

  async takeLoss(): Promise<number> {
    const [loss] = await readTensor(this.#loss);
    tf.tidy(() => this.#loss.assign(tf.scalar(0)));
    return loss ?? NaN;
  }

  async read(): Promise<PairState> {
    return {
      users: await this.#users.read(),
      items: await this.#items.read(),
      output: await this.#output.read(),
    };
  }

  dispose(): void {
    for (const table of [this.#users, this.#items, this.#output]) table.dispose();
    this.#loss.dispose();
    leaveDevice();
  }
}
