import { AppError } from '../../errors.ts';
import { rowLength, rowsWithEntries, type CsrMatrix } from '../matrix/csr.ts';
import { Random } from '../matrix/random.ts';
import { MAX_FOLDS } from './folds.ts';
import { selectEntries, timesOf, type Dataset } from './dataset.ts';

/**
 * How test is cut from the data (validation is cut from train the same way):
 *
 * - `random`: of every user a random share of the entries;
 * - `leave-k`: of every user k entries, the latest where there are times;
 * - `time`: everything after one moment for all users, so that nothing is learned from the future;
 * - `users`: whole users (strong generalisation, Marlin 2004), who are folded in with most of their entries.
 */
export const SPLIT_KINDS = ['random', 'leave-k', 'time', 'users'] as const;
export type SplitKind = (typeof SPLIT_KINDS)[number];

export interface SplitPlan {
  readonly kind: SplitKind;
  readonly seed: number;
  /** Share of the entries (random, time) or users (users) that are tested. In (0, 1). */
  readonly share: number;
  /** Entries left out by `leave-k`. */
  readonly leave: number;
}

/** Both parts have the shape of what was split. No pair is in both. */
export interface Split {
  readonly train: Dataset;
  readonly test: CsrMatrix;
  /** Times of test's entries, in its order; null where the data has none. */
  readonly testTimes: Float64Array<ArrayBuffer> | null;
  /**
   * What is known, and left out of the ranking, of the users tested, in the shape of train; null where that is their
   * train row. Only for `users`, whose rows in train are empty.
   */
  readonly folded: CsrMatrix | null;
}

/** Of a held-out user, what is folded in; the rest is to be found (Liang et al. 2018). */
const FOLDED_SHARE = 0.8;
/** A user is split by share or held out only with so many entries, so that something remains on either side. */
const MIN_ENTRIES = 5;

/** Splits as planned; the same seed gives the same split. Throws `input-invalid` and, for nothing to test, `not-enough-data`. */
export function splitDataset(dataset: Dataset, plan: SplitPlan): Split {
  checkPlan(plan);
  const split = SPLITTERS[plan.kind](dataset, plan, new Random(plan.seed));
  if (split.test.indices.length > 0 && split.train.matrix.indices.length > 0) return split;
  throw new AppError(
    'not-enough-data',
    `A split by ${plan.kind} leaves nothing to train on or nothing to test.`,
    {
      values: { split: plan.kind, train: split.train.matrix.indices.length, test: split.test.indices.length },
      remedy: 'Give more interactions, or another split.',
    },
  );
}

/** Splits, and cross-validation: `kfold` tests each entry once, in 1 / share parts. */
export const PLAN_KINDS = [...SPLIT_KINDS, 'kfold'] as const;
export type PlanKind = (typeof PLAN_KINDS)[number];

export interface EvaluationPlan extends Omit<SplitPlan, 'kind'> {
  readonly kind: PlanKind;
}

/** Parts of a cross-validation. */
export function foldCount({ kind, share }: Pick<EvaluationPlan, 'kind' | 'share'>): number {
  return kind === 'kfold' ? Math.round(1 / share) : 1;
}

/** All splits of a plan, one but for `kfold`. Throws as `splitDataset` and `kFolds`. */
export function splitsOf(dataset: Dataset, plan: EvaluationPlan): readonly Split[] {
  const { kind } = plan;
  if (kind !== 'kfold') return [splitDataset(dataset, { ...plan, kind })];
  checkPlan(plan);
  return kFolds(dataset, foldCount(plan), plan.seed);
}

/** How a part of train is cut off to validate: as test was, so that it measures the same thing; else at random. */
export function validationKind(kind: PlanKind | 'given' | 'folds', train: Dataset): SplitKind {
  if (kind === 'time') return train.timestamps === null ? 'random' : 'time';
  return kind === 'leave-k' || kind === 'users' ? kind : 'random';
}

/** The parts of k-fold cross-validation over entries: each entry is tested once. `folds` is 2 to MAX_FOLDS. */
export function kFolds(dataset: Dataset, folds: number, seed: number): readonly Split[] {
  const entries = dataset.matrix.indices.length;
  const most = Math.min(entries, MAX_FOLDS);
  if (!Number.isInteger(folds) || folds < 2 || folds > most) {
    throw new AppError(
      entries < 2 ? 'not-enough-data' : 'input-invalid',
      `The number of folds must be a whole number from 2 to ${most}.`,
      { values: { folds, entries } },
    );
  }
  const order = new Random(seed).shuffle(Array.from({ length: entries }, (_, entry) => entry));
  const foldOf = new Int32Array(entries);
  order.forEach((entry, position) => (foldOf[entry] = position % folds));
  return Array.from({ length: folds }, (_, fold) => parted(dataset, (entry) => foldOf[entry] === fold));
}

/** Train and test given as they are. Throws `input-invalid` for different shapes. */
export function givenSplit(train: Dataset, { matrix: test, timestamps: testTimes }: Dataset): Split {
  if (train.matrix.rows !== test.rows || train.matrix.columns !== test.columns) {
    throw new AppError('input-invalid', 'Train and test have different shapes.', {
      values: { users: train.matrix.rows, testUsers: test.rows },
    });
  }
  return { train, test, testTimes, folded: null };
}

const SPLITTERS: Readonly<Record<SplitKind, (dataset: Dataset, plan: SplitPlan, random: Random) => Split>> = {
  random: (dataset, { share }, random) => {
    const tested = new Uint8Array(dataset.matrix.indices.length);
    eachRow(dataset.matrix, (begin, end) => {
      if (end - begin < MIN_ENTRIES) return;
      const count = Math.max(1, Math.round(share * (end - begin)));
      for (const entry of random.shuffle(range(begin, end)).slice(0, count)) tested[entry] = 1;
    });
    return parted(dataset, (entry) => tested[entry] === 1);
  },
  'leave-k': (dataset, { leave }, random) => {
    const { timestamps } = dataset;
    const tested = new Uint8Array(dataset.matrix.indices.length);
    eachRow(dataset.matrix, (begin, end) => {
      if (end - begin <= leave) return;
      const order = random.shuffle(range(begin, end));
      // stable: of equal times chance decides
      if (timestamps !== null) order.sort((a, b) => (timestamps[b] ?? 0) - (timestamps[a] ?? 0));
      for (const entry of order.slice(0, leave)) tested[entry] = 1;
    });
    return parted(dataset, (entry) => tested[entry] === 1);
  },
  time: (dataset, { share }) => {
    const times = timesOf(dataset);
    const cutoff = times.toSorted()[Math.floor((1 - share) * times.length)] ?? Infinity;
    return parted(dataset, (entry) => (times[entry] ?? 0) >= cutoff);
  },
  users: (dataset, { share }, random) => {
    const { matrix } = dataset;
    const eligible = range(0, matrix.rows).filter((user) => rowLength(matrix, user) >= MIN_ENTRIES);
    const count = Math.min(Math.max(1, Math.round(share * rowsWithEntries(matrix))), eligible.length);
    /** 0 train, 1 folded in, 2 tested. */
    const part = new Uint8Array(matrix.indices.length);
    for (const user of random
      .shuffle(eligible)
      .slice(0, count)
      .sort((a, b) => a - b)) {
      const entries = random.shuffle(range(matrix.indptr[user] ?? 0, matrix.indptr[user + 1] ?? 0));
      const known = Math.min(entries.length - 1, Math.round(FOLDED_SHARE * entries.length));
      entries.forEach((entry, position) => (part[entry] = position < known ? 1 : 2));
    }
    return {
      train: selectEntries(dataset, (entry) => part[entry] === 0),
      folded: selectEntries(dataset, (entry) => part[entry] === 1).matrix,
      ...testOf(dataset, (entry) => part[entry] === 2),
    };
  },
};

function parted(dataset: Dataset, tested: (entry: number) => boolean): Split {
  return {
    train: selectEntries(dataset, (entry) => !tested(entry)),
    ...testOf(dataset, tested),
    folded: null,
  };
}

function testOf(dataset: Dataset, tested: (entry: number) => boolean): Pick<Split, 'test' | 'testTimes'> {
  const { matrix, timestamps } = selectEntries(dataset, tested);
  return { test: matrix, testTimes: timestamps };
}

function checkPlan({ kind, share, leave }: EvaluationPlan): void {
  if (!(share > 0 && share < 1)) {
    throw new AppError('input-invalid', 'The share that is tested must be between 0 and 1.', {
      values: { split: kind, share: String(share) },
    });
  }
  if (!Number.isInteger(leave) || leave < 1) {
    throw new AppError('input-invalid', 'At least one entry of a user must be left out.', {
      values: { split: kind, leave: String(leave) },
    });
  }
}

function eachRow({ rows, indptr }: CsrMatrix, visit: (begin: number, end: number) => void): void {
  for (let row = 0; row < rows; row++) visit(indptr[row] ?? 0, indptr[row + 1] ?? 0);
}

function range(begin: number, end: number): number[] {
  return Array.from({ length: end - begin }, (_, index) => begin + index);
}
