import type { Kernels } from './kernels.ts';
import { Scratch } from './memory.ts';
import { paddedWidth, spreadStride, WORD_BYTES } from './shapes.ts';

/** Rows summed in 32 bits before they join the sum in 64. */
export const GRAM_BLOCK_ROWS = 256;
/** Rows of a panel in assembly/gram.ts. */
const PANEL_ROWS = 32;

/** A Gram matrix YᵀY in the making, block by block of rows. */
export class GramSum {
  readonly #kernels: Kernels;
  readonly #k: number;
  readonly #columns: number;
  readonly #stride: number;
  readonly #sum: number;
  readonly #block: number;
  readonly #panel: number;

  constructor(kernels: Kernels, k: number, scratch: Scratch) {
    const columns = paddedWidth(k);
    const stride = spreadStride(k);
    this.#kernels = kernels;
    this.#k = k;
    this.#columns = columns;
    this.#stride = stride;
    this.#sum = scratch.allocate(2 * columns * columns * WORD_BYTES);
    this.#block = scratch.allocate(columns * stride);
    this.#panel = scratch.allocate(PANEL_ROWS * stride);
    this.clear();
  }

  clear(): void {
    this.#kernels.memory.doubles(this.#sum, this.#columns * this.#columns).fill(0);
  }

  /** Adds at most GRAM_BLOCK_ROWS rows. They are `rowFloats` apart, 0 behind their k. */
  add(factors: number, rows: number, rowFloats: number): void {
    const [sum, block, panel] = [this.#sum, this.#block, this.#panel] as const;
    this.#kernels.gram(sum, block, panel, this.#stride, this.#columns, factors, rows, rowFloats);
  }

  /** The sum, k × k row-major. */
  read(): Float64Array<ArrayBuffer> {
    const [k, columns] = [this.#k, this.#columns];
    const upper = this.#kernels.memory.doubles(this.#sum, columns * columns);
    const gram = new Float64Array(k * k);
    for (let i = 0; i < k; i++) {
      for (let j = i; j < k; j++) {
        const value = upper[i * columns + j] ?? 0;
        gram[i * k + j] = value;
        gram[j * k + i] = value;
      }
    }
    return gram;
  }
}

/** G = YᵀY of `rows` × `k` factors, k × k row-major; rows as in GramSum. Yields between blocks of rows. */
export function* gramSteps(
  kernels: Kernels,
  factors: number,
  rows: number,
  k: number,
  rowFloats = k,
): Generator<void, Float64Array> {
  const scratch = new Scratch(kernels.memory);
  try {
    const sum = new GramSum(kernels, k, scratch);
    for (let row = 0; row < rows; row += GRAM_BLOCK_ROWS) {
      const count = Math.min(GRAM_BLOCK_ROWS, rows - row);
      sum.add(factors + row * rowFloats * WORD_BYTES, count, rowFloats);
      yield;
    }
    return sum.read();
  } finally {
    scratch.release();
  }
}
