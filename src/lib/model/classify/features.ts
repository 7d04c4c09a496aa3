import { AppError } from '../../errors.ts';
import { validateCsr, type CsrMatrix } from '../matrix/csr.ts';

/** Row-major examples × columns. */
export interface DenseFeatures {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array<ArrayBuffer>;
}

/** One row an example: dense, or sparse where most entries are 0 (categories, words). */
export type Features = DenseFeatures | CsrMatrix;

/** Examples with their labels. */
export interface Examples {
  readonly features: Features;
  /** 0 to 1, one a row; 1 is "likes". */
  readonly labels: Float32Array<ArrayBuffer>;
}

/** Throws `input-invalid` naming the first row that is not sound, `not-enough-data` without a row. */
export function checkExamples({ features, labels }: Examples): void {
  checkFeatures(features);
  if (labels.length !== features.rows) {
    throw new AppError('input-invalid', 'There must be one label for each row of features.', {
      values: { rows: features.rows, labels: labels.length },
    });
  }
  if (labels.length === 0) throw new AppError('not-enough-data', 'There is not one example to train on.');
  const bad = labels.findIndex((label) => !(label >= 0 && label <= 1));
  if (bad === -1) return;
  throw new AppError('input-invalid', `The label of row ${bad} is not from 0 to 1.`, {
    values: { row: bad, label: String(labels[bad]) },
  });
}

/** Throws `input-invalid` naming the first row that is not sound. */
export function checkFeatures(features: Features): void {
  if ('indptr' in features) {
    validateCsr(features);
    return;
  }
  const { rows, columns, data } = features;
  if (data.length !== rows * columns) {
    throw new AppError('input-invalid', 'Features do not fill rows × columns.', {
      values: { rows, columns, length: data.length },
    });
  }
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad === -1) return;
  throw new AppError('input-invalid', `Row ${Math.floor(bad / columns)} of the features is not finite.`, {
    values: { row: Math.floor(bad / columns), column: bad % columns, value: String(data[bad]) },
  });
}

/** Throws `input-invalid` where a model of `columns` features is given others. */
export function checkColumns(features: Features, columns: number): void {
  checkFeatures(features);
  if (features.columns === columns) return;
  throw new AppError('input-invalid', `The model was trained on ${columns} features.`, {
    values: { columns: features.columns, expected: columns },
  });
}

/** Σ_c weights[c] · row[c]. */
export function rowDot(features: Features, row: number, weights: Float64Array): number {
  let sum = 0;
  if ('indptr' in features) {
    const { indptr, indices, data } = features;
    const end = indptr[row + 1] ?? 0;
    for (let at = indptr[row] ?? 0; at < end; at++) sum += (data[at] ?? 0) * (weights[indices[at] ?? 0] ?? 0);
    return sum;
  }
  const { columns, data } = features;
  const base = row * columns;
  for (let column = 0; column < columns; column++) sum += (data[base + column] ?? 0) * (weights[column] ?? 0);
  return sum;
}

/** target += factor · row. */
export function addRow(features: Features, row: number, factor: number, target: Float64Array): void {
  if ('indptr' in features) {
    const { indptr, indices, data } = features;
    const end = indptr[row + 1] ?? 0;
    for (let at = indptr[row] ?? 0; at < end; at++) {
      const column = indices[at] ?? 0;
      target[column] = (target[column] ?? 0) + factor * (data[at] ?? 0);
    }
    return;
  }
  const { columns, data } = features;
  const base = row * columns;
  for (let column = 0; column < columns; column++) {
    target[column] = (target[column] ?? 0) + factor * (data[base + column] ?? 0);
  }
}

/** Calls `visit` with each entry of a row; sparse rows have only their entries. */
export function forEntries(
  features: Features,
  row: number,
  visit: (column: number, value: number) => void,
): void {
  if ('indptr' in features) {
    const end = features.indptr[row + 1] ?? 0;
    for (let at = features.indptr[row] ?? 0; at < end; at++) {
      visit(features.indices[at] ?? 0, features.data[at] ?? 0);
    }
    return;
  }
  const { columns, data } = features;
  for (let column = 0; column < columns; column++) visit(column, data[row * columns + column] ?? 0);
}

/**
 * 1 / root mean square of each column, 1 for a column of zeros: brings features of different units to one scale, for
 * the sake of one λ, and keeps zeros zeros. Where a column ends up is the intercept's business.
 */
export function columnScales(features: Features): Float64Array<ArrayBuffer> {
  const squares = new Float64Array(features.columns);
  for (let row = 0; row < features.rows; row++) {
    forEntries(features, row, (column, value) => {
      squares[column] = (squares[column] ?? 0) + value * value;
    });
  }
  return squares.map((sum) => (sum > 0 ? 1 / Math.sqrt(sum / features.rows) : 1));
}
