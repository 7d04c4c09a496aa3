import { Diagonals } from './diagonal.ts';
import { GRAM_BLOCK_ROWS, GramSum } from './gram.ts';
import type { Kernels } from './kernels.ts';
import type { SparseAddresses } from './matrix.ts';
import { Scratch, structOf } from './memory.ts';
import { paddedWidth, spreadStride, WORD_BYTES, WORK_PER_STEP } from './shapes.ts';

/** Rows whose products with G are made together. */
const ROWS_AT_ONCE = 128;
/** Both as in assembly/conjugate-gradients.ts. */
const ENTRIES_PER_SUM = 1_024;
const ENTRIES_PER_BLOCK = 32;
/** Numbers of all the Gram matrices that a half-iteration keeps apart. */
const GRAM_NUMBERS = 2 ** 19;

/** Rows to improve against fixed factors, both in one basis. Addresses in the memory of `kernels`. */
export interface StepsJob {
  readonly observed: SparseAddresses;
  /** Rows [first, last) of `observed`; `first` is a multiple of `chunkRows`. */
  readonly first: number;
  readonly last: number;
  readonly k: number;
  /** Y, rows of `paddedWidth(k)` floats. */
  readonly fixed: number;
  /** α0G, from `writeSquare`. */
  readonly unobserved: number;
  /** α0 diag G, k values. */
  readonly spectrum: Float64Array;
  /** One float a row of `observed`. */
  readonly ridge: number;
  /** X, rows of `paddedWidth(k)` floats, one a row of `observed`: improved in place. */
  readonly solved: number;
  /** At least 1. */
  readonly steps: number;
  /** From `chunkRowsOf`. */
  readonly chunkRows: number;
}

/** What became of a job's rows. */
export interface RowsImproved {
  /** Rows that 32 bits do not resolve, which are left undefined. */
  readonly unresolved: readonly number[];
  /** Σ |d| (p − xᵀy)² + ridge ‖x‖² over the others. */
  readonly objective: number;
  /** XᵀX of each chunk of rows, k × k. */
  readonly grams: readonly Float64Array<ArrayBuffer>[];
}

/**
 * Rows of which the Gram matrix is summed on its own: a whole number of blocks, whatever the number of threads, so that
 * the sum over all chunks is always added up in the same order.
 */
export function chunkRowsOf(rows: number, k: number): number {
  const chunks = Math.min(32, Math.max(8, Math.floor(GRAM_NUMBERS / (k * k))));
  return GRAM_BLOCK_ROWS * Math.max(1, Math.ceil(rows / (chunks * GRAM_BLOCK_ROWS)));
}

/** Multiply-adds of a row of n entries: every entry twice for the residual and each step, and products with G and x. */
export function stepsWork(n: number, k: number, steps: number): number {
  return (2 * n + 10) * k * (steps + 1) + 1.5 * k * k;
}

/**
 * Takes some steps of conjugate gradients towards the solution of each row (see RowSystem and
 * assembly/conjugate-gradients.ts), and sums the Gram matrix of the rows while they are in the cache. Yields between
 * short steps, also inside a long row.
 */
export function* rowStepsSteps(kernels: Kernels, job: StepsJob): Generator<void, RowsImproved> {
  const scratch = new Scratch(kernels.memory);
  try {
    return yield* new RowSteps(kernels, job, scratch).steps();
  } finally {
    scratch.release();
  }
}

class RowSteps {
  readonly #kernels: Kernels;
  readonly #job: StepsJob;
  readonly #width: number;
  readonly #rowsAtOnce: number;
  /** The struct ConjugateGradients of assembly/conjugate-gradients.ts. */
  readonly #gradients: number;
  readonly #pulls: number;
  readonly #objectives: number;
  readonly #gram: GramSum;
  readonly #diagonals: Diagonals;

  constructor(kernels: Kernels, job: StepsJob, scratch: Scratch) {
    const { memory } = kernels;
    const { k, observed, fixed, ridge } = job;
    const width = paddedWidth(k);
    const vector = (): number => scratch.allocate(width * WORD_BYTES);
    this.#kernels = kernels;
    this.#job = job;
    this.#width = width;
    // whole tiles of four rows
    this.#rowsAtOnce = Math.max(4, Math.min(ROWS_AT_ONCE, Math.floor(WORK_PER_STEP / (k * width)) & ~3));
    this.#pulls = scratch.allocate(this.#rowsAtOnce * width * WORD_BYTES);
    this.#objectives = scratch.allocate(2 * this.#rowsAtOnce * WORD_BYTES);
    this.#gram = new GramSum(kernels, k, scratch);
    this.#diagonals = new Diagonals(job.spectrum);
    const [spectrum, zeros, scalars] = [vector(), vector(), scratch.allocate(4 * WORD_BYTES)];
    this.#gradients = structOf(memory, scratch, [
      ...[observed.indptr, observed.indices, observed.data, fixed, spectrum, ridge, width],
      ...[vector(), vector(), vector(), vector(), vector(), vector(), vector(), zeros, scalars],
      ...[scratch.allocate(ENTRIES_PER_BLOCK * WORD_BYTES), scratch.allocate(ENTRIES_PER_BLOCK * WORD_BYTES)],
    ]);
    memory.floats(spectrum, width).fill(1).set(job.spectrum);
    memory.floats(zeros, width).fill(0);
  }

  *steps(): Generator<void, RowsImproved> {
    const { first, last, chunkRows } = this.#job;
    const unresolved: number[] = [];
    const grams: Float64Array<ArrayBuffer>[] = [];
    let objective = 0;
    for (let chunk = first; chunk < last; chunk += chunkRows) {
      const chunkEnd = Math.min(last, chunk + chunkRows);
      this.#gram.clear();
      for (let block = chunk; block < chunkEnd; block += GRAM_BLOCK_ROWS) {
        const blockEnd = Math.min(chunkEnd, block + GRAM_BLOCK_ROWS);
        for (let row = block; row < blockEnd; row += this.#rowsAtOnce) {
          const end = Math.min(blockEnd, row + this.#rowsAtOnce);
          yield* this.#improve(row, end);
          objective += this.#finish(row, end, unresolved);
        }
        this.#gram.add(this.#rowAt(block), blockEnd - block, this.#width);
        yield;
      }
      grams.push(this.#gram.read());
    }
    return { unresolved, objective, grams };
  }

  *#improve(first: number, end: number): Generator<void, void> {
    const { k, steps, unobserved } = this.#job;
    const bytes = this.#width * WORD_BYTES;
    const pullOf = (row: number): number => this.#pulls + (row - first) * bytes;
    const objectiveOf = (row: number): number => this.#objectives + 2 * (row - first) * WORD_BYTES;
    this.#kernels.product(
      ...([this.#pulls, bytes, this.#rowAt(first), bytes, end - first, k] as const),
      ...([unobserved, spreadStride(k), this.#width] as const),
    );
    const starts = this.#kernels.memory
      .integers(this.#job.observed.indptr + first * WORD_BYTES, end - first + 1)
      .slice();
    const entriesPerStep = Math.max(1, Math.floor(WORK_PER_STEP / (2 * k * (steps + 1))));
    for (let row = first; row < end;) {
      const begin = starts[row - first] ?? 0;
      let next = row + 1;
      while (next < end && (starts[next + 1 - first] ?? 0) - begin <= entriesPerStep) next++;
      if ((starts[next - first] ?? 0) - begin <= entriesPerStep) {
        this.#kernels.improveRows(
          ...([this.#gradients, row, next, this.#rowAt(row)] as const),
          ...([pullOf(row), steps, objectiveOf(row)] as const),
        );
      } else {
        yield* this.#improveLong(row, pullOf(row), objectiveOf(row));
      }
      row = next;
      yield;
    }
  }

  /** Steps of a row that is too long for one call. */
  *#improveLong(row: number, pull: number, objective: number): Generator<void, void> {
    const { k, steps, observed } = this.#job;
    const kernels = this.#kernels;
    const [begin = 0, end = 0] = kernels.memory.integers(observed.indptr + row * WORD_BYTES, 2);
    const perCall = ENTRIES_PER_SUM * Math.max(1, Math.floor(WORK_PER_STEP / (2 * k * ENTRIES_PER_SUM)));
    const x = this.#rowAt(row);
    kernels.beginRow(this.#gradients, row, x, pull);
    for (let entry = begin; entry < end; entry += perCall) {
      kernels.residualOf(this.#gradients, entry, Math.min(end, entry + perCall), x);
      yield;
    }
    kernels.beginSteps(this.#gradients);
    for (let step = 1; ; step++) {
      for (let entry = begin; entry < end; entry += perCall) {
        kernels.imageOf(this.#gradients, entry, Math.min(end, entry + perCall));
        yield;
      }
      if (kernels.takeStep(this.#gradients) === 0 || step === steps) break;
      kernels.turnDirection(this.#gradients);
    }
    kernels.memory.doubles(objective, 1)[0] = kernels.finishRow(this.#gradients, x, pull);
  }

  /** The objective of rows [first, end); those that are to be solved again join `unresolved`. */
  #finish(first: number, end: number, unresolved: number[]): number {
    const { memory } = this.#kernels;
    const { ridge, observed } = this.#job;
    const rows = end - first;
    const objectives = memory.doubles(this.#objectives, rows);
    const ridges = memory.floats(ridge + first * WORD_BYTES, rows);
    const starts = memory.integers(observed.indptr + first * WORD_BYTES, rows + 1);
    let sum = 0;
    for (let at = 0; at < rows; at++) {
      if (starts[at] === starts[at + 1]) continue;
      const objective = objectives[at] ?? NaN;
      if (this.#diagonals.areNarrow(ridges[at] ?? 0) && !Number.isNaN(objective)) sum += objective;
      else unresolved.push(first + at);
    }
    return sum;
  }

  #rowAt(row: number): number {
    return this.#job.solved + row * this.#width * WORD_BYTES;
  }
}
