import { AppError } from '../../errors.ts';
import type { PairwiseState } from '../backends/pairwise.ts';
import { ndcgAtK } from '../evaluate/metrics.ts';
import { rankTopK } from '../evaluate/rank.ts';
import { rowDots, rowOf } from '../linear/dense.ts';
import { rowLength, validateCsr, type CsrMatrix } from '../matrix/csr.ts';
import { Random } from '../matrix/random.ts';

export interface ValidationOptions {
  /** Users × items, as train, which must not hold them: what to find. */
  readonly held: CsrMatrix;
  /** Epochs from measurement to measurement; the last epoch is measured too. Default: a tenth of all. */
  readonly every?: number;
  /** Measurements without a better one before it stops. Default: 3. */
  readonly patience?: number;
}

const K = 20;
/** Ranking all items takes as long as an epoch for some thousands of users; a sample tells enough. */
const MAX_USERS = 1_000;
const DEFAULT_PATIENCE = 3;

/** NDCG@20 of held-out interactions, all items ranked, train items left out, on at most 1,000 seeded users. */
export class Validation {
  readonly #positives: CsrMatrix;
  readonly #held: CsrMatrix;
  readonly #users: readonly number[];
  readonly #every: number | undefined;
  readonly #patience: number;
  #best = -Infinity;
  #since = 0;

  /** Throws `input-invalid` for a matrix of another shape, without entries, or with one that train has. */
  constructor(positives: CsrMatrix, { held, every, patience }: ValidationOptions, seed: number) {
    validateCsr(held);
    if (held.rows !== positives.rows || held.columns !== positives.columns) {
      throw new AppError('input-invalid', 'Validation and train are of different shapes.', {
        values: { rows: held.rows, columns: held.columns },
      });
    }
    for (const [name, value] of Object.entries({ every, patience })) {
      if (value !== undefined && (!Number.isInteger(value) || value < 1)) {
        throw new AppError('input-invalid', `${name} must be a whole number of at least 1.`, {
          values: { name, value: String(value) },
        });
      }
    }
    this.#positives = positives;
    this.#held = held;
    this.#every = every;
    this.#patience = patience ?? DEFAULT_PATIENCE;
    const users = Array.from({ length: held.rows }, (_, user) => user).filter(
      (user) => rowLength(held, user) > 0,
    );
    if (users.length === 0) throw new AppError('input-invalid', 'The validation part is empty.');
    for (const user of users) {
      const train = new Set(this.#itemsOf(positives, user));
      const leaked = this.#itemsOf(held, user).find((item) => train.has(item));
      if (leaked === undefined) continue;
      throw new AppError('input-invalid', 'An interaction is in train and in validation.', {
        values: { user, item: leaked },
      });
    }
    this.#users = new Random(seed).shuffle(users).slice(0, MAX_USERS);
  }

  isDue(epoch: number, epochs: number): boolean {
    return epoch === epochs || epoch % (this.#every ?? Math.max(1, Math.floor(epochs / 10))) === 0;
  }

  *steps({ users, items }: PairwiseState, factors: number): Generator<void, number> {
    const scores = new Float64Array(items.steps.length);
    let sum = 0;
    for (const user of this.#users) {
      rowDots(items.factors, rowOf(users.factors, user, factors), scores);
      const ranked = rankTopK(scores, this.#itemsOf(this.#positives, user), K);
      sum += ndcgAtK(ranked, new Set(this.#itemsOf(this.#held, user)), K);
      yield;
    }
    return sum / this.#users.length;
  }

  /** Takes a measurement in; true for the best so far. */
  improvesWith(ndcg: number): boolean {
    const better = ndcg > this.#best;
    this.#since = better ? 0 : this.#since + 1;
    if (better) this.#best = ndcg;
    return better;
  }

  get isOver(): boolean {
    return this.#since >= this.#patience;
  }

  #itemsOf({ indptr, indices }: CsrMatrix, user: number): Int32Array<ArrayBuffer> {
    return indices.subarray(indptr[user], indptr[user + 1]);
  }
}
