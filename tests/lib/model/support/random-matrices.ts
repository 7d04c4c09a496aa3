import type { CsrMatrix } from '../../../../src/lib/model/matrix/csr.ts';
import { normalMatrix, Random } from '../../../../src/lib/model/matrix/random.ts';

/** Row-major normal values of deviation 1/√columns: row norms near 1, as in trained factors. */
export function randomFactors(rows: number, columns: number, seed: number): Float32Array<ArrayBuffer> {
  return normalMatrix(rows, columns, 1 / Math.sqrt(columns), seed);
}

/** A matrix whose row r has `lengths[r]` entries at random columns; a fifth of the weights is negative. */
export function randomSparse(lengths: readonly number[], columns: number, seed: number): CsrMatrix {
  const random = new Random(seed);
  const rows = lengths.map((length) => {
    const chosen = new Set<number>();
    if (length === columns) for (let column = 0; column < columns; column++) chosen.add(column);
    while (chosen.size < length) chosen.add(random.below(columns));
    return [...chosen].sort((first, second) => first - second);
  });
  const indptr = new Int32Array(rows.length + 1);
  rows.forEach((row, index) => (indptr[index + 1] = indptr[index]! + row.length));
  const indices = Int32Array.from(rows.flat());
  const data = Float32Array.from(indices, () => (random.uniform() < 0.2 ? -1 : 1) * (0.1 + random.uniform()));
  return { rows: rows.length, columns, indptr, indices, data };
}

/** A dense matrix as CSR, without its zeros. */
export function sparseOf(dense: readonly (readonly number[])[]): CsrMatrix {
  const indptr = [0];
  const indices: number[] = [];
  const data: number[] = [];
  for (const row of dense) {
    row.forEach((value, column) => {
      if (value === 0) return;
      indices.push(column);
      data.push(value);
    });
    indptr.push(indices.length);
  }
  return {
    rows: dense.length,
    columns: dense[0]?.length ?? 0,
    indptr: Int32Array.from(indptr),
    indices: Int32Array.from(indices),
    data: Float32Array.from(data),
  };
}

/** ‖actual − expected‖ / ‖expected‖; 0 where both are 0. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let norm = 0;
  for (let index = 0; index < expected.length; index++) {
    difference += (actual[index]! - expected[index]!) ** 2;
    norm += expected[index]! ** 2;
  }
  return difference === 0 ? 0 : Math.sqrt(difference / norm);
}
