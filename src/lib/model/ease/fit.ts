import { AppError } from '../../errors.ts';
import type { Backend } from '../backends/backend.ts';
import { transpose, type CsrMatrix } from '../matrix/csr.ts';

/** What a user is known by: item positions and their strengths. */
export interface EaseHistory {
  readonly item: ArrayLike<number>;
  readonly strength: ArrayLike<number>;
}

/**
 * EASE^R (Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", 2019): the item–item weights B that best
 * reproduce the interactions X from themselves without using an item for itself,
 *
 *     min_B ‖X − XB‖² + λ‖B‖²,  diag(B) = 0.
 *
 * In closed form, with P = (XᵀX + λI)⁻¹: B_ij = −P_ij / P_jj for i ≠ j. Dense in the items: items² · 4 bytes on the
 * device and again here.
 */
export class Ease {
  readonly items: number;
  /** Row-major, items × items: what item i says for item j. */
  readonly weights: Float32Array<ArrayBuffer>;

  private constructor(items: number, weights: Float32Array<ArrayBuffer>) {
    this.items = items;
    this.weights = weights;
  }

  /**
   * `regularization` is λ, above 0: some hundreds for 0/1 interactions of thousands of users. Rejects with
   * `hyperparameter-invalid`, with `gpu-out-of-memory` where items² do not fit the device, with
   * `matrix-not-positive-definite` where 32 bits do not suffice, and with `cancelled`.
   */
  static async fit(
    backend: Backend,
    interactions: CsrMatrix,
    { regularization }: { readonly regularization: number },
    signal?: AbortSignal,
  ): Promise<Ease> {
    if (!(regularization > 0) || !Number.isFinite(regularization)) {
      throw new AppError('hyperparameter-invalid', 'regularization must be above 0.', {
        values: { name: 'regularization', value: String(regularization) },
        remedy: 'Some hundreds are usual.',
      });
    }
    const byRow = backend.uploadSparse(interactions);
    const byColumn = backend.uploadSparse(transpose(interactions));
    const { columns: items } = interactions;
    try {
      const gram = await backend.sparseGram(byRow, byColumn, regularization, signal);
      try {
        await backend.invert(gram, signal);
        return new Ease(items, weightsOf(await backend.read(gram), items));
      } finally {
        gram.release();
      }
    } finally {
      byRow.release();
      byColumn.release();
    }
  }

  /** Scores of all items: Σ_i x_i B_i· over a user's items. */
  scores({ item, strength }: EaseHistory): Float64Array {
    const scores = new Float64Array(this.items);
    for (let at = 0; at < item.length; at++) {
      const start = (item[at] ?? 0) * this.items;
      const own = strength[at] ?? 0;
      for (let j = 0; j < this.items; j++) {
        scores[j] = (scores[j] ?? 0) + own * (this.weights[start + j] ?? 0);
      }
    }
    return scores;
  }
}

/** B from P, in place. */
function weightsOf(inverse: Float32Array<ArrayBuffer>, items: number): Float32Array<ArrayBuffer> {
  const diagonal = Float64Array.from({ length: items }, (_, item) => inverse[item * (items + 1)] ?? 0);
  for (let i = 0; i < items; i++) {
    for (let j = 0; j < items; j++) {
      const at = i * items + j;
      inverse[at] = i === j ? 0 : -(inverse[at] ?? 0) / (diagonal[j] ?? 1);
    }
  }
  return inverse;
}
