import type { GpuContext } from '../../gpu/context.ts';
import { multiply } from '../../kernels/multiply/multiply.ts';
import { symmetricEigenSteps } from '../../linear/symmetric-eigen.ts';
import { runInSlices } from '../slices.ts';
import { GpuMatrix, type LiveBuffers } from './matrix.ts';
import { inRanges, type Pace } from './pace.ts';

/**
 * Least ratio of the smallest to the largest number of α0 Λ + ridge I. Below it 32-bit factors no longer carry the
 * smallest one, and rows are solved without it.
 */
const LEAST_RATIO = 1e-5;

/** Factors in the eigenbasis of their Gram matrix G = Q Λ Qᵀ, on the device. */
export interface Eigenbasis {
  /** Y Q. */
  readonly fixed: GpuMatrix;
  /** Λ as a matrix: the Gram matrix of `fixed`. */
  readonly gram: GpuMatrix;
  /** Λ as a row. */
  readonly eigenvalues: GpuMatrix;
  /** Qᵀ: takes a solution, a row, back. */
  readonly back: GpuMatrix;
  release(): void;
}

/**
 * Y, which has one part, in its eigenbasis; null where α0 Λ + leastRidge I is not safely positive. Decomposes `gram` on the host in 64
 * bits: about 10 ns · k³, so 3 ms for 64 factors.
 */
export async function eigenbasisOf(
  context: GpuContext,
  live: LiveBuffers,
  pace: Pace,
  { fixed, gram, unobservedWeight, leastRidge }: EigenbasisInput,
  signal: AbortSignal | undefined,
): Promise<Eigenbasis | null> {
  const k = fixed.columns;
  const symmetric = symmetrized(await gram.read(), k);
  const { values, vectors: back } = await runInSlices(symmetricEigenSteps(symmetric, k));
  const least = unobservedWeight * Math.min(...values) + leastRidge;
  const most = unobservedWeight * Math.max(...values) + leastRidge;
  if (!(least > LEAST_RATIO * most)) return null;

  const held: GpuMatrix[] = [];
  const matrix = (rows: number, columns: number, content: ArrayLike<number> | null): GpuMatrix => {
    const made = new GpuMatrix(context, live, rows, columns);
    held.push(made);
    if (content !== null) made.write(Float32Array.from(content));
    return made;
  };
  const release = (): void => held.forEach((one) => one.release());
  try {
    const into = matrix(k, k, transposed(back, k));
    const rotated = matrix(fixed.rows, k, null);
    const product = {
      left: fixed.buffer,
      small: into.buffer,
      targets: null,
      product: rotated.buffer,
      columns: k,
    };
    const rows = { first: 0, last: fixed.rows };
    await inRanges(
      context,
      pace,
      rows,
      () => k * k,
      fixed.rows,
      signal,
      (first, count) => multiply(context, { ...product, first, count }),
    );
    const diagonal = new Float64Array(k * k);
    values.forEach((value, at) => (diagonal[at * (k + 1)] = value));
    return {
      fixed: rotated,
      gram: matrix(k, k, diagonal),
      eigenvalues: matrix(1, k, values),
      back: matrix(k, k, back),
      release,
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** What an eigenbasis is made from. */
export interface EigenbasisInput {
  readonly fixed: GpuMatrix;
  /** YᵀY. */
  readonly gram: GpuMatrix;
  readonly unobservedWeight: number;
  /** Least ridge of all rows. */
  readonly leastRidge: number;
}

/** In 64 bits; the two halves of a symmetric matrix made equal. */
function symmetrized(values: Float32Array, n: number): Float64Array {
  const other = transposed(Float64Array.from(values), n);
  return other.map((value, at) => (value + (values[at] ?? 0)) / 2);
}

function transposed(values: Float64Array, n: number): Float64Array {
  return Float64Array.from(values, (_, at) => values[(at % n) * n + Math.floor(at / n)] ?? 0);
}
