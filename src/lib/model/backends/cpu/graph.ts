import { AppError } from '../../../errors.ts';
import { transpose, type CsrMatrix } from '../../matrix/csr.ts';
import {
  GRAPH_LANES,
  type GraphEngine,
  type GraphOperator,
  type GraphResponse,
  type LowPass,
} from '../graph.ts';
import { rotateSteps, writeSquare } from './eigenbasis.ts';
import { gramSteps } from './gram.ts';
import type { Kernels } from './kernels.ts';
import { Scratch } from './memory.ts';
import { paddedWidth, WORD_BYTES, WORK_PER_STEP } from './shapes.ts';

const ROW_BYTES = GRAPH_LANES * WORD_BYTES;
/** Rows of a dense matrix that are copied into the memory of the kernels at once. */
const ROWS_AT_ONCE = 4_096;

/** A block and a factor for it. */
type Addend = readonly [block: number, factor: number];
const NOTHING: Addend = [0, 0];

/** A 0/1 pattern in the memory of the kernels. */
interface Pattern {
  readonly rows: number;
  readonly indptr: number;
  readonly indices: number;
  /** Rows of a call of the kernel. */
  readonly rowsPerStep: number;
}

interface Response {
  readonly coefficients: readonly number[];
  /** `left` is the address of D_B D_L V, items × rank. */
  readonly lowPass: (Omit<LowPass, 'left'> & { readonly left: number }) | null;
  /** From D_B y to a score. */
  readonly gain: Float64Array;
}

/**
 * In WebAssembly SIMD, GRAPH_LANES vectors at once, on the calling thread, with a memory of its own. With z = D_B y a
 * step y ← P y + c m is z ← D_B² Rᵀ (D_A R z) + c D_B m: R's entries are all 1, so that sums alone are left.
 */
export class CpuGraphEngine implements GraphEngine {
  readonly #kernels: Kernels;
  readonly #items: number;
  readonly #byUser: Pattern;
  readonly #byItem: Pattern;
  readonly #itemScale: Float64Array;
  /** D_A, D_B and D_B². */
  readonly #scales: { readonly user: number; readonly item: number; readonly square: number };
  /** Blocks of GRAPH_LANES columns. */
  readonly #users: number;
  readonly #z: number;
  readonly #merged: number;
  #response: Response | null = null;

  constructor(kernels: Kernels, { interactions, userScale, itemScale }: GraphOperator) {
    const { memory } = kernels;
    const { rows: users, columns: items } = interactions;
    const scale = (values: Float64Array): number => {
      const address = memory.allocate(values.length * WORD_BYTES);
      memory.floats(address, values.length).set(values);
      return address;
    };
    this.#kernels = kernels;
    this.#items = items;
    this.#byUser = this.#write(interactions);
    this.#byItem = this.#write(transpose(interactions));
    this.#itemScale = itemScale;
    this.#scales = {
      user: scale(userScale),
      item: scale(itemScale),
      square: scale(itemScale.map((value) => value * value)),
    };
    this.#users = memory.allocate(users * ROW_BYTES);
    this.#z = memory.allocate(items * ROW_BYTES);
    this.#merged = memory.allocate(items * ROW_BYTES);
  }

  get bytes(): number {
    return this.#kernels.memory.bytes;
  }

  *blur(y: Float32Array, columns: number): Generator<void, Float32Array<ArrayBuffer>> {
    const out = new Float32Array(this.#items * columns);
    for (let first = 0; first < columns; first += GRAPH_LANES) {
      const lanes = Math.min(GRAPH_LANES, columns - first);
      const strip = this.#block(this.#z).fill(0);
      for (let item = 0; item < this.#items; item++) {
        const scale = this.#itemScale[item] ?? 0;
        for (let lane = 0; lane < lanes; lane++) {
          strip[item * GRAPH_LANES + lane] = scale * (y[item * columns + first + lane] ?? 0);
        }
      }
      yield* this.#step(this.#z, this.#scales.item, NOTHING, this.#z);
      const blurred = this.#block(this.#z);
      for (let item = 0; item < this.#items; item++) {
        const from = item * GRAPH_LANES;
        out.set(blurred.subarray(from, from + lanes), item * columns + first);
      }
      yield;
    }
    return out;
  }

  *gram(y: Float32Array, columns: number): Generator<void, Float64Array> {
    const sum = new Float64Array(columns * columns);
    for (const rows of chunksOf(y, columns)) {
      const scratch = new Scratch(this.#kernels.memory);
      try {
        const address = this.#copyIn(rows, scratch);
        const part = yield* gramSteps(this.#kernels, address, rows.length / columns, columns);
        part.forEach((value, at) => (sum[at] = (sum[at] ?? 0) + value));
      } finally {
        scratch.release();
      }
    }
    return sum;
  }

  *times(y: Float32Array, columns: number, m: Float64Array): Generator<void, Float32Array<ArrayBuffer>> {
    const { memory } = this.#kernels;
    const out = new Float32Array(y.length);
    const width = paddedWidth(columns);
    const scratch = new Scratch(memory);
    try {
      const right = writeSquare(m, columns, this.#kernels, scratch);
      const address = scratch.allocate(ROWS_AT_ONCE * columns * WORD_BYTES);
      const target = scratch.allocate(ROWS_AT_ONCE * width * WORD_BYTES);
      let done = 0;
      for (const rows of chunksOf(y, columns)) {
        const count = rows.length / columns;
        memory.floats(address, rows.length).set(rows);
        yield* rotateSteps(this.#kernels, target, address, count, columns, right);
        const values = memory.floats(target, count * width);
        for (let row = 0; row < count; row++) {
          out.set(values.subarray(row * width, row * width + columns), (done + row) * columns);
        }
        done += count;
      }
      return out;
    } finally {
      scratch.release();
    }
  }

  use({ coefficients, lowPass, gain }: GraphResponse): void {
    if (this.#response?.lowPass) this.#kernels.memory.free(this.#response.lowPass.left);
    const last = coefficients.findLastIndex((coefficient) => coefficient !== 0);
    const highest = coefficients[last] ?? 0;
    this.#response = {
      // Horner's rule begins with the highest power, at 1
      coefficients: coefficients.slice(0, Math.max(0, last)).map((coefficient) => coefficient / highest),
      lowPass: lowPass === null ? null : { ...lowPass, left: this.#writeLeft(lowPass) },
      gain: gain.map((value, item) => (value * highest) / (this.#itemScale[item] ?? 1)),
    };
  }

  *scores(histories: CsrMatrix): Generator<void, Float32Array<ArrayBuffer>> {
    const response = this.#response;
    if (response === null)
      throw new AppError('internal', 'A graph engine was asked before it had a response.');
    this.#writeHistories(histories);
    const { lowPass, coefficients, gain } = response;
    if (lowPass !== null) yield* this.#lowPass(histories, lowPass);
    const low: Addend = lowPass === null ? NOTHING : [this.#merged, 1];
    yield* this.#step(this.#z, this.#scales.square, low, this.#merged);
    let from = this.#merged;
    for (const coefficient of coefficients.toReversed()) {
      yield* this.#step(from, this.#scales.square, [this.#merged, coefficient], this.#z);
      from = this.#z;
    }
    return this.#byHistory(this.#block(from), histories.rows, gain);
  }

  /** z = D_B x. */
  #writeHistories({ rows, indptr, indices, data }: CsrMatrix): void {
    const z = this.#block(this.#z).fill(0);
    for (let row = 0; row < rows; row++) {
      for (let at = indptr[row] ?? 0; at < (indptr[row + 1] ?? 0); at++) {
        const item = indices[at] ?? 0;
        z[item * GRAPH_LANES + row] = (data[at] ?? 0) * (this.#itemScale[item] ?? 0);
      }
    }
  }

  /** D_B D_L V for the products with it; returns its address. */
  #writeLeft({ rank, vectors, left }: LowPass): number {
    const { memory } = this.#kernels;
    const address = memory.allocate(vectors.length * WORD_BYTES);
    const scaled = memory.floats(address, vectors.length);
    for (let item = 0; item < this.#items; item++) {
      const scale = (this.#itemScale[item] ?? 0) * (left[item] ?? 0);
      for (let at = item * rank; at < (item + 1) * rank; at++) scaled[at] = scale * (vectors[at] ?? 0);
    }
    return address;
  }

  /** merged = D_B D_L V Vᵀ D_R x. */
  *#lowPass(
    { rows, indptr, indices, data }: CsrMatrix,
    { rank, vectors, left, right }: NonNullable<Response['lowPass']>,
  ): Generator<void, void> {
    const { memory } = this.#kernels;
    const scratch = new Scratch(memory);
    try {
      const address = scratch.allocate(rank * ROW_BYTES);
      const seen = memory.floats(address, rank * GRAPH_LANES).fill(0);
      for (let row = 0; row < rows; row++) {
        for (let at = indptr[row] ?? 0; at < (indptr[row + 1] ?? 0); at++) {
          const item = indices[at] ?? 0;
          const strength = (data[at] ?? 0) * (right[item] ?? 0);
          for (let l = 0; l < rank; l++) {
            const to = l * GRAPH_LANES + row;
            seen[to] = (seen[to] ?? 0) + strength * (vectors[item * rank + l] ?? 0);
          }
        }
      }
      const perStep = Math.max(4, Math.floor(WORK_PER_STEP / (rank * GRAPH_LANES)) & ~3);
      for (let first = 0; first < this.#items; first += perStep) {
        this.#kernels.product(
          this.#merged + first * ROW_BYTES,
          ROW_BYTES,
          left + first * rank * WORD_BYTES,
          rank * WORD_BYTES,
          Math.min(perStep, this.#items - first),
          rank,
          address,
          ROW_BYTES,
          GRAPH_LANES,
        );
        yield;
      }
    } finally {
      scratch.release();
    }
  }

  /** target = scale Rᵀ (D_A R source) + factor · addend. */
  *#step(source: number, scale: number, addend: Addend, target: number): Generator<void, void> {
    yield* this.#product(this.#byUser, source, this.#scales.user, NOTHING, this.#users);
    yield* this.#product(this.#byItem, this.#users, scale, addend, target);
  }

  *#product(
    { rows, indptr, indices, rowsPerStep }: Pattern,
    source: number,
    scale: number,
    [addend, factor]: Addend,
    target: number,
  ): Generator<void, void> {
    for (let first = 0; first < rows; first += rowsPerStep) {
      const last = Math.min(rows, first + rowsPerStep);
      this.#kernels.patternProduct(indptr, indices, first, last, source, scale, addend, factor, target);
      yield;
    }
  }

  #byHistory(block: Float32Array, rows: number, gain: Float64Array): Float32Array<ArrayBuffer> {
    const scores = new Float32Array(rows * this.#items);
    for (let row = 0; row < rows; row++) {
      for (let item = 0; item < this.#items; item++) {
        scores[row * this.#items + item] = (block[item * GRAPH_LANES + row] ?? 0) * (gain[item] ?? 0);
      }
    }
    return scores;
  }

  #write({ rows, indptr, indices }: CsrMatrix): Pattern {
    const { memory } = this.#kernels;
    const perRow = Math.max(1, indices.length / Math.max(1, rows));
    const pattern = {
      rows,
      indptr: memory.allocate(indptr.byteLength),
      indices: memory.allocate(indices.byteLength),
      rowsPerStep: Math.max(1, Math.floor(WORK_PER_STEP / GRAPH_LANES / perRow)),
    };
    memory.integers(pattern.indptr, indptr.length).set(indptr);
    memory.integers(pattern.indices, indices.length).set(indices);
    return pattern;
  }

  #copyIn(values: Float32Array, scratch: Scratch): number {
    const address = scratch.allocate(values.byteLength);
    this.#kernels.memory.floats(address, values.length).set(values);
    return address;
  }

  /** A view that holds until the memory grows. */
  #block(address: number): Float32Array<ArrayBuffer> {
    return this.#kernels.memory.floats(address, this.#items * GRAPH_LANES);
  }
}

/** Rows of a matrix, ROWS_AT_ONCE at a time. */
function* chunksOf(y: Float32Array, columns: number): Generator<Float32Array, void> {
  const length = ROWS_AT_ONCE * columns;
  for (let at = 0; at < y.length; at += length) yield y.subarray(at, at + length);
}
