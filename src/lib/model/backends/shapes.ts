import { AppError } from '../../errors.ts';
import type { DeviceMatrix, DeviceSparse, RankRequest, RowSystem } from './backend.ts';

/** Latent dimensions that the engines take. */
export const MAX_FACTORS = 512;
/** Largest k of a top-k. */
export const MAX_TOP_K = 1024;

type Shape = Pick<DeviceMatrix, 'rows' | 'columns'>;

/** Throws `input-invalid` where the parts of a row system do not fit together. */
export function checkRowSystem(system: RowSystem): void {
  const { observed, fixed, gram, ridge, solved, unobservedWeight, cgSteps } = system;
  checkFactors(fixed.columns);
  checkShape('observed', observed, { rows: solved.rows, columns: fixed.rows });
  checkShape('gram', gram, { rows: fixed.columns, columns: fixed.columns });
  checkShape('ridge', ridge, { rows: solved.rows, columns: 1 });
  checkShape('solved', solved, { rows: solved.rows, columns: fixed.columns });
  if (!Number.isFinite(unobservedWeight) || unobservedWeight < 0) {
    throw new AppError('input-invalid', 'The unobserved weight must be a number of at least 0.', {
      values: { unobservedWeight },
    });
  }
  if (cgSteps !== undefined && (!Number.isInteger(cgSteps) || cgSteps < 0)) {
    throw new AppError('input-invalid', 'cgSteps must be a whole number of at least 0.', {
      values: { cgSteps },
    });
  }
}

/** Throws `input-invalid` where observations and factors do not fit together. */
export function checkObserved(observed: DeviceSparse, left: DeviceMatrix, right: DeviceMatrix): void {
  checkFactors(left.columns);
  checkShape('observed', observed, { rows: left.rows, columns: right.rows });
  checkShape('right', right, { rows: right.rows, columns: left.columns });
}

/** Throws `input-invalid` for a weight column that does not fit. */
export function checkWeights(matrix: DeviceMatrix, weights: DeviceMatrix): void {
  checkShape('weights', weights, { rows: matrix.rows, columns: 1 });
}

/** Throws `input-invalid` where a ranking's parts do not fit together. */
export function checkRankRequest({ users, itemFactors, seen, k }: RankRequest): void {
  checkFactors(users.columns);
  checkShape('itemFactors', itemFactors, { rows: itemFactors.rows, columns: users.columns });
  if (seen !== null) checkShape('seen', seen, { rows: users.rows, columns: itemFactors.rows });
  if (!Number.isInteger(k) || k < 1 || k > MAX_TOP_K) {
    throw new AppError('input-invalid', `k must be a whole number from 1 to ${MAX_TOP_K}.`, {
      values: { k },
    });
  }
}

/** Throws `input-invalid` where two sparse matrices are not each other's transpose by their shapes. */
export function checkTransposed(byRow: DeviceSparse, byColumn: DeviceSparse): void {
  checkShape('byColumn', byColumn, { rows: byRow.columns, columns: byRow.rows });
}

/** Throws `input-invalid` for a matrix that is not square. */
export function checkSquare(matrix: Shape): void {
  checkShape('matrix', matrix, { rows: matrix.rows, columns: matrix.rows });
}

/** Throws `input-invalid` where the values of an upload are not rows × columns. */
export function checkUpload(rows: number, columns: number, values: Float32Array): void {
  if (!Number.isInteger(rows) || !Number.isInteger(columns) || rows * columns !== values.length) {
    throw new AppError('input-invalid', 'Values do not fill a matrix of this shape.', {
      values: { rows, columns, length: values.length },
    });
  }
}

/** Throws `training-diverged` naming the first value that is not finite. */
export function checkFinite(values: Float32Array): void {
  const position = values.findIndex((value) => !Number.isFinite(value));
  if (position === -1) return;
  throw new AppError('training-diverged', 'The factors hold a value that is no finite number.', {
    values: { position, value: String(values[position]) },
    remedy: 'Raise the regularization.',
  });
}

/** A system whose matrix has a pivot that is not above 0. */
export function notPositiveDefinite(values: Record<string, number>): AppError {
  return new AppError('matrix-not-positive-definite', 'A row system has no unique solution.', {
    values,
    remedy: 'Raise the regularization.',
  });
}

/** Throws `input-invalid` for a latent dimension that the engines do not take. */
export function checkFactors(factors: number): void {
  if (!Number.isInteger(factors) || factors < 1 || factors > MAX_FACTORS) {
    throw new AppError('input-invalid', `factors must be a whole number from 1 to ${MAX_FACTORS}.`, {
      values: { factors },
    });
  }
}

function checkShape(name: string, actual: Shape, expected: Shape): void {
  if (actual.rows === expected.rows && actual.columns === expected.columns) return;
  throw new AppError('input-invalid', `The shape of ${name} does not fit.`, {
    values: {
      name,
      rows: actual.rows,
      columns: actual.columns,
      expectedRows: expected.rows,
      expectedColumns: expected.columns,
    },
  });
}
