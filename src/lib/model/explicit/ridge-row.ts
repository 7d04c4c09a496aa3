import { Cholesky } from '../linear/cholesky.ts';
import { addWeightedRows, weightedGram } from '../linear/dense.ts';

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
  design: Float32Array,
  width: number,
  targets: Float64Array,
  penalty: RowPenalty,
): RowSolution {
  if (targets.length === 0) return { bias: 0, vector: new Float64Array(width) };
  // the bias is the last unknown, its column of the design all ones
  const order = width + 1;
  const matrix = new Float64Array(order * order);
  const last = width * order;
  const ones = new Float64Array(targets.length).fill(1);
  const gram = weightedGram(design, width, ones);
  for (let row = 0; row < width; row++) {
    matrix.set(gram.subarray(row * width, row * width + row + 1), row * order);
    matrix[row * (order + 1)] = (matrix[row * (order + 1)] ?? 0) + penalty.factor;
  }
  const columnSums = new Float64Array(width);
  addWeightedRows(design, ones, columnSums);
  matrix.set(columnSums, last);
  matrix[last + width] = targets.length + penalty.bias;
  const sums = new Float64Array(width);
  addWeightedRows(design, targets, sums);
  const right = new Float64Array(order);
  right.set(sums);
  right[width] = targets.reduce((sum, target) => sum + target, 0);
  const solved = new Cholesky(matrix, order).solve(right);
  return { bias: solved[width] ?? 0, vector: solved.slice(0, width) };
}
