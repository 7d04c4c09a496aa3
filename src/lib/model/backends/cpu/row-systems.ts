import type { Kernels } from './kernels.ts';
import { Scratch } from './memory.ts';
import type { SparseAddresses } from './matrix.ts';
import { paddedWidth, spreadStride, WORD_BYTES, WORK_PER_STEP } from './shapes.ts';

/** Rows whose x̃ wait together for the way back from the eigenbasis. */
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
/** The widest that D's diagonal may spread, for the same reason: Ỹ carries 2⁻²⁴ of the longest direction's length. */
const WIDEST_SPREAD = 1e5;

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
  /** Qᵀ from `writeBasis`. */
  readonly back: number;
  /** One float a row of `observed`. */
  readonly ridge: number;
  /** k floats a row of `observed`. */
  readonly solved: number;
}

/**
 * Solves the rows (see RowSystem): each in its dual where it has fewer entries than factors, else in the k × k normal
 * matrix. Yields between short steps, also inside a long row. Returns the rows that 32 bits do not resolve, which
 * are left undefined.
 */
export function* rowSystemSteps(kernels: Kernels, job: RowJob): Generator<void, number[]> {
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
  readonly #x: number;
  readonly #turned: number;
  readonly #quality: number;
  readonly #leastSpectrum: number;
  readonly #mostSpectrum: number;

  constructor(kernels: Kernels, job: RowJob, scratch: Scratch) {
    const { memory } = kernels;
    const { k, observed } = job;
    const width = paddedWidth(k);
    const stride = spreadStride(k + 1);
    const vector = (): number => scratch.allocate((width + 8) * WORD_BYTES);
    this.#kernels = kernels;
    this.#job = job;
    this.#width = width;
    this.#x = scratch.allocate(ROWS_PER_BLOCK * width * WORD_BYTES);
    this.#turned = scratch.allocate(ROWS_PER_BLOCK * width * WORD_BYTES);
    this.#quality = scratch.allocate(ROWS_PER_BLOCK * WORD_BYTES);
    const spectrum = vector();
    const zeros = vector();
    const matrixBytes = (width + 8) * stride;
    this.#normalLength = matrixBytes / WORD_BYTES + width + 8;
    this.#normal = scratch.allocate(this.#normalLength * WORD_BYTES);
    this.#total = scratch.allocate(this.#normalLength * WORD_BYTES);
    const fields = [
      observed.indptr,
      observed.indices,
      observed.data,
      job.rotated,
      spectrum,
      job.ridge,
      k,
      width,
      scratch.allocate(Math.max(width, PANEL_ROWS) * stride),
      this.#normal,
      stride,
      vector(),
      vector(),
      vector(),
      this.#normal + matrixBytes,
      zeros,
    ];
    this.#system = scratch.allocate(fields.length * WORD_BYTES);
    memory.integers(this.#system, fields.length).set(fields);
    memory.floats(spectrum, width).fill(1).set(job.spectrum);
    memory.floats(zeros, width).fill(0);
    this.#leastSpectrum = job.spectrum.reduce((least, value) => Math.min(least, value), Infinity);
    this.#mostSpectrum = job.spectrum.reduce((most, value) => Math.max(most, value), -Infinity);
  }

  *steps(): Generator<void, number[]> {
    const { first, last } = this.#job;
    const unresolved: number[] = [];
    for (let row = first; row < last; row += ROWS_PER_BLOCK) {
      const end = Math.min(last, row + ROWS_PER_BLOCK);
      yield* this.#solveBlock(row, end);
      this.#finishBlock(row, end, unresolved);
      yield;
    }
    return unresolved;
  }

  *#solveBlock(first: number, end: number): Generator<void, void> {
    const { k } = this.#job;
    for (let row = first; row < end;) {
      const x = this.#x + (row - first) * this.#width * WORD_BYTES;
      const quality = this.#quality + (row - first) * WORD_BYTES;
      const starts = this.#starts();
      const length = (at: number): number => (starts[at + 1] ?? 0) - (starts[at] ?? 0);
      if (!isDual(length(row), k)) {
        const value = yield* this.#solvePrimal(row, x);
        this.#kernels.memory.floats(quality, 1)[0] = value;
        row++;
        continue;
      }
      let next = row;
      let work = 0;
      while (next < end && work < WORK_PER_STEP && isDual(length(next), k))
        work += dualWork(length(next++), k);
      this.#kernels.solveDuals(this.#system, row, next, x, quality);
      row = next;
      yield;
    }
  }

  *#solvePrimal(row: number, x: number): Generator<void, number> {
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
    return this.#kernels.finishPrimal(this.#system, x);
  }

  /** X = X̃Qᵀ for the rows of a block, and which of them are to be solved again. */
  #finishBlock(first: number, end: number, unresolved: number[]): void {
    const { k, back, solved, ridge } = this.#job;
    const { memory } = this.#kernels;
    const rowBytes = this.#width * WORD_BYTES;
    const target = solved + first * k * WORD_BYTES;
    const rows = end - first;
    const straight = k === this.#width;
    const into = straight ? target : this.#turned;
    this.#kernels.product(into, rowBytes, this.#x, rowBytes, rows, k, back, spreadStride(k), this.#width);
    if (!straight) {
      const out = memory.floats(target, rows * k);
      const turned = memory.floats(this.#turned, rows * this.#width);
      for (let row = 0; row < rows; row++) {
        out.set(turned.subarray(row * this.#width, row * this.#width + k), row * k);
      }
    }
    const qualities = memory.floats(this.#quality, rows);
    const ridges = memory.floats(ridge + first * WORD_BYTES, rows);
    const starts = this.#starts();
    for (let at = 0; at < rows; at++) {
      if (starts[first + at] === starts[first + at + 1]) continue;
      const shift = ridges[at] ?? 0;
      const narrow = (this.#mostSpectrum + shift) / (this.#leastSpectrum + shift);
      const resolved = (qualities[at] ?? 0) >= LEAST_QUALITY && narrow > 0 && narrow < WIDEST_SPREAD;
      if (!resolved) unresolved.push(first + at);
    }
  }

  #starts(): Int32Array {
    return this.#kernels.memory.integers(this.#job.observed.indptr, this.#job.last + 1);
  }
}
