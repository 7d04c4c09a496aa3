import { AppError } from '../../errors.ts';
import { rowMajorOrder, type CsrMatrix } from '../matrix/csr.ts';

/** One value a pair, as read: ratings, or 1 for an interaction without one. */
export interface Dataset {
  readonly matrix: CsrMatrix;
  /** Seconds since the Unix epoch of each entry of `matrix`, in its order; null where the data has no times. */
  readonly timestamps: Float64Array<ArrayBuffer> | null;
}

export interface RawInteractions {
  readonly users: number;
  readonly items: number;
  readonly user: Int32Array<ArrayBuffer>;
  readonly item: Int32Array<ArrayBuffer>;
  readonly value: Float32Array<ArrayBuffer>;
  readonly time: Float64Array<ArrayBuffer> | null;
}

/**
 * Interactions as a matrix. Of a pair that comes more than once the latest counts (the last in order where times are
 * equal or absent); `duplicates` is how many were dropped. Throws `input-invalid` for a position out of range.
 */
export function datasetOf(raw: RawInteractions): { readonly dataset: Dataset; readonly duplicates: number } {
  const { users, items, user, item, value, time } = raw;
  const order = rowMajorOrder({ rows: users, columns: items, row: user, column: item });
  const kept: number[] = [];
  for (const entry of order) {
    const last = kept.at(-1);
    if (last === undefined || user[last] !== user[entry] || item[last] !== item[entry]) kept.push(entry);
    else if ((time?.[entry] ?? 0) >= (time?.[last] ?? 0)) kept[kept.length - 1] = entry;
  }
  const indptr = new Int32Array(users + 1);
  for (const entry of kept) indptr[(user[entry] ?? 0) + 1] = (indptr[(user[entry] ?? 0) + 1] ?? 0) + 1;
  for (let row = 0; row < users; row++) indptr[row + 1] = (indptr[row + 1] ?? 0) + (indptr[row] ?? 0);
  return {
    dataset: {
      matrix: {
        rows: users,
        columns: items,
        indptr,
        indices: Int32Array.from(kept, (entry) => item[entry] ?? 0),
        data: Float32Array.from(kept, (entry) => value[entry] ?? 0),
      },
      timestamps: time === null ? null : Float64Array.from(kept, (entry) => time[entry] ?? 0),
    },
    duplicates: user.length - kept.length,
  };
}

/** The row of each entry. */
export function entryRows({ rows, indptr, indices }: CsrMatrix): Int32Array<ArrayBuffer> {
  const row = new Int32Array(indices.length);
  for (let r = 0; r < rows; r++) row.fill(r, indptr[r] ?? 0, indptr[r + 1] ?? 0);
  return row;
}

/** The entries for which `keep` is true, in a matrix of the same shape. */
export function selectEntries(dataset: Dataset, keep: (entry: number) => boolean): Dataset {
  const { matrix, timestamps } = dataset;
  const indptr = new Int32Array(matrix.rows + 1);
  const kept: number[] = [];
  for (let row = 0; row < matrix.rows; row++) {
    const end = matrix.indptr[row + 1] ?? 0;
    for (let entry = matrix.indptr[row] ?? 0; entry < end; entry++) if (keep(entry)) kept.push(entry);
    indptr[row + 1] = kept.length;
  }
  return {
    matrix: {
      rows: matrix.rows,
      columns: matrix.columns,
      indptr,
      indices: Int32Array.from(kept, (entry) => matrix.indices[entry] ?? 0),
      data: Float32Array.from(kept, (entry) => matrix.data[entry] ?? 0),
    },
    timestamps: timestamps === null ? null : Float64Array.from(kept, (entry) => timestamps[entry] ?? 0),
  };
}

/** The times of a data set. Throws `input-invalid` where it has none. */
export function timesOf({ timestamps }: Dataset): Float64Array<ArrayBuffer> {
  if (timestamps !== null) return timestamps;
  throw new AppError('input-invalid', 'A split by time needs times, and the data has none.', {
    remedy: 'Give data with a time column, or split at random.',
  });
}
