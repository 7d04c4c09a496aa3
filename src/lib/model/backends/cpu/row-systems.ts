import { Diagonals } from './diagonal.ts';
import type { Kernels } from './kernels.ts';
import { Scratch, structOf } from './memory.ts';
import type { SparseAddresses } from './matrix.ts';
import { paddedWidth, spreadStride, WORD_BYTES, WORK_PER_STEP } from './shapes.ts';

/** Rows whose results are looked at together. */
const ROWS_PER_BLOCK = 64;
/**
 * Entries of a long row that are summed on their own before they join the total: a plain sum of a million in 32 bits
 * is off by 5e-4.
 */
const ENTRIES_PER_SUM = 1_024;
/** Entries that `accumulate` gathers at once. */
const PANEL_ROWS = 32;
/**
 * The least that a pivot may keep of its diagonal for a row to count as solved in 32 bits: 2⁻²⁴ over it bounds the
 * relative error, and the engines agree within 1e-4.
 */
const LEAST_QUALITY = 2 ** -9;

/** Rows to solve against fixed factors in their eigenbasis. Addresses in the memory of `kernels`. */
export interface RowJob {
  readonly observed: SparseAddresses;
  /** Rows [first, last) of `observed`. */
  readonly first: number;
  readonly last: number;
  readonly k: number;
  /** Ỹ = YQ, rows of `paddedWidth(k)` floats. */
  readonly rotated: number;
  /** α0Λ, k values. */
  readonly spectrum: Float64Array;
  /** One float a row of `observed`. */
  readonly ridge: number;
  /** X̃ = XQ, rows of `paddedWidth(k)` floats, one a row of `observed`. */
  readonly solved: number;
}

/** What became of a job's rows. */
export interface RowsSolved {
  /** Rows that 32 bits do not resolve, which are left undefined. */
  readonly unresolved: readonly number[];
  /** Σ of the other rows' objectives: Σ |d| (p − xᵀy)² + α0 xᵀGx + ridge ‖x‖². */
  readonly objective: number;
}

/**
 * Solves the rows (see RowSystem), each in its dual where it has fewer entries than factors, else in the k × k normal
 * matrix. Yields between short steps, also inside a long row.
 */
export function* rowSystemSteps(kernels: Kernels, job: RowJob): Generator<void, RowsSolved> {
  const scratch = new Scratch(kernels.memory);
  try {
    return yield* new RowSystems(kernels, job, scratch).steps();
  } finally {
    scratch.release();
  }
}

/** Multiply-adds of a row of n entries in its dual: panel, PᵀP, Cholesky, and what a row costs at all. */
function dualWork(n: number, k: number): number {
  return n * (n + 8) * (k / 2 + n / 6) + 4 * n * k + 16 * k;
}

/** Multiply-adds of a row of n entries in its normal matrix. */
function primalWork(n: number, k: number): number {
  return n * (k * (k + 8)) * 0.5 + 2 * n * k + (k * k * k) / 6 + 8 * k * k;
}

/** True where the dual is the cheaper way. It has room for k entries. */
function isDual(n: number, k: number): boolean {
  return n <= k && dualWork(n, k) <= primalWork(n, k);
}

/** Multiply-adds of a row of n entries as it is solved. */
export function rowWork(n: number, k: number): number {
  return isDual(n, k) ? dualWork(n, k) : primalWork(n, k);
}

class RowSystems {
  readonly #kernels: Kernels;
  readonly #job: RowJob;
  readonly #width: number;
  /** The struct RowSystem of assembly/row-solve.ts. */
  readonly #system: number;
  /** Matrix and right side of a row's normal system, in one piece; and the same again for the total of a long row. */
  readonly #normal: number;
  readonly #total: number;
  readonly #normalLength: number;
  readonly #quality: number;
  readonly #objectives: number;
  readonly #diagonals: Diagonals;
  #objective = 0;

  constructor(kernels: Kernels, job: RowJob, scratch: Scratch) {
    const { memory } = kernels;
    const { k, observed, rotated, ridge } = job;
    const width = paddedWidth(k);
    const stride = spreadStride(k + 1);
    const vector = (): number => scratch.allocate((width + 8) * WORD_BYTES);
    this.#kernels = kernels;
    this.#job = job;
    this.#width = width;
    this.#quality = scratch.allocate(ROWS_PER_BLOCK * WORD_BYTES);
    this.#objectives = scratch.allocate(2 * ROWS_PER_BLOCK * WORD_BYTES);
    const spectrum = vector();
    const zeros = vector();
    const matrixBytes = (width + 8) * stride;
    this.#normalLength = matrixBytes / WORD_BYTES + width + 8;
    this.#normal = scratch.allocate(this.#normalLength * WORD_BYTES);
    this.#total = scratch.allocate(this.#normalLength * WORD_BYTES);
    const panel = scratch.allocate(Math.max(width, PANEL_ROWS) * stride);
    this.#system = structOf(memory, scratch, [
      ...[observed.indptr, observed.indices, observed.data, rotated, spectrum, ridge],
      ...[k, width, panel, this.#normal, stride],
      ...[vector(), vector(), vector(), this.#normal + matrixBytes, zeros],
    ]);
    memory.floats(spectrum, width).fill(1).set(job.spectrum);
    memory.floats(zeros, width).fill(0);
    this.#diagonals = new Diagonals(job.spectrum);
  }

  *steps(): Generator<void, RowsSolved> {
    const { first, last } = this.#job;
    const unresolved: number[] = [];
    for (let row = first; row < last; row += ROWS_PER_BLOCK) {
      const end = Math.min(last, row + ROWS_PER_BLOCK);
      yield* this.#solveBlock(row, end);
      this.#finishBlock(row, end, unresolved);
      yield;
    }
    return { unresolved, objective: this.#objective };
  }

  *#solveBlock(first: number, end: number): Generator<void, void> {
    const { k } = this.#job;
    const starts = this.#starts().slice(first, end + 1);
    const length = (row: number): number => (starts[row + 1 - first] ?? 0) - (starts[row - first] ?? 0);
    for (let row = first; row < end;) {
      if (!isDual(length(row), k)) {
        yield* this.#solvePrimal(row, row - first);
        row++;
        continue;
      }
      let next = row + 1;
      let sum = rowWork(length(row), k);
      while (next < end && isDual(length(next), k)) {
        sum += rowWork(length(next), k);
        if (sum > WORK_PER_STEP) break;
        next++;
      }
      const [quality, objectives] = this.#resultsAt(row - first);
      this.#kernels.solveDuals(this.#system, row, next, this.#rowAt(row), quality, objectives);
      row = next;
      yield;
    }
  }

  *#solvePrimal(row: number, at: number): Generator<void, void> {
    const { k } = this.#job;
    const starts = this.#starts();
    const [begin, end] = [starts[row] ?? 0, starts[row + 1] ?? 0];
    const panels = Math.max(1, Math.floor((2 * WORK_PER_STEP) / (k * k * PANEL_ROWS)));
    const perStep = Math.min(ENTRIES_PER_SUM, panels * PANEL_ROWS);
    const long = end - begin > ENTRIES_PER_SUM;
    if (long) this.#kernels.memory.floats(this.#total, this.#normalLength).fill(0);
    this.#kernels.beginPrimal(this.#system, row);
    for (let entry = begin, summed = 0; entry < end; entry += perStep) {
      this.#kernels.accumulate(this.#system, entry, Math.min(end, entry + perStep));
      summed += perStep;
      if (long && summed >= ENTRIES_PER_SUM) {
        this.#kernels.addFloats(this.#total, this.#normal, this.#normalLength);
        this.#kernels.memory.floats(this.#normal, this.#normalLength).fill(0);
        summed = 0;
      }
      yield;
    }
    if (long) this.#kernels.addFloats(this.#normal, this.#total, this.#normalLength);
    const [quality, objectives] = this.#resultsAt(at);
    const value = this.#kernels.finishPrimal(this.#system, row, this.#rowAt(row), objectives);
    this.#kernels.memory.floats(quality, 1)[0] = value;
  }

  /** Which rows of a block are to be solved again, and what the others add to the objective. */
  #finishBlock(first: number, end: number, unresolved: number[]): void {
    const { memory } = this.#kernels;
    const rows = end - first;
    const qualities = memory.floats(this.#quality, rows);
    const objectives = memory.doubles(this.#objectives, rows);
    const ridges = memory.floats(this.#job.ridge + first * WORD_BYTES, rows);
    const starts = this.#starts();
    for (let at = 0; at < rows; at++) {
      if (starts[first + at] === starts[first + at + 1]) continue;
      const objective = objectives[at] ?? NaN;
      const narrow = this.#diagonals.areNarrow(ridges[at] ?? 0);
      const resolved = (qualities[at] ?? 0) >= LEAST_QUALITY && narrow;
      if (resolved && !Number.isNaN(objective)) this.#objective += objective;
      else unresolved.push(first + at);
    }
  }

  #rowAt(row: number): number {
    return this.#job.solved + row * this.#width * WORD_BYTES;
  }

  /** Where quality and objective of a block's row stand. */
  #resultsAt(at: number): [quality: number, objectives: number] {
    return [this.#quality + at * WORD_BYTES, this.#objectives + 2 * at * WORD_BYTES];
  }

  #starts(): Int32Array {
    return this.#kernels.memory.integers(this.#job.observed.indptr, this.#job.last + 1);
  }
}
