import { AppError } from '../../errors.ts';

/**
 * A sparse matrix in compressed sparse rows: row r's entries are at positions `indptr[r]` to `indptr[r + 1]` of
 * `indices` (columns, ascending, no duplicates) and `data`.
 */
export interface CsrMatrix {
  readonly rows: number;
  readonly columns: number;
  /** rows + 1 entries, the first 0, never falling. */
  readonly indptr: Int32Array<ArrayBuffer>;
  readonly indices: Int32Array<ArrayBuffer>;
  readonly data: Float32Array<ArrayBuffer>;
}

/** The same entries in the order they came in; duplicates allowed. */
export interface CooEntries {
  readonly rows: number;
  readonly columns: number;
  readonly row: Int32Array<ArrayBuffer>;
  readonly column: Int32Array<ArrayBuffer>;
}

/** Rows or columns that a matrix may have: positions and offsets are 32-bit on the GPU. */
const MAX_DIMENSION = 2 ** 31 - 1;

/**
 * Where each entry goes in row-major order (row, then column, then the order they came in): position p of the
 * result is entry `order[p]`. Two stable counting sorts, linear in entries + rows + columns. Throws
 * `input-invalid` naming the first entry out of range.
 */
export function rowMajorOrder(entries: CooEntries): Int32Array<ArrayBuffer> {
  const { rows, columns, row, column } = entries;
  checkDimensions(rows, columns);
  if (row.length !== column.length) {
    throw new AppError('input-invalid', 'Rows and columns of a matrix differ in length.', {
      values: { rows: row.length, columns: column.length },
    });
  }
  const byColumn = countingSort(column, columns, identity(column.length));
  return countingSort(row, rows, byColumn);
}

/** Columns become rows: entry (r, c) becomes (c, r). Linear. */
export function transpose(matrix: CsrMatrix): CsrMatrix {
  const { rows, columns, indptr, indices, data } = matrix;
  const starts = countInto(indices, columns);
  const next = starts.slice();
  const outIndices = new Int32Array(indices.length);
  const outData = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    const end = indptr[row + 1] ?? 0;
    for (let position = indptr[row] ?? 0; position < end; position++) {
      const column = indices[position] ?? 0;
      const target = next[column] ?? 0;
      next[column] = target + 1;
      outIndices[target] = row;
      outData[target] = data[position] ?? 0;
    }
  }
  return { rows: columns, columns: rows, indptr: starts, indices: outIndices, data: outData };
}

/** The given rows in the given order (repeats allowed). Throws `input-invalid` for a row out of range. */
export function selectRows(matrix: CsrMatrix, rows: ArrayLike<number>): CsrMatrix {
  const indptr = new Int32Array(rows.length + 1);
  for (let target = 0; target < rows.length; target++) {
    const row = rows[target] ?? -1;
    if (!Number.isInteger(row) || row < 0 || row >= matrix.rows) {
      throw new AppError('input-invalid', 'A row that the matrix does not have.', {
        values: { row, rows: matrix.rows },
      });
    }
    indptr[target + 1] = (indptr[target] ?? 0) + rowLength(matrix, row);
  }
  const entries = indptr[rows.length] ?? 0;
  const indices = new Int32Array(entries);
  const data = new Float32Array(entries);
  for (let target = 0; target < rows.length; target++) {
    const row = rows[target] ?? 0;
    const at = indptr[target] ?? 0;
    indices.set(matrix.indices.subarray(matrix.indptr[row], matrix.indptr[row + 1]), at);
    data.set(matrix.data.subarray(matrix.indptr[row], matrix.indptr[row + 1]), at);
  }
  return { rows: rows.length, columns: matrix.columns, indptr, indices, data };
}

/** Entries of one row. */
export function rowLength(matrix: CsrMatrix, row: number): number {
  return (matrix.indptr[row + 1] ?? 0) - (matrix.indptr[row] ?? 0);
}

/** Rows with at least one entry: held-out users leave empty ones behind. */
export function rowsWithEntries(matrix: CsrMatrix): number {
  let rows = 0;
  for (let row = 0; row < matrix.rows; row++) if (rowLength(matrix, row) > 0) rows++;
  return rows;
}

/**
 * Checks every promise of CsrMatrix and that all data is finite. Throws `input-invalid` naming the row. For
 * matrices from outside; what this folder builds keeps them.
 */
export function validateCsr(matrix: CsrMatrix): void {
  const { rows, columns, indptr, indices, data } = matrix;
  checkDimensions(rows, columns);
  const entries = indices.length;
  if (indptr.length !== rows + 1 || indptr[0] !== 0 || indptr[rows] !== entries || data.length !== entries) {
    throw new AppError('input-invalid', 'The parts of a sparse matrix do not fit together.', {
      values: { rows, indptr: indptr.length, indices: entries, data: data.length },
    });
  }
  for (let row = 0; row < rows; row++) {
    const begin = indptr[row] ?? 0;
    const end = indptr[row + 1] ?? 0;
    let last = -1;
    if (end < begin || end > entries) throw badRow(row, 'its extent is impossible');
    for (let position = begin; position < end; position++) {
      const column = indices[position] ?? -1;
      if (column <= last) throw badRow(row, 'columns do not ascend');
      if (column >= columns) throw badRow(row, `column ${column} of ${columns}`);
      if (!Number.isFinite(data[position])) throw badRow(row, `column ${column} holds no finite number`);
      last = column;
    }
  }
}

function badRow(row: number, reason: string): AppError {
  return new AppError('input-invalid', `Row ${row} of a sparse matrix: ${reason}.`, {
    values: { row, reason },
  });
}

function checkDimensions(rows: number, columns: number): void {
  for (const size of [rows, columns]) {
    if (!Number.isInteger(size) || size < 0 || size > MAX_DIMENSION) {
      throw new AppError('input-invalid', 'A matrix cannot have this size.', { values: { rows, columns } });
    }
  }
}

function identity(length: number): Int32Array<ArrayBuffer> {
  const order = new Int32Array(length);
  for (let index = 0; index < length; index++) order[index] = index;
  return order;
}

/** Offsets at which each key's entries start (`size` + 1 entries). Throws `input-invalid` for a key out of range. */
function countInto(keys: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  const starts = new Int32Array(size + 1);
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] ?? -1;
    if (key < 0 || key >= size) {
      throw new AppError('input-invalid', 'A position out of range.', {
        values: { entry: index, position: key, size },
      });
    }
    starts[key + 1] = (starts[key + 1] ?? 0) + 1;
  }
  for (let key = 0; key < size; key++) starts[key + 1] = (starts[key + 1] ?? 0) + (starts[key] ?? 0);
  return starts;
}

/** `order` sorted by key, equal keys kept in the order they had. */
function countingSort(
  keys: Int32Array<ArrayBuffer>,
  size: number,
  order: Int32Array<ArrayBuffer>,
): Int32Array<ArrayBuffer> {
  const next = countInto(keys, size);
  const sorted = new Int32Array(order.length);
  for (const entry of order) {
    const key = keys[entry] ?? 0;
    const target = next[key] ?? 0;
    next[key] = target + 1;
    sorted[target] = entry;
  }
  return sorted;
}
