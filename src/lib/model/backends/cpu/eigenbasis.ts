import { dotAt } from '../../linear/dense.ts';
import { symmetricEigenSteps } from '../../linear/symmetric-eigen.ts';
import type { Kernels } from './kernels.ts';
import type { BasisGram, CpuMatrix } from './matrix.ts';
import { Scratch } from './memory.ts';
import { paddedWidth, spreadStride, WORD_BYTES, WORK_PER_STEP } from './shapes.ts';

/** Rows that are taken back from an eigenbasis at once. */
const ROWS_PER_BLOCK = 1_024;

/** The eigenbasis of a Gram matrix, G = QΛQᵀ, as plain arrays: what a helper is sent. */
export interface Eigenbasis {
  readonly k: number;
  /** Λ's diagonal, falling. */
  readonly values: Float64Array;
  /** Qᵀ, row-major. */
  readonly vectors: Float64Array;
}

/** Takes a Gram matrix apart, as it stands or in the basis in which it does. Yields between short steps. */
export function* eigenbasisSteps(gram: CpuMatrix): Generator<void, Eigenbasis> {
  const { columns: k, inBasis } = gram;
  const { values, vectors } = yield* symmetricEigenSteps(inBasis?.values ?? gram.values.slice(), k);
  const order = [...values.keys()].sort((first, second) => (values[second] ?? 0) - (values[first] ?? 0));
  const sorted = new Float64Array(k * k);
  order.forEach((from, to) => sorted.set(vectors.subarray(from * k, (from + 1) * k), to * k));
  // PᵀQᵀ for the eigenvectors P of QᵀGQ
  const turned =
    inBasis === null ? sorted : yield* rowProductSteps(sorted, transposed(inBasis.basis.vectors, k), k);
  return { k, values: Float64Array.from(order, (from) => values[from] ?? 0), vectors: turned };
}

/** A Gram matrix in its own eigenbasis: Λ. */
export function diagonalGram(basis: Eigenbasis): BasisGram {
  const { k } = basis;
  const values = new Float64Array(k * k);
  basis.values.forEach((value, p) => (values[p * (k + 1)] = value));
  return { values, basis };
}

/** Writes a k × k matrix, row-major, for the right side of `product`; returns its address. */
export function writeSquare(
  values: ArrayLike<number>,
  k: number,
  { memory }: Kernels,
  scratch: Scratch,
): number {
  const stride = spreadStride(k) / WORD_BYTES;
  const address = scratch.allocate(k * stride * WORD_BYTES);
  const target = memory.floats(address, k * stride).fill(0);
  for (let row = 0; row < k; row++) {
    for (let column = 0; column < k; column++) target[row * stride + column] = values[row * k + column] ?? 0;
  }
  return address;
}

/** Rows of a matrix as they lie, and what takes them to an eigenbasis. */
export interface Passage {
  readonly address: number;
  readonly rowFloats: number;
  /** k × k, row-major: rows times this are rows in the eigenbasis. */
  readonly transform: Float64Array;
}

/** How a matrix is taken to an eigenbasis, from another one or from where it stands. Yields between short steps. */
export function* passageSteps(matrix: CpuMatrix, basis: Eigenbasis): Generator<void, Passage> {
  const { k } = basis;
  const { turned } = matrix;
  if (turned === null) {
    return { address: matrix.address, rowFloats: k, transform: transposed(basis.vectors, k) };
  }
  // M Q P with P the eigenvectors now: Q'P from the rows of both
  const transform = yield* rowProductSteps(turned.basis.vectors, basis.vectors, k);
  return { address: turned.address, rowFloats: paddedWidth(k), transform };
}

/** Takes a matrix to an eigenbasis, if it is not there. Yields between blocks of rows. */
export function* turnSteps(kernels: Kernels, matrix: CpuMatrix, basis: Eigenbasis): Generator<void, number> {
  const { turned } = matrix;
  if (turned?.basis === basis) return turned.address;
  const { k } = basis;
  const passage = yield* passageSteps(matrix, basis);
  const scratch = new Scratch(kernels.memory);
  try {
    const right = writeSquare(passage.transform, k, kernels, scratch);
    const address = scratch.allocate(matrix.rows * paddedWidth(k) * WORD_BYTES);
    yield* rotateSteps(kernels, address, passage.address, matrix.rows, k, right, passage.rowFloats);
    matrix.addTurned({ address, basis });
    scratch.keep(address);
    return address;
  } finally {
    scratch.release();
  }
}

/** Takes a matrix back from its eigenbasis, so that its `address` can be asked for. Yields between blocks of rows. */
export function* straightenSteps(kernels: Kernels, matrix: CpuMatrix): Generator<void, void> {
  if (matrix.straight) return;
  const { turned, inBasis, rows, columns: k } = matrix;
  if (inBasis !== null) {
    const values = yield* gramFromBasisSteps(inBasis.values, inBasis.basis);
    const address = kernels.memory.allocate(k * k * WORD_BYTES);
    kernels.memory.floats(address, k * k).set(values);
    matrix.addStraight(address);
    return;
  }
  if (turned === null) return;
  const width = paddedWidth(k);
  const scratch = new Scratch(kernels.memory);
  try {
    const right = writeSquare(turned.basis.vectors, k, kernels, scratch);
    const address = scratch.allocate(rows * k * WORD_BYTES);
    const block = scratch.allocate(ROWS_PER_BLOCK * width * WORD_BYTES);
    for (let row = 0; row < rows; row += ROWS_PER_BLOCK) {
      const count = Math.min(ROWS_PER_BLOCK, rows - row);
      const from = turned.address + row * width * WORD_BYTES;
      yield* rotateSteps(kernels, block, from, count, k, right, width);
      const out = kernels.memory.floats(address, rows * k);
      const values = kernels.memory.floats(block, count * width);
      for (let at = 0; at < count; at++) {
        out.set(values.subarray(at * width, at * width + k), (row + at) * k);
      }
    }
    matrix.addStraight(address);
    scratch.keep(address);
  } finally {
    scratch.release();
  }
}

/** Writes Q (`back` false) or Qᵀ (`back` true) for the right side of `product`; returns its address. */
export function writeBasis(
  { k, vectors }: Eigenbasis,
  back: boolean,
  kernels: Kernels,
  scratch: Scratch,
): number {
  return writeSquare(back ? vectors : transposed(vectors, k), k, kernels, scratch);
}

/**
 * Ỹ = YQ into rows of `paddedWidth(k)` floats. `right` from writeBasis or writeSquare; rows of Y have `rowFloats`, of
 * which k count. Yields between blocks of rows.
 */
export function* rotateSteps(
  kernels: Kernels,
  rotated: number,
  factors: number,
  rows: number,
  k: number,
  right: number,
  rowFloats = k,
): Generator<void, void> {
  const width = paddedWidth(k);
  const perStep = Math.max(4, Math.floor(WORK_PER_STEP / (k * width)) & ~3);
  for (let row = 0; row < rows; row += perStep) {
    kernels.product(
      rotated + row * width * WORD_BYTES,
      width * WORD_BYTES,
      factors + row * rowFloats * WORD_BYTES,
      rowFloats * WORD_BYTES,
      Math.min(perStep, rows - row),
      k,
      right,
      spreadStride(k),
      width,
    );
    yield;
  }
}

/** A Gram matrix out of an eigenbasis: Q S Qᵀ, k × k row-major. */
function* gramFromBasisSteps(gram: Float64Array, { vectors, k }: Eigenbasis): Generator<void, Float64Array> {
  const columns = transposed(vectors, k);
  // Q S, of which the rows meet those of Q again: S is symmetric
  const half = yield* rowProductSteps(columns, gram, k);
  return yield* rowProductSteps(half, columns, k);
}

/** First × secondᵀ of two k × k matrices, row-major. */
function* rowProductSteps(
  first: Float64Array,
  second: Float64Array,
  k: number,
): Generator<void, Float64Array> {
  const product = new Float64Array(k * k);
  for (let row = 0; row < k; row++) {
    const a = first.subarray(row * k, (row + 1) * k);
    for (let column = 0; column < k; column++) product[row * k + column] = dotAt(a, second, column * k);
    yield;
  }
  return product;
}

function transposed(matrix: Float64Array, k: number): Float64Array {
  const result = new Float64Array(k * k);
  for (let row = 0; row < k; row++) {
    for (let column = 0; column < k; column++) result[column * k + row] = matrix[row * k + column] ?? 0;
  }
  return result;
}
