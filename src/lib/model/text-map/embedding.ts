import { AppError } from '../../errors.ts';
import { hashedTextVectors } from '../../text/index.ts';
import { runInSlices } from '../backends/slices.ts';
import { truncatedSvdSteps } from '../linear/truncated-svd.ts';

/** Texts as dense vectors. */
export interface TextEmbedding {
  readonly rows: number;
  /** Fewer than asked for where the texts have no more directions. */
  readonly dimensions: number;
  /** Row-major, rows × dimensions; each row of length 1, or 0 for a text without terms. */
  readonly data: Float32Array<ArrayBuffer>;
}

export interface TextEmbeddingOptions {
  readonly dimensions: number;
  /** Hashed features, a power of 2. */
  readonly features?: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
}

const FEATURES = 4096;

/**
 * Latent semantic analysis (Deerwester et al. 1990) of the texts themselves: hashed TF-IDF rows projected on their
 * first right singular vectors, A V, each of length 1. Texts that share no word are near where their words stand
 * together in others. Gives way to other work between products. Throws `input-invalid`, rejects with `cancelled`.
 */
export async function embedTexts(
  texts: readonly string[],
  { dimensions: wanted, features = FEATURES, seed, signal }: TextEmbeddingOptions,
): Promise<TextEmbedding> {
  if (
    !Number.isInteger(Math.log2(features)) ||
    !(Number.isInteger(wanted) && wanted >= 1 && wanted <= features)
  ) {
    throw new AppError('input-invalid', 'Features must be a power of 2, and dimensions from 1 to as many.', {
      values: { features, dimensions: wanted },
    });
  }
  const { rows, terms, indptr, indices, data } = hashedTextVectors(texts, features);
  const matrix = {
    ...{ rows, columns: terms, indptr: Int32Array.from(indptr), indices: Int32Array.from(indices) },
    data: Float32Array.from(data),
  };
  const { rank, right } = await runInSlices(truncatedSvdSteps(matrix, wanted, seed), signal, 1);
  const embedded = new Float32Array(rows * rank);
  for (let row = 0; row < rows; row++) {
    const sums = new Float64Array(rank);
    for (let at = indptr[row] ?? 0; at < (indptr[row + 1] ?? 0); at++) {
      const from = (indices[at] ?? 0) * rank;
      const value = data[at] ?? 0;
      for (let m = 0; m < rank; m++) sums[m] = (sums[m] ?? 0) + value * (right[from + m] ?? 0);
    }
    const norm = Math.hypot(...sums);
    if (norm > 0)
      embedded.set(
        sums.map((sum) => sum / norm),
        row * rank,
      );
  }
  return { rows, dimensions: rank, data: embedded };
}
