import { AppError } from '../../../errors.ts';
import type { Hyperparameters } from '../../../types.ts';
import { normalMatrix } from '../../matrix/random.ts';
import type { LazyAdamState } from '../sparse/lazy-adam.ts';
import type { OpenPairEngine, PairEngine, PairState } from './engine.ts';
import { pairHyperparameters, type PairHyperparameters, type PairModelKind } from './hyperparameters.ts';
import { checkPairs, PairBatches, type LabelledPairs } from './labelled-pairs.ts';
import { PairModel } from './model.ts';
import { openCpuPairEngine } from './open-engine.ts';

/** Standard deviation of the first vectors of logistic, times √factors: scores start near 0. */
const LOGISTIC_SCALE = 0.5;
/** The same of ncf, whatever the factors: where tanh is nearly linear, a sum of vectors knows no pairs, only sides. */
const NCF_SCALE = 0.5;
/** Labels that are all the same have no finite log-odds. */
const MAX_LOG_ODDS = 10;

/** Where a run goes on. */
export interface PairStart {
  readonly state: PairState;
  /** Epochs that lie behind. */
  readonly epochs: number;
}

export interface FitPairsOptions {
  readonly seed: number;
  /** As of `pairEngineFor`. Left out: the CPU. */
  readonly open?: OpenPairEngine;
  /** Goes on from here instead of beginning. */
  readonly resume?: PairStart;
  readonly signal?: AbortSignal;
  /** After each epoch (1-based), with the objective per unit of weight, each batch's at the factors it met. */
  readonly onProgress?: (progress: { readonly epoch: number; readonly loss: number }) => void;
}

/**
 * Trains a model of pairs for `iterations` epochs. Same seed, pairs and device: the same numbers. Throws
 * `input-invalid`, `not-enough-data`, `hyperparameter-invalid`, `training-diverged`, `cancelled`.
 */
export async function fitPairs(
  kind: PairModelKind,
  pairs: LabelledPairs,
  overrides: Hyperparameters,
  options: FitPairsOptions,
): Promise<PairModel> {
  const fit = await PairFit.open(kind, pairs, overrides, options);
  try {
    while (fit.epochs < fit.hyperparameters.iterations) {
      const { loss } = await fit.iterate(options.signal);
      options.onProgress?.({ epoch: fit.epochs, loss });
    }
    return await fit.model();
  } finally {
    fit.dispose();
  }
}

/**
 * A model of pairs in progress; an iteration is one pass over all pairs in seeded order. After a call that rejected
 * the parameters are in the middle of an epoch: go on from a state read before.
 */
export class PairFit {
  readonly kind: PairModelKind;
  readonly hyperparameters: PairHyperparameters;
  readonly #engine: PairEngine;
  readonly #batches: PairBatches;
  #epochs: number;

  private constructor(
    kind: PairModelKind,
    hyperparameters: PairHyperparameters,
    engine: PairEngine,
    batches: PairBatches,
    epochs: number,
  ) {
    this.kind = kind;
    this.hyperparameters = hyperparameters;
    this.#engine = engine;
    this.#batches = batches;
    this.#epochs = epochs;
  }

  /** Begins from seeded normal vectors, or goes on from `resume`. Throws what `fitPairs` throws. */
  static async open(
    kind: PairModelKind,
    pairs: LabelledPairs,
    overrides: Hyperparameters,
    { seed, open = openCpuPairEngine, resume }: FitPairsOptions,
  ): Promise<PairFit> {
    checkPairs(pairs);
    const positive = pairs.label.reduce((count, label) => count + (label > 0.5 ? 1 : 0), 0);
    const hyper = pairHyperparameters({ pairs: pairs.label.length, positive }, overrides);
    const start = resume ?? { state: initialState(kind, pairs, hyper, seed), epochs: 0 };
    checkState(kind, pairs, hyper, start.state);
    const batches = new PairBatches(pairs, hyper.batchSize, hyper.negatives, seed);
    return new PairFit(kind, hyper, await open(kind, hyper, start.state), batches, start.epochs);
  }

  /** Epochs that lie behind. */
  get epochs(): number {
    return this.#epochs;
  }

  /** Bytes allocated on the device. */
  get deviceBytes(): number {
    return this.#engine.deviceBytes;
  }

  /**
   * One epoch. `loss` is the objective per unit of weight, drawn negatives included. Throws `cancelled` between two
   * batches, and `training-diverged` where the loss is not finite.
   */
  async iterate(signal?: AbortSignal): Promise<{ readonly loss: number }> {
    let weight = 0;
    for (const batch of this.#batches.epoch(this.#epochs)) {
      for (const value of batch.weight) weight += value;
      await this.#engine.step(batch, signal);
    }
    this.#epochs++;
    const loss = (await this.#engine.takeLoss()) / weight;
    if (Number.isFinite(loss)) return { loss };
    throw new AppError('training-diverged', 'The loss is no finite number.', {
      values: { loss: String(loss), epoch: this.#epochs },
      remedy: 'Lower the learning rate.',
    });
  }

  /** Everything to go on with; awaited, checked copies. */
  async state(): Promise<PairStart> {
    return { state: await this.#engine.read(), epochs: this.#epochs };
  }

  /** The model as it is now. */
  async model(): Promise<PairModel> {
    const { users, items, output } = await this.#engine.read();
    return PairModel.fromState({
      kind: this.kind,
      factors: this.hyperparameters.factors,
      regularization: this.hyperparameters.regularization,
      userFactors: users.values,
      itemFactors: items.values,
      output: output.values,
    });
  }

  /** Frees what the engine holds. */
  dispose(): void {
    this.#engine.dispose();
  }
}

/** Vectors of users and items without a single pair are 0: never trained, their scores are b (ncf: b + wᵀtanh). */
function initialState(
  kind: PairModelKind,
  pairs: LabelledPairs,
  { factors, negatives }: PairHyperparameters,
  seed: number,
): PairState {
  const scale = kind === 'ncf' ? NCF_SCALE : LOGISTIC_SCALE / Math.sqrt(factors);
  const logOdds = meanLogOdds(pairs, negatives);
  const output =
    kind === 'ncf'
      ? Float32Array.from([...normalMatrix(1, factors, 1 / Math.sqrt(factors), seed ^ 0xb1a5), logOdds])
      : Float32Array.from([logOdds]);
  const userFactors = normalMatrix(pairs.users, factors, scale, seed);
  // Another stream than the users': equal ones would start at cos = 1.
  const itemFactors = normalMatrix(pairs.items, factors, scale, seed ^ 0x5eed);
  clearUnseen(userFactors, pairs.user, pairs.users, factors);
  // a drawn negative may be any item
  if (negatives === 0) clearUnseen(itemFactors, pairs.item, pairs.items, factors);
  return {
    users: untrained(userFactors, pairs.users),
    items: untrained(itemFactors, pairs.items),
    output: untrained(output, 1),
  };
}

function untrained(values: Float32Array<ArrayBuffer>, rows: number): LazyAdamState {
  return {
    values,
    moments: { first: new Float32Array(values.length), second: new Float32Array(values.length) },
    steps: new Int32Array(rows),
  };
}

function clearUnseen(values: Float32Array, ids: Int32Array, rows: number, factors: number): void {
  const seen = new Uint8Array(rows);
  for (const id of ids) seen[id] = 1;
  for (let row = 0; row < rows; row++) {
    if (seen[row] === 0) values.fill(0, row * factors, (row + 1) * factors);
  }
}

/** Log-odds of the weighted mean label, drawn negatives (weight 1) counted. */
function meanLogOdds({ label, weight }: LabelledPairs, negatives: number): number {
  let [likes, dislikes] = [0, 0];
  for (let pair = 0; pair < label.length; pair++) {
    const y = label[pair] ?? 0;
    const w = weight === null ? 1 : (weight[pair] ?? 1);
    likes += w * y;
    dislikes += w * (1 - y) + (y > 0.5 ? negatives : 0);
  }
  return Math.min(MAX_LOG_ODDS, Math.max(-MAX_LOG_ODDS, Math.log(likes / dislikes)));
}

function checkState(
  kind: PairModelKind,
  { users, items }: LabelledPairs,
  { factors }: PairHyperparameters,
  state: PairState,
): void {
  const fits = (table: LazyAdamState, rows: number, columns: number): boolean =>
    table.steps.length === rows &&
    [table.values, table.moments.first, table.moments.second].every(
      ({ length }) => length === rows * columns,
    );
  const sound =
    fits(state.users, users, factors) &&
    fits(state.items, items, factors) &&
    fits(state.output, 1, kind === 'ncf' ? factors + 1 : 1);
  if (!sound) throw new AppError('input-invalid', 'A state of another shape than the pairs.');
}
