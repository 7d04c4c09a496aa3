import { rowLength, type CsrMatrix } from '../matrix/csr.ts';

/** The n largest of what was offered; of equal values the lower key stays. A binary heap, its least on top. */
class Largest {
  readonly #keys: Int32Array;
  readonly #values: Float64Array;
  #size = 0;

  constructor(capacity: number) {
    this.#keys = new Int32Array(capacity);
    this.#values = new Float64Array(capacity);
  }

  offer(key: number, value: number): void {
    if (this.#size < this.#keys.length) {
      this.#rise(this.#size++, key, value);
    } else if (this.#size > 0 && this.#below(0, key, value)) {
      this.#sink(key, value);
    }
  }

  /** Empties it; keys ascend. */
  take(): { readonly key: number; readonly value: number }[] {
    const taken = Array.from({ length: this.#size }, (_, at) => ({
      key: this.#keys[at] ?? 0,
      value: this.#values[at] ?? 0,
    }));
    this.#size = 0;
    return taken.sort((a, b) => a.key - b.key);
  }

  /** True where the entry at `at` is to go before (key, value). */
  #below(at: number, key: number, value: number): boolean {
    const own = this.#values[at] ?? 0;
    return own < value || (own === value && (this.#keys[at] ?? 0) > key);
  }

  #rise(from: number, key: number, value: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      // what rises is below its parent
      if (this.#below(parent, key, value)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#keys[at] = key;
    this.#values[at] = value;
  }

  #sink(key: number, value: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) break;
      const other = child + 1;
      if (other < this.#size && this.#below(other, this.#keys[child] ?? 0, this.#values[child] ?? 0))
        child = other;
      if (!this.#below(child, key, value)) break;
      this.#move(child, at);
      at = child;
    }
    this.#keys[at] = key;
    this.#values[at] = value;
  }

  #move(from: number, to: number): void {
    this.#keys[to] = this.#keys[from] ?? 0;
    this.#values[to] = this.#values[from] ?? 0;
  }
}

/**
 * The largest `keep` entries of each row of the product A B, the diagonal left out, after `valueOf(row, column, sum)`;
 * values that are not above 0 are left out. A is rows × m, B is m × rows. Row by row with one dense row of scratch
 * (Gustavson 1978); yields after each.
 */
export function* topProductsSteps(
  a: CsrMatrix,
  b: CsrMatrix,
  keep: number,
  valueOf: (row: number, column: number, sum: number) => number,
): Generator<void, CsrMatrix> {
  const sums = new Float64Array(b.columns);
  const touched = new Int32Array(b.columns);
  const largest = new Largest(Math.min(keep, b.columns));
  const indptr = new Int32Array(a.rows + 1);
  const indices: number[] = [];
  const data: number[] = [];
  for (let row = 0; row < a.rows; row++) {
    let count = 0;
    const end = a.indptr[row + 1] ?? 0;
    for (let entry = a.indptr[row] ?? 0; entry < end; entry++) {
      const middle = a.indices[entry] ?? 0;
      const weight = a.data[entry] ?? 0;
      const last = b.indptr[middle + 1] ?? 0;
      for (let at = b.indptr[middle] ?? 0; at < last; at++) {
        const column = b.indices[at] ?? 0;
        const before = sums[column] ?? 0;
        if (before === 0) touched[count++] = column;
        sums[column] = before + weight * (b.data[at] ?? 0);
      }
    }
    for (let at = 0; at < count; at++) {
      const column = touched[at] ?? 0;
      const sum = sums[column] ?? 0;
      sums[column] = 0;
      if (sum === 0 || column === row) continue;
      const value = valueOf(row, column, sum);
      if (value > 0) largest.offer(column, value);
    }
    for (const { key, value } of largest.take()) {
      indices.push(key);
      data.push(value);
    }
    indptr[row + 1] = indices.length;
    yield;
  }
  return {
    rows: a.rows,
    columns: b.columns,
    indptr,
    indices: Int32Array.from(indices),
    data: Float32Array.from(data),
  };
}

/** Each entry to the power `exponent` after division by the sum of its row (rows that sum to 0 stay). */
export function transitionRows(matrix: CsrMatrix, exponent: number): CsrMatrix {
  const data = new Float32Array(matrix.data.length);
  for (let row = 0; row < matrix.rows; row++) {
    const [begin, end] = [matrix.indptr[row] ?? 0, matrix.indptr[row + 1] ?? 0];
    let sum = 0;
    for (let entry = begin; entry < end; entry++) sum += matrix.data[entry] ?? 0;
    if (sum === 0) continue;
    for (let entry = begin; entry < end; entry++) data[entry] = ((matrix.data[entry] ?? 0) / sum) ** exponent;
  }
  return { ...matrix, data };
}

/** The entries above 0, at 1: what counts as an interaction where strengths may be negative. */
export function positivePattern(matrix: CsrMatrix): CsrMatrix {
  const kept: number[] = [];
  const indptr = new Int32Array(matrix.rows + 1);
  for (let row = 0; row < matrix.rows; row++) {
    const begin = matrix.indptr[row] ?? 0;
    for (let at = 0; at < rowLength(matrix, row); at++) {
      if ((matrix.data[begin + at] ?? 0) > 0) kept.push(matrix.indices[begin + at] ?? 0);
    }
    indptr[row + 1] = kept.length;
  }
  return {
    rows: matrix.rows,
    columns: matrix.columns,
    indptr,
    indices: Int32Array.from(kept),
    data: new Float32Array(kept.length).fill(1),
  };
}
