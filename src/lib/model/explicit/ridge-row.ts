import { Cholesky } from '../linear/cholesky.ts';
import { addWeightedRows } from '../linear/dense.ts';

/** Ridge penalties of a row: on its bias and on each of its factors. */
export interface RowPenalty {
  readonly bias: number;
  readonly factor: number;
}

/** A row's parameters. */
export interface RowSolution {
  readonly bias: number;
  /** The factors. */
  readonly vector: Float64Array;
}

/**
 * The bias b and factors x that minimize Σ_j (t_j − b − xᵀy_j)² + penalty.bias b² + penalty.factor ‖x‖², exactly, in
 * 64 bits; `design` holds the y_j, rows of `width` numbers. Both 0 where there is no target. Throws
 * `matrix-not-positive-definite` where the penalties are 0 and the targets too few.
 */
export function ridgeRow(
  design: Float32Array | Float64Array,
  width: number,
  targets: Float64Array,
  penalty: RowPenalty,
): RowSolution {
  if (targets.length === 0) return { bias: 0, vector: new Float64Array(width) };
  // the bias is the last unknown, its column of the design all ones
  const order = width + 1;
  const matrix = new Float64Array(order * order);
  const last = width * order;
  for (let entry = 0; entry < targets.length; entry++) {
    const at = entry * width;
    for (let row = 0; row < width; row++) {
      const value = design[at + row] ?? 0;
      const start = row * order;
      for (let column = 0; column <= row; column++) {
        matrix[start + column] = (matrix[start + column] ?? 0) + value * (design[at + column] ?? 0);
      }
      matrix[last + row] = (matrix[last + row] ?? 0) + value;
    }
  }
  for (let row = 0; row < width; row++) {
    matrix[row * (order + 1)] = (matrix[row * (order + 1)] ?? 0) + penalty.factor;
  }
  matrix[last + width] = targets.length + penalty.bias;
  const sums = new Float64Array(width);
  addWeightedRows(design, targets, sums);
  const right = new Float64Array(order);
  right.set(sums);
  right[width] = targets.reduce((sum, target) => sum + target, 0);
  const solved = new Cholesky(matrix, order).solve(right);
  return { bias: solved[width] ?? 0, vector: solved.slice(0, width) };
}
