import { AppError } from '../../errors.ts';
import type { Hyperparameters } from '../../types.ts';
import { checkFinite } from '../backends/shapes.ts';
import { runInSlices } from '../backends/slices.ts';
import { adamStep } from '../gradient/adam.ts';
import { sigmoid, softplus } from '../gradient/objective.ts';
import { resolveHyperparameters } from '../hyperparameters.ts';
import { Random } from '../matrix/random.ts';
import {
  checkColumns,
  checkExamples,
  columnScales,
  forEntries,
  type Examples,
  type Features,
} from './features.ts';

/** As plain values: enough to predict, and to train on. */
export interface DeepNetworkState {
  readonly columns: number;
  /** Units of the two hidden layers. */
  readonly hidden: readonly [number, number];
  /** 1 / root mean square of each column of the features that training began with. */
  readonly scales: Float64Array<ArrayBuffer>;
  /** W1 (columns × h1), b1, W2 (h1 × h2), b2, w3 (h2), b3, one after another, row-major. */
  readonly parameters: Float32Array<ArrayBuffer>;
  readonly firstMoment: Float32Array<ArrayBuffer>;
  readonly secondMoment: Float32Array<ArrayBuffer>;
  readonly steps: number;
  readonly epochs: number;
}

export interface DeepNetworkProgress {
  /** 1-based. */
  readonly epoch: number;
  /** Log-loss an example, each batch's at the parameters it met. */
  readonly loss: number;
  /** A copy of the network as it is now. */
  readonly state: () => DeepNetworkState;
}

export interface FitDeepNetworkOptions {
  readonly seed: number;
  /** Goes on from here instead of beginning; `epochs` counts from the very beginning. */
  readonly resume?: DeepNetworkState;
  readonly signal?: AbortSignal;
  /** Awaited after each epoch; `stop` ends training with the network as it is. */
  readonly onProgress?: (progress: DeepNetworkProgress) => Promise<'stop' | undefined> | 'stop' | undefined;
}

export const DEEP_NETWORK_RULES = {
  hidden1: { default: 32, min: 1, max: 4096, whole: true },
  hidden2: { default: 16, min: 1, max: 4096, whole: true },
  /** λ of λ/2 ‖W‖² an example, on weights, not on biases. */
  regularization: { default: 1e-4, min: 0, max: 1e6 },
  learningRate: { default: 1e-3, min: 1e-9, max: 10 },
  batchSize: { default: 256, min: 1, max: 2 ** 17, whole: true },
  epochs: { default: 20, min: 1, max: 100_000, whole: true },
} as const;

/**
 * A network of two hidden layers of rectifiers: P(y = 1) = σ(w3ᵀ relu(W2ᵀ relu(W1ᵀ z + b1) + b2) + b3), z a row of
 * features with each column divided by its root mean square; log-loss by Adam, started after He et al. 2015. In plain
 * loops: networks of this size are done before a GPU has compiled its kernels. Same seed, examples and engine: the same
 * numbers. Throws `input-invalid`, `not-enough-data`, `hyperparameter-invalid`, `training-diverged`, `cancelled`.
 */
export async function fitDeepNetwork(
  examples: Examples,
  overrides: Hyperparameters,
  { seed, resume, signal, onProgress }: FitDeepNetworkOptions,
): Promise<DeepNetwork> {
  checkExamples(examples);
  const hyper = resolveHyperparameters('a deep network', DEEP_NETWORK_RULES, overrides);
  const { features } = examples;
  const begin = resume ?? initialState(features, [hyper.hidden1, hyper.hidden2], seed);
  if (begin.columns !== features.columns) {
    throw new AppError('input-invalid', 'A state of another number of features.', {
      values: { columns: begin.columns, expected: features.columns },
    });
  }
  let state = structuredClone(begin);
  const gradient = new Float64Array(state.parameters.length);
  const pass = new Pass(state);
  while (state.epochs < hyper.epochs) {
    // Any odd multiplier keeps the seeds of epochs apart; this is 2^32 / golden ratio (Knuth).
    const random = new Random((seed + Math.imul(state.epochs + 1, 0x9e3779b1)) | 0);
    const order = random.shuffle(Array.from({ length: features.rows }, (_, row) => row));
    const before = state;
    const { loss, steps } = await runInSlices(
      epochOf(examples, hyper, before, order, pass, gradient),
      signal,
      1,
    );
    state = { ...before, steps, epochs: before.epochs + 1 };
    checkFinite(state.parameters);
    const now = state;
    const verdict = await onProgress?.({ epoch: now.epochs, loss, state: () => structuredClone(now) });
    if (verdict === 'stop') break;
  }
  return DeepNetwork.fromState(state);
}

/** A trained network. */
export class DeepNetwork {
  readonly #state: DeepNetworkState;

  private constructor(state: DeepNetworkState) {
    this.#state = state;
  }

  /** The arrays are kept, not copied. Throws `input-invalid` where the parts do not fit together. */
  static fromState(state: DeepNetworkState): DeepNetwork {
    const size = layout(state.columns, state.hidden).size;
    const { parameters, firstMoment, secondMoment, scales, columns } = state;
    const fits = [parameters, firstMoment, secondMoment].every(({ length }) => length === size);
    if (fits && scales.length === columns) return new DeepNetwork(state);
    throw new AppError('input-invalid', 'The parts of a network do not fit together.', {
      values: { columns, parameters: parameters.length, expected: size },
    });
  }

  toState(): DeepNetworkState {
    return this.#state;
  }

  /** P(y = 1) of each row. Throws `input-invalid` for features of another number of columns. */
  predict(features: Features): Float32Array<ArrayBuffer> {
    return Float32Array.from(this.logOdds(features), sigmoid);
  }

  /** The log-odds of each row, which do not run together near 0 and 1 as probabilities do. Throws as `predict`. */
  logOdds(features: Features): Float64Array<ArrayBuffer> {
    checkColumns(features, this.#state.columns);
    const pass = new Pass(this.#state);
    const odds = new Float64Array(features.rows);
    for (let row = 0; row < features.rows; row++) odds[row] = pass.forward(features, row);
    return odds;
  }
}

function* epochOf(
  { features, labels }: Examples,
  hyper: Readonly<Record<keyof typeof DEEP_NETWORK_RULES, number>>,
  state: DeepNetworkState,
  order: readonly number[],
  pass: Pass,
  gradient: Float64Array,
): Generator<void, { readonly loss: number; readonly steps: number }> {
  let loss = 0;
  let { steps } = state;
  const moments = { first: state.firstMoment, second: state.secondMoment };
  for (let start = 0; start < order.length; start += hyper.batchSize) {
    const rows = order.slice(start, start + hyper.batchSize);
    gradient.fill(0);
    for (const row of rows) {
      const x = pass.forward(features, row);
      const label = labels[row] ?? 0;
      loss += softplus(x) - label * x;
      pass.backward(features, row, (sigmoid(x) - label) / rows.length, gradient);
    }
    for (const [from, to] of pass.weights) {
      for (let at = from; at < to; at++) {
        gradient[at] = (gradient[at] ?? 0) + hyper.regularization * (state.parameters[at] ?? 0);
      }
    }
    adamStep(state.parameters, gradient, moments, ++steps, hyper.learningRate);
    yield;
  }
  return { loss: loss / order.length, steps };
}

/** Where each part of the parameters begins. */
interface Layout {
  readonly b1: number;
  readonly w2: number;
  readonly b2: number;
  readonly w3: number;
  readonly b3: number;
  readonly size: number;
}

function layout(columns: number, [h1, h2]: readonly [number, number]): Layout {
  const b1 = columns * h1;
  const w2 = b1 + h1;
  const b2 = w2 + h1 * h2;
  const w3 = b2 + h2;
  const b3 = w3 + h2;
  return { b1, w2, b2, w3, b3, size: b3 + 1 };
}

/** One example forth and back. Reads the state's parameters as they are at the time. */
class Pass {
  readonly #state: DeepNetworkState;
  readonly #at: Layout;
  /** Hidden units after the rectifier, and the loss's derivatives before it. */
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  readonly #firstPull: Float64Array;
  readonly #secondPull: Float64Array;

  constructor(state: DeepNetworkState) {
    this.#state = state;
    this.#at = layout(state.columns, state.hidden);
    this.#first = new Float64Array(state.hidden[0]);
    this.#firstPull = new Float64Array(state.hidden[0]);
    this.#second = new Float64Array(state.hidden[1]);
    this.#secondPull = new Float64Array(state.hidden[1]);
  }

  /** Extents of the weights in the parameters: what is regularized. */
  get weights(): readonly (readonly [from: number, to: number])[] {
    const { b1, w2, b2, w3, b3 } = this.#at;
    return [
      [0, b1],
      [w2, b2],
      [w3, b3],
    ];
  }

  /** The log-odds of a row; the hidden units stay for `backward`. */
  forward(features: Features, row: number): number {
    const { parameters: p, scales, hidden } = this.#state;
    const [h1, h2] = hidden;
    const { b1, w2, b2, w3, b3 } = this.#at;
    const first = this.#first;
    const second = this.#second;
    for (let unit = 0; unit < h1; unit++) first[unit] = p[b1 + unit] ?? 0;
    forEntries(features, row, (column, value) => {
      if (value === 0) return;
      const z = value * (scales[column] ?? 1);
      for (let unit = 0; unit < h1; unit++) {
        first[unit] = (first[unit] ?? 0) + z * (p[column * h1 + unit] ?? 0);
      }
    });
    for (let unit = 0; unit < h2; unit++) second[unit] = p[b2 + unit] ?? 0;
    for (let from = 0; from < h1; from++) {
      const value = Math.max(0, first[from] ?? 0);
      first[from] = value;
      if (value === 0) continue;
      for (let unit = 0; unit < h2; unit++) {
        second[unit] = (second[unit] ?? 0) + value * (p[w2 + from * h2 + unit] ?? 0);
      }
    }
    let x = p[b3] ?? 0;
    for (let unit = 0; unit < h2; unit++) {
      const value = Math.max(0, second[unit] ?? 0);
      second[unit] = value;
      x += value * (p[w3 + unit] ?? 0);
    }
    return x;
  }

  /** Adds the gradient of the row that `forward` met last; `pull` is dL/dx. */
  backward(features: Features, row: number, pull: number, gradient: Float64Array): void {
    const { parameters: p, scales, hidden } = this.#state;
    const [h1, h2] = hidden;
    const { b1, w2, b2, w3, b3 } = this.#at;
    const firstPull = this.#firstPull;
    const secondPull = this.#secondPull;
    gradient[b3] = (gradient[b3] ?? 0) + pull;
    for (let unit = 0; unit < h2; unit++) {
      const value = this.#second[unit] ?? 0;
      const own = value > 0 ? pull * (p[w3 + unit] ?? 0) : 0;
      secondPull[unit] = own;
      gradient[w3 + unit] = (gradient[w3 + unit] ?? 0) + pull * value;
      gradient[b2 + unit] = (gradient[b2 + unit] ?? 0) + own;
    }
    for (let from = 0; from < h1; from++) {
      const value = this.#first[from] ?? 0;
      let own = 0;
      if (value > 0) {
        for (let unit = 0; unit < h2; unit++) {
          const at = w2 + from * h2 + unit;
          own += (secondPull[unit] ?? 0) * (p[at] ?? 0);
          gradient[at] = (gradient[at] ?? 0) + value * (secondPull[unit] ?? 0);
        }
      }
      firstPull[from] = own;
      gradient[b1 + from] = (gradient[b1 + from] ?? 0) + own;
    }
    forEntries(features, row, (column, value) => {
      if (value === 0) return;
      const z = value * (scales[column] ?? 1);
      for (let unit = 0; unit < h1; unit++) {
        const at = column * h1 + unit;
        gradient[at] = (gradient[at] ?? 0) + z * (firstPull[unit] ?? 0);
      }
    });
  }
}

/** He et al. 2015: weights normal with variance 2 / inputs, biases 0; the last layer starts at even odds. */
function initialState(features: Features, hidden: readonly [number, number], seed: number): DeepNetworkState {
  const { columns } = features;
  const [h1, h2] = hidden;
  const { b1, w2, b2, size } = layout(columns, hidden);
  const parameters = new Float32Array(size);
  const random = new Random(seed);
  const inputs = [
    [0, b1, columns],
    [w2, b2, h1],
    [b2 + h2, size - 1, h2],
  ] as const;
  for (const [from, to, count] of inputs) {
    for (let at = from; at < to; at++) parameters[at] = Math.sqrt(2 / count) * random.normal();
  }
  return {
    columns,
    hidden,
    scales: columnScales(features),
    parameters,
    firstMoment: new Float32Array(size),
    secondMoment: new Float32Array(size),
    steps: 0,
    epochs: 0,
  };
}
