import type { CsrMatrix } from '../matrix/csr.ts';
import { Random } from '../matrix/random.ts';
import { signedCellWeight, type CellWeights } from './objective.ts';

/** Cells (users × items) of one step: 1 MiB of weights, some 8 MiB with what autograd keeps. */
const MAX_CELLS = 2 ** 18;
const MAX_BLOCK_ROWS = 64;

/**
 * The users in blocks of equal size, so that every training step has the same shapes. Users without
 * interactions are in no block. The last block is filled up with rows of weight 0.
 */
export class UserBlocks {
  readonly rows: number;
  readonly items: number;
  readonly count: number;
  /** Users in all blocks together. */
  readonly users: number;
  readonly #strengths: CsrMatrix;
  /** Users with interactions, in seeded random order: a pack may list alike users together. */
  readonly #users: readonly number[];
  readonly #weights: CellWeights;
  readonly #seed: number;

  constructor(strengths: CsrMatrix, weights: CellWeights, seed: number) {
    const users: number[] = [];
    for (let user = 0; user < strengths.rows; user++) {
      if ((strengths.indptr[user + 1] ?? 0) > (strengths.indptr[user] ?? 0)) users.push(user);
    }
    new Random(seed).shuffle(users);
    this.#strengths = strengths;
    this.#users = users;
    this.users = users.length;
    this.#weights = weights;
    this.#seed = seed;
    this.items = strengths.columns;
    this.rows = Math.max(
      1,
      Math.min(users.length, MAX_BLOCK_ROWS, Math.floor(MAX_CELLS / strengths.columns)),
    );
    this.count = Math.ceil(users.length / this.rows);
  }

  /** Users of a block, at most `rows`. */
  usersOf(block: number): readonly number[] {
    return this.#users.slice(block * this.rows, (block + 1) * this.rows);
  }

  /** The blocks in the order of an epoch (0-based): depends on the seed and the epoch alone, so a run can resume. */
  orderOf(epoch: number): readonly number[] {
    // Any odd multiplier keeps the seeds of epochs apart; this is 2^32 / golden ratio (Knuth).
    const random = new Random((this.#seed + Math.imul(epoch + 1, 0x9e3779b1)) | 0);
    return random.shuffle(Array.from({ length: this.count }, (_, block) => block));
  }

  /** Writes t·w of every cell of a block into `cells`, row-major rows × items. */
  fill(block: number, cells: Float32Array): void {
    const { indptr, indices, data } = this.#strengths;
    const users = this.usersOf(block);
    cells.fill(signedCellWeight(0, this.#weights), 0, users.length * this.items);
    cells.fill(0, users.length * this.items);
    users.forEach((user, row) => {
      const end = indptr[user + 1] ?? 0;
      for (let entry = indptr[user] ?? 0; entry < end; entry++) {
        cells[row * this.items + (indices[entry] ?? 0)] = signedCellWeight(data[entry] ?? 0, this.#weights);
      }
    });
  }
}
