import * as tf from '@tensorflow/tfjs-core';
import { readTensor } from '../tfjs-device.ts';
import type { BatchRows } from './batch-rows.ts';
import { countSteps, type LazyAdamState } from './lazy-adam.ts';
import { lazyAdam, sumRows, takeRows } from './tfjs-kernels.ts';

/**
 * A table on tfjs's WebGPU device that is trained by the rows of batches: rows are taken for a batch, autograd
 * differentiates by what was taken, and `apply` steps those rows alone. A step costs what the batch costs, whatever
 * the table's size. Values and moments are one buffer.
 */
export class TfjsLazyTable {
  readonly rows: number;
  readonly columns: number;
  readonly #learningRate: number;
  readonly #state: tf.Tensor1D;
  readonly #steps: Int32Array<ArrayBuffer>;

  /** Uploads a copy of `start`. The sparse kernels must be registered, and tfjs's backend be WebGPU. */
  constructor(start: LazyAdamState, columns: number, learningRate: number) {
    this.columns = columns;
    this.rows = start.values.length / columns;
    this.#learningRate = learningRate;
    const { length } = start.values;
    const state = new Float32Array(3 * length);
    state.set(start.values);
    state.set(start.moments.first, length);
    state.set(start.moments.second, 2 * length);
    this.#state = tf.keep(tf.tensor1d(state));
    this.#steps = start.steps.slice();
  }

  /** Rows of the batch's places: places × columns. Not differentiable: differentiate by the result. */
  take(batch: BatchRows): tf.Tensor2D {
    return takeRows(this.#state, this.columns, tf.tensor1d(batch.ids, 'int32'));
  }

  /** One step of lazy Adam by the gradient of what `take` gave for this batch. To be called in a tidy. */
  apply(batch: BatchRows, gradient: tf.Tensor2D): void {
    if (batch.count === 0) return;
    const offsets = tf.tensor1d(batch.offsets, 'int32');
    const positions = tf.tensor1d(batch.positions, 'int32');
    const rows = tf.tensor1d(batch.rows, 'int32');
    const corrections = tf.tensor1d(countSteps(this.#steps, batch));
    lazyAdam(this.#state, sumRows(gradient, offsets, positions), rows, corrections, this.#learningRate);
  }

  /**
   * An awaited, checked copy. Throws `gpu-lost`, and `training-diverged` where a value is not finite. Parts are copied
   * out first: tfjs keeps what it has once read of a tensor, and never hears of steps in place.
   */
  async read(): Promise<LazyAdamState> {
    const length = this.rows * this.columns;
    const part = async (slot: number): Promise<Float32Array<ArrayBuffer>> => {
      const copy = tf.slice(this.#state, slot * length, length);
      try {
        return await readTensor(copy);
      } finally {
        copy.dispose();
      }
    };
    return {
      values: await part(0),
      moments: { first: await part(1), second: await part(2) },
      steps: this.#steps.slice(),
    };
  }

  dispose(): void {
    this.#state.dispose();
  }
}
