import { AppError } from '../../errors.ts';
import { choleskyFactor, choleskySubstitute } from '../matrix/cholesky.ts';

/**
 * A factored symmetric positive definite system, to be solved for several right sides. Only the lower triangle of
 * `matrix` (row-major, order × order) is read; it is not changed. Throws `matrix-not-positive-definite`.
 */
export class Cholesky {
  readonly #lower: Float64Array;
  readonly #order: number;

  constructor(matrix: Float64Array, order: number) {
    this.#lower = Float64Array.from(matrix);
    this.#order = order;
    if (!choleskyFactor(this.#lower, order)) {
      throw new AppError('matrix-not-positive-definite', 'The system to solve is not positive definite.', {
        values: { order },
        remedy: 'Try increasing the regularization parameter.',
      });
    }
  }

  /** Solves A x = `right` (`order` entries), which is not changed. */
  solve(right: Float64Array): Float64Array {
    const x = Float64Array.from(right);
    choleskySubstitute(this.#lower, x, this.#order);
    return x;
  }
}
