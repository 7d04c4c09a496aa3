/**
 * iALS's objective (`ials/objective.ts`) by gradient steps on sampled pairs, as one would write it in tfjs: the yardstick
 * that the closed-form solver is measured against, and the dense ops that the sparse kernels are measured against.
 * Loads tfjs: imported dynamically, by benchmarks alone.
 *
 * With ν = 1 the objective is a sum over observed pairs, w (p − x)² + λ (‖x_u‖² + ‖y_i‖²), and over all pairs,
 * α0 (x² + λ (‖x_u‖² + ‖y_i‖²)). The second sum is estimated without bias from `drawn` pairs an observed one, drawn
 * uniformly from all M and weighted by α0 M / (number drawn).
 */
import * as tf from '@tensorflow/tfjs-core';
import { AppError } from '../../../errors.ts';
import { throwIfCancelled } from '../../backends/slices.ts';
import type { GpuContext } from '../../gpu/context.ts';
import { confidenceOf } from '../../matrix/confidence.ts';
import type { CsrMatrix } from '../../matrix/csr.ts';
import { normalMatrix, Random } from '../../matrix/random.ts';
import { ADAM } from '../adam.ts';
import { NO_ROW, RowGrouper } from '../sparse/batch-rows.ts';
import type { LazyAdamState } from '../sparse/lazy-adam.ts';
import { registerSparseKernels, rowSums } from '../sparse/tfjs-kernels.ts';
import { TfjsLazyTable } from '../sparse/tfjs-table.ts';
import { leaveDevice, readTensor, useDevice } from '../tfjs-device.ts';

/** What is minimised, and by which steps. */
export interface SampledIalsOptions {
  readonly factors: number;
  /** As in `ials/hyperparameters.ts`; ν is 1. */
  readonly alpha: number;
  readonly unobservedWeight: number;
  readonly regularization: number;
  /** Standard deviation of the first factors, times √factors. */
  readonly initialScale: number;
  readonly learningRate: number;
  /** Pairs of a step, observed and drawn. */
  readonly batchSize: number;
  /** Pairs drawn an observed one. */
  readonly drawn: number;
  readonly seed: number;
}

/** Where the two tables live and how a step changes them. */
interface Tables {
  step(batch: Batch, lossOf: (user: tf.Tensor2D, item: tf.Tensor2D) => tf.Scalar): void;
  rowSums(values: tf.Tensor2D): tf.Tensor1D;
  read(): Promise<{
    readonly userFactors: Float32Array<ArrayBuffer>;
    readonly itemFactors: Float32Array<ArrayBuffer>;
  }>;
  dispose(): void;
}

interface Batch {
  readonly user: Int32Array<ArrayBuffer>;
  readonly item: Int32Array<ArrayBuffer>;
  readonly target: Float32Array<ArrayBuffer>;
  readonly weight: Float32Array<ArrayBuffer>;
  readonly ridge: Float32Array<ArrayBuffer>;
}

/** How rows are taken and stepped: plain tfjs ops, or the sparse kernels. */
export type SampledIalsPath = 'ops' | 'sparse';

/** A run on tfjs's WebGPU. One at a time: tfjs's backends are global. */
export class SampledIals {
  readonly #gpu: GpuContext;
  readonly #strengths: CsrMatrix;
  readonly #options: SampledIalsOptions;
  readonly #tables: Tables;
  readonly #userOf: Int32Array;
  #epochs = 0;

  private constructor(gpu: GpuContext, strengths: CsrMatrix, options: SampledIalsOptions, tables: Tables) {
    this.#gpu = gpu;
    this.#strengths = strengths;
    this.#options = options;
    this.#tables = tables;
    this.#userOf = new Int32Array(strengths.indices.length);
    for (let user = 0; user < strengths.rows; user++) {
      this.#userOf.fill(user, strengths.indptr[user], strengths.indptr[user + 1]);
    }
  }

  /** Begins from seeded normal factors. Throws `gpu-unavailable` where tfjs refuses the device. */
  static async open(
    gpu: GpuContext,
    strengths: CsrMatrix,
    path: SampledIalsPath,
    options: SampledIalsOptions,
  ): Promise<SampledIals> {
    await useDevice(gpu);
    const { factors, initialScale, seed } = options;
    const scale = initialScale / Math.sqrt(factors);
    const start = {
      userFactors: normalMatrix(strengths.rows, factors, scale, seed ^ 0x5eed),
      itemFactors: normalMatrix(strengths.columns, factors, scale, seed),
    };
    const tables = path === 'ops' ? opsTables(start, options) : sparseTables(start, options);
    return new SampledIals(gpu, strengths, options, tables);
  }

  /** One pass over the observed pairs; resolves when the device has done it. */
  async iterate(signal?: AbortSignal): Promise<void> {
    for (const batch of this.#batches(new Random((this.#options.seed + 1) * 1009 + this.#epochs))) {
      tf.tidy(() => {
        const [target, weight, ridge] = [batch.target, batch.weight, batch.ridge].map((c) => tf.tensor1d(c));
        if (target === undefined || weight === undefined || ridge === undefined) return;
        this.#tables.step(batch, (user, item) => {
          const x = this.#tables.rowSums(tf.mul(user, item));
          const fit = tf.sum(tf.mul(weight, tf.square(tf.sub(target, x))));
          const squares = tf.add(tf.square(user), tf.square(item));
          return tf.add(fit, tf.sum(tf.mul(tf.reshape(ridge, [-1, 1]), squares)));
        });
      });
      await this.#gpu.settle();
      throwIfCancelled(signal);
    }
    this.#epochs++;
  }

  /** Awaited, checked copies. */
  factors(): ReturnType<Tables['read']> {
    return this.#tables.read();
  }

  dispose(): void {
    this.#tables.dispose();
    leaveDevice();
  }

  *#batches(random: Random): Generator<Batch> {
    const { rows, columns, indices, data } = this.#strengths;
    const { batchSize, drawn, alpha, unobservedWeight, regularization } = this.#options;
    const observed = indices.length;
    // every batch has its share of both kinds
    const own = Math.max(1, Math.round(batchSize / (1 + drawn)));
    const steps = Math.ceil(observed / own);
    const drawnWeight = (unobservedWeight * rows * columns) / Math.max(1, steps * (batchSize - own));
    const order = random.shuffle(Array.from({ length: observed }, (_, entry) => entry));
    for (let step = 0; step < steps; step++) {
      const batch = {
        user: new Int32Array(batchSize),
        item: new Int32Array(batchSize),
        target: new Float32Array(batchSize),
        weight: new Float32Array(batchSize),
        ridge: new Float32Array(batchSize),
      };
      for (let place = 0; place < batchSize; place++) {
        if (place >= own) {
          batch.user[place] = random.below(rows);
          batch.item[place] = random.below(columns);
          batch.weight[place] = drawnWeight;
          batch.ridge[place] = regularization * drawnWeight;
          continue;
        }
        // past the last observed pair weights are 0
        const entry = order[step * own + place];
        if (entry === undefined) continue;
        const confidence = confidenceOf(data[entry] ?? 0, alpha);
        batch.user[place] = this.#userOf[entry] ?? 0;
        batch.item[place] = indices[entry] ?? 0;
        batch.target[place] = confidence > 0 ? 1 : 0;
        batch.weight[place] = Math.abs(confidence);
        batch.ridge[place] = regularization;
      }
      yield batch;
    }
  }
}

interface Start {
  readonly userFactors: Float32Array<ArrayBuffer>;
  readonly itemFactors: Float32Array<ArrayBuffer>;
}

/** As tfjs's own examples do it: variables, gather, autograd, `tf.train.adam`. */
function opsTables(start: Start, { factors, learningRate }: SampledIalsOptions): Tables {
  const variable = (values: Float32Array): tf.Variable<tf.Rank.R2> =>
    tf.tidy(() => tf.variable(tf.tensor2d(values, [values.length / factors, factors])));
  const users = variable(start.userFactors);
  const items = variable(start.itemFactors);
  const adam = tf.train.adam(learningRate, ADAM.beta1, ADAM.beta2, ADAM.epsilon);
  return {
    step({ user, item }, lossOf) {
      const [u, i] = [tf.tensor1d(user, 'int32'), tf.tensor1d(item, 'int32')];
      adam.minimize(() => lossOf(tf.gather(users, u), tf.gather(items, i)), false, [users, items]);
    },
    rowSums: (values) => tf.sum(values, 1),
    async read() {
      return { userFactors: await readTensor(users), itemFactors: await readTensor(items) };
    },
    dispose() {
      tf.dispose([users, items]);
      adam.dispose();
    },
  };
}

/** The same steps, of the batch's rows alone. */
function sparseTables(start: Start, { factors, learningRate }: SampledIalsOptions): Tables {
  registerSparseKernels();
  const users = new TfjsLazyTable(untrained(start.userFactors, factors), factors, learningRate);
  const items = new TfjsLazyTable(untrained(start.itemFactors, factors), factors, learningRate);
  const userRows = new RowGrouper(users.rows);
  const itemRows = new RowGrouper(items.rows);
  return {
    step(batch, lossOf) {
      const alive = (ids: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> =>
        ids.map((id, place) => (batch.ridge[place] === 0 ? NO_ROW : id));
      const user = userRows.group(alive(batch.user));
      const item = itemRows.group(alive(batch.item));
      const { grads } = tf.valueAndGrads((...taken: tf.Tensor[]) => {
        const [u, i] = taken as [tf.Tensor2D, tf.Tensor2D];
        return lossOf(u, i);
      })([users.take(user), items.take(item)]);
      const [userGradient, itemGradient] = grads as [tf.Tensor2D?, tf.Tensor2D?];
      if (userGradient === undefined || itemGradient === undefined) {
        throw new AppError('internal', 'A table got no gradient.');
      }
      users.apply(user, userGradient);
      items.apply(item, itemGradient);
    },
    rowSums,
    async read() {
      return {
        userFactors: (await users.read()).values,
        itemFactors: (await items.read()).values,
      };
    },
    dispose() {
      users.dispose();
      items.dispose();
    },
  };
}

function untrained(values: Float32Array<ArrayBuffer>, columns: number): LazyAdamState {
  return {
    values,
    moments: { first: new Float32Array(values.length), second: new Float32Array(values.length) },
    steps: new Int32Array(values.length / columns),
  };
}
