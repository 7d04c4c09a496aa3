import { dotAt, gramOf, type Numbers } from '../linear/dense.ts';
import { normalMatrix } from '../matrix/random.ts';

/** Enough for directions whose variances differ by a hundredth to separate to 1e-6. */
const MAX_STEPS = 2000;
const CONVERGED = 1e-12;
const SEED = 1;

/**
 * First two principal components of the rows of a row-major matrix (rows × width), by power iteration on the
 * covariance (exact, width × width) with deflation. Each axis is scaled into [-1, 1] and turned so that its
 * largest loading is positive: the same matrix always gives the same picture. A direction without variance is 0.
 */
export function principalComponents(
  matrix: Numbers,
  rows: number,
  width: number,
): { readonly x: Float32Array<ArrayBuffer>; readonly y: Float32Array<ArrayBuffer> } {
  const mean = new Float64Array(width);
  for (let at = 0; at < rows * width; at++)
    mean[at % width] = (mean[at % width] ?? 0) + (matrix[at] ?? 0) / rows;
  const centred = Float32Array.from(
    matrix.subarray(0, rows * width),
    (value, at) => value - (mean[at % width] ?? 0),
  );
  const covariance = symmetric(gramOf(centred, rows, width), width);

  const first = leadingDirection(covariance, width, null);
  const second = leadingDirection(covariance, width, first);
  return { x: project(centred, rows, first), y: project(centred, rows, second) };
}

/** Leading eigenvector of a symmetric matrix, orthogonal to `before`; the zero vector where there is no variance. */
function leadingDirection(matrix: Float64Array, width: number, before: Float64Array | null): Float64Array {
  let direction = Float64Array.from(normalMatrix(1, width, 1, SEED));
  const trace = direction.reduce((sum, _, m) => sum + (matrix[m * (width + 1)] ?? 0), 0);
  for (let step = 0; step < MAX_STEPS; step++) {
    const next = Float64Array.from(direction, (_, m) => dotAt(direction, matrix, m * width));
    if (before !== null) {
      const along = dotAt(before, next, 0);
      next.forEach((value, m) => (next[m] = value - along * (before[m] ?? 0)));
    }
    const length = Math.sqrt(dotAt(next, next, 0));
    if (!(length > 1e-12 * trace)) return new Float64Array(width);
    next.forEach((value, m) => (next[m] = value / length));
    const turned = 1 - Math.abs(dotAt(direction, next, 0));
    direction = next;
    if (step > 0 && turned < CONVERGED) break;
  }
  const largest = direction.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return largest < 0 ? direction.map((value) => -value) : direction;
}

function project(centred: Float32Array, rows: number, direction: Float64Array): Float32Array<ArrayBuffer> {
  const along = Float64Array.from({ length: rows }, (_, row) =>
    dotAt(direction, centred, row * direction.length),
  );
  const greatest = along.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return Float32Array.from(along, (value) => (greatest > 0 ? value / greatest : 0));
}

function symmetric(lower: Float64Array, width: number): Float64Array {
  return lower.map((_, at) => {
    const row = Math.floor(at / width);
    const column = at % width;
    return lower[Math.max(row, column) * width + Math.min(row, column)] ?? 0;
  });
}
