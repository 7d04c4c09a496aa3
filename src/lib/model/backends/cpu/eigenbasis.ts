import { symmetricEigenSteps } from '../../linear/symmetric-eigen.ts';
import type { Kernels } from './kernels.ts';
import type { Scratch } from './memory.ts';
import { paddedWidth, spreadStride, WORD_BYTES, WORK_PER_STEP } from './shapes.ts';

/** The eigenbasis of a Gram matrix, G = QΛQᵀ, as plain arrays: what a helper is sent. */
export interface Eigenbasis {
  readonly k: number;
  /** Λ's diagonal, falling. */
  readonly values: Float64Array;
  /** Qᵀ, row-major. */
  readonly vectors: Float64Array;
}

/** Takes a k × k Gram matrix apart. Yields between short steps. */
export function* eigenbasisSteps(gram: Float32Array, k: number): Generator<void, Eigenbasis> {
  const { values, vectors } = yield* symmetricEigenSteps(gram.slice(), k);
  const order = [...values.keys()].sort((first, second) => (values[second] ?? 0) - (values[first] ?? 0));
  const sorted = new Float64Array(k * k);
  order.forEach((from, to) => sorted.set(vectors.subarray(from * k, (from + 1) * k), to * k));
  return { k, values: Float64Array.from(order, (from) => values[from] ?? 0), vectors: sorted };
}

/** Writes Q (`back` false) or Qᵀ (`back` true) for the right side of `product`; returns its address. */
export function writeBasis(
  { k, vectors }: Eigenbasis,
  back: boolean,
  kernels: Kernels,
  scratch: Scratch,
): number {
  const stride = spreadStride(k) / WORD_BYTES;
  const address = scratch.allocate(k * stride * WORD_BYTES);
  const target = kernels.memory.floats(address, k * stride).fill(0);
  for (let row = 0; row < k; row++) {
    for (let column = 0; column < k; column++) {
      target[row * stride + column] = vectors[back ? row * k + column : column * k + row] ?? 0;
    }
  }
  return address;
}

/** Ỹ = YQ into rows of `paddedWidth(k)` floats. `basis` from writeBasis. Yields between blocks of rows. */
export function* rotateSteps(
  kernels: Kernels,
  rotated: number,
  factors: number,
  rows: number,
  k: number,
  basis: number,
): Generator<void, void> {
  const width = paddedWidth(k);
  const perStep = Math.max(4, Math.floor(WORK_PER_STEP / (k * width)) & ~3);
  for (let row = 0; row < rows; row += perStep) {
    kernels.product(
      rotated + row * width * WORD_BYTES,
      width * WORD_BYTES,
      factors + row * k * WORD_BYTES,
      k * WORD_BYTES,
      Math.min(perStep, rows - row),
      k,
      basis,
      spreadStride(k),
      width,
    );
    yield;
  }
}
