import { AppError } from '../../errors.ts';
import type { Hyperparameters } from '../../types.ts';
import { openPairwiseEngine } from '../backends/open-pairwise.ts';
import type { PairwiseEngine } from '../backends/pairwise.ts';
import { runInSlices } from '../backends/slices.ts';
import { rowDots, rowOf } from '../linear/dense.ts';
import type { CsrMatrix } from '../matrix/csr.ts';
import type { Random } from '../matrix/random.ts';
import { foldInBpr, foldInCcl } from './fold-in.ts';
import {
  bprHyperparameters,
  cclHyperparameters,
  type BprHyperparameters,
  type CclHyperparameters,
} from './hyperparameters.ts';
import type { ItemRows } from './objective.ts';
import { checkedState, continuedSides, firstSides, type ContrastiveState } from './state.ts';
import { ItemPool, NegativeSampler, positivesOf, randomOfEpoch, userOrder } from './sampling.ts';
import { Validation, type ValidationOptions } from './validation.ts';

export interface ContrastiveProgress<H> {
  /** 1-based. */
  readonly epoch: number;
  readonly epochs: number;
  /** Mean over the epoch's pairs, each at the rows its step met. */
  readonly loss: number;
  /** NDCG@20 on the validation users; null where none was measured after this epoch. */
  readonly ndcg: number | null;
  /** A copy of everything, to save and go on from: only on call, since it is large. */
  readonly state: () => ContrastiveState<H>;
}

export interface ContrastiveOptions<H> {
  /** A 32-bit whole number. The same seed gives the same model on the same build of the kernels. */
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** After each epoch. */
  readonly onProgress?: (progress: ContrastiveProgress<H>) => void;
  /**
   * Goes on from there, with its seed, up to the epochs asked for now: an interrupted run ends as if it had not been.
   * More epochs than were planned then continue at the step length that the longer plan has there. The matrix may
   * have gained users and items at its end: a new user begins where fold-in puts them, a new item at random.
   */
  readonly from?: ContrastiveState<H>;
  /** Interactions cut from train to stop early on: the best model by their NDCG@20 is returned. */
  readonly validation?: ValidationOptions;
}

/** A trained model. Rows of users without interactions are 0, and so are their scores. */
export interface ContrastiveModel<H> {
  readonly hyperparameters: H;
  /** Epochs that the model was trained for: fewer than asked for where it stopped early. */
  readonly epochs: number;
  /** users × factors, row-major. */
  readonly userFactors: Float32Array<ArrayBuffer>;
  /** items × factors, row-major. */
  readonly itemFactors: Float32Array<ArrayBuffer>;
  /** One score an item: the cosine (CCL) or the inner product (BPR). Throws `input-invalid` for no user of the model. */
  scoresOf(user: number): Float64Array;
  /** The scores of a user with this row, as from `foldIn`. */
  scoresOfRow(row: Float64Array): Float64Array;
  /** The row of a new user with these items (`fold-in.ts`). */
  foldIn(history: ArrayLike<number>): Float64Array;
  toState(): ContrastiveState<H>;
}

export type { ContrastiveState } from './state.ts';

/** What tells the two models apart. */
interface Loss<H> {
  /** Rows have length 1, and stay so. */
  readonly onSphere: boolean;
  /** Makes the step of an epoch: draws negatives and computes. Returns the loss summed over the users' pairs. */
  readonly stepper: (
    engine: PairwiseEngine,
    positives: CsrMatrix,
    hyperparameters: H,
    random: Random,
  ) => (users: Int32Array, rates: { readonly userRate: number; readonly itemRate: number }) => number;
  readonly foldIn: (items: ItemRows, hyperparameters: H, history: ArrayLike<number>) => Float64Array;
}

/** The members that both models' hyper-parameters have. */
type Shared = Pick<
  CclHyperparameters,
  'factors' | 'epochs' | 'batchUsers' | 'userLearningRate' | 'itemLearningRate'
>;

const CCL: Loss<CclHyperparameters> = {
  onSphere: true,
  stepper: (engine, positives, { margin, negativeWeight, negatives }, random) => {
    const pool = new ItemPool(positives.columns, random);
    return (users, rates) =>
      engine.cclStep({ users, pool: pool.draw(negatives), margin, negativeWeight, ...rates });
  },
  foldIn: foldInCcl,
};

const BPR: Loss<BprHyperparameters> = {
  onSphere: false,
  stepper: (engine, positives, { candidates, popularityExponent, regularization }, random) => {
    const sampler = new NegativeSampler(positives, popularityExponent, random);
    return (users, rates) =>
      engine.bprStep({
        users,
        negatives: sampler.draw(users, candidates),
        candidates,
        regularization,
        ...rates,
      });
  },
  foldIn: foldInBpr,
};

/**
 * Matrix factorization with the cosine contrastive loss (`objective.ts`): users × items, entries above 0 are liked.
 * Computes on the calling thread in short slices, whatever the number of processors. Rejects with
 * `hyperparameter-invalid`, `not-enough-data`, `input-invalid`, `training-diverged` and `cancelled`.
 */
export function fitCcl(
  train: CsrMatrix,
  overrides: Hyperparameters,
  options: ContrastiveOptions<CclHyperparameters>,
): Promise<ContrastiveModel<CclHyperparameters>> {
  return fit(CCL, train, () => cclHyperparameters(train, overrides), options);
}

/** As fitCcl: Bayesian personalized ranking. */
export function fitBpr(
  train: CsrMatrix,
  overrides: Hyperparameters,
  options: ContrastiveOptions<BprHyperparameters>,
): Promise<ContrastiveModel<BprHyperparameters>> {
  return fit(BPR, train, () => bprHyperparameters(train, overrides), options);
}

/** A model from its saved state. Throws `hyperparameter-invalid` and `input-invalid` for what is none. */
export function cclFromState(
  state: ContrastiveState<CclHyperparameters>,
): ContrastiveModel<CclHyperparameters> {
  cclHyperparameters(blankMatrix(state), { ...state.hyperparameters });
  return modelOf(CCL, checkedState(state));
}

/** As cclFromState. */
export function bprFromState(
  state: ContrastiveState<BprHyperparameters>,
): ContrastiveModel<BprHyperparameters> {
  bprHyperparameters(blankMatrix(state), { ...state.hyperparameters });
  return modelOf(BPR, checkedState(state));
}

async function fit<H extends Shared>(
  loss: Loss<H>,
  train: CsrMatrix,
  hyperparametersOf: () => H,
  { seed: ownSeed, signal, onProgress, from, validation }: ContrastiveOptions<H>,
): Promise<ContrastiveModel<H>> {
  const positives = positivesOf(train);
  const hyperparameters = hyperparametersOf();
  const seed = from?.seed ?? ownSeed;
  if (!Number.isInteger(seed)) {
    throw new AppError('input-invalid', 'The seed must be a whole number.', { values: { seed } });
  }
  const blank = firstSides(positives, hyperparameters.factors, seed, loss.onSphere);
  const start =
    from === undefined
      ? blank
      : continuedSides(positives, from, hyperparameters.factors, blank, (items, own) =>
          loss.foldIn(items, hyperparameters, own),
        );
  const engine = await openPairwiseEngine(positives, hyperparameters.factors, start);
  const watched = validation === undefined ? null : new Validation(positives, validation, seed);
  const stateAfter = (epochs: number): ContrastiveState<H> => ({
    hyperparameters,
    seed,
    epochs,
    sides: engine.read(),
  });
  let best: ContrastiveState<H> | null = null;
  let epoch = from?.epochs ?? 0;
  while (epoch < hyperparameters.epochs) {
    const steps = epochSteps(loss, engine, positives, hyperparameters, randomOfEpoch(seed, epoch), epoch);
    const sum = await runInSlices(steps, signal, 1);
    epoch++;
    const state = (): ContrastiveState<H> => stateAfter(epoch);
    let ndcg: number | null = null;
    if (watched?.isDue(epoch, hyperparameters.epochs) === true) {
      const candidate = state();
      ndcg = await runInSlices(watched.steps(candidate.sides, hyperparameters.factors), signal, 1);
      if (watched.improvesWith(ndcg)) best = candidate;
    }
    onProgress?.({
      epoch,
      epochs: hyperparameters.epochs,
      loss: finiteLoss(sum / positives.indices.length),
      ndcg,
      state,
    });
    if (watched?.isOver === true) break;
  }
  return modelOf(loss, best ?? stateAfter(epoch));
}

/** One pass over all users. Returns the loss summed over all pairs. */
function* epochSteps<H extends Shared>(
  loss: Loss<H>,
  engine: PairwiseEngine,
  positives: CsrMatrix,
  hyperparameters: H,
  random: Random,
  epoch: number,
): Generator<void, number> {
  const { epochs, batchUsers, userLearningRate, itemLearningRate } = hyperparameters;
  const users = userOrder(positives, random);
  const step = loss.stepper(engine, positives, hyperparameters, random);
  let sum = 0;
  for (let first = 0; first < users.length; first += batchUsers) {
    const left = (1 - (epoch + first / users.length) / epochs) ** 2;
    sum += step(users.subarray(first, first + batchUsers), {
      userRate: userLearningRate * left,
      itemRate: itemLearningRate * left,
    });
    yield;
  }
  return sum;
}

function modelOf<H extends Shared>(loss: Loss<H>, state: ContrastiveState<H>): ContrastiveModel<H> {
  const { hyperparameters, epochs, sides } = state;
  const { factors } = hyperparameters;
  const [userFactors, itemFactors] = [sides.users.factors, sides.items.factors];
  const scoresOfRow = (row: Float64Array): Float64Array => {
    if (row.length !== factors) {
      throw new AppError('input-invalid', 'A row of another length than the model has factors.', {
        values: { length: row.length, factors },
      });
    }
    const scores = new Float64Array(sides.items.steps.length);
    rowDots(itemFactors, row, scores);
    return scores;
  };
  return {
    hyperparameters,
    epochs,
    userFactors,
    itemFactors,
    scoresOf(user) {
      const users = sides.users.steps.length;
      if (!Number.isInteger(user) || user < 0 || user >= users) {
        throw new AppError('input-invalid', 'A user that the model does not have.', {
          values: { user, users },
        });
      }
      return scoresOfRow(rowOf(userFactors, user, factors));
    },
    scoresOfRow,
    foldIn: (history) => loss.foldIn({ factors, data: itemFactors }, hyperparameters, history),
    toState: () => structuredClone(state),
  };
}

/** A matrix of the state's shape, for the rules of its hyper-parameters. */
function blankMatrix<H>({ sides }: ContrastiveState<H>): CsrMatrix {
  const rows = sides.users.steps.length;
  return {
    rows,
    columns: sides.items.steps.length,
    indptr: new Int32Array(rows + 1),
    indices: new Int32Array(0),
    data: new Float32Array(0),
  };
}

function finiteLoss(loss: number): number {
  if (Number.isFinite(loss)) return loss;
  throw new AppError('training-diverged', 'The loss is no finite number.', {
    values: { loss: String(loss) },
    remedy: 'Lower the learning rates.',
  });
}
