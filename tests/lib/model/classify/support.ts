import type { DenseFeatures, Examples } from '../../../../src/lib/model/classify/features.ts';
import type { CsrMatrix } from '../../../../src/lib/model/matrix/csr.ts';
import { Random } from '../../../../src/lib/model/matrix/random.ts';

/** Random features, some 0, with labels drawn with P = σ(2 z0 − z1 + .5). */
export function drawn(
  rows: number,
  columns: number,
  seed: number,
): Examples & { readonly features: DenseFeatures } {
  const random = new Random(seed);
  const data = new Float32Array(rows * columns);
  data.forEach((_, at) => (data[at] = random.uniform() < 0.4 ? 0 : random.normal()));
  const labels = new Float32Array(rows);
  labels.forEach((_, row) => {
    const x = 2 * data[row * columns]! - data[row * columns + 1]! + 0.5;
    labels[row] = random.uniform() < 1 / (1 + Math.exp(-x)) ? 1 : 0;
  });
  return { features: { rows, columns, data }, labels };
}

/** The same features without their zeros. */
export function sparse({ rows, columns, data }: DenseFeatures): CsrMatrix {
  const indptr = new Int32Array(rows + 1);
  const indices: number[] = [];
  const values: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = data[row * columns + column]!;
      if (value === 0) continue;
      indices.push(column);
      values.push(value);
    }
    indptr[row + 1] = indices.length;
  }
  return { rows, columns, indptr, indices: Int32Array.from(indices), data: Float32Array.from(values) };
}

export function logLoss(probabilities: ArrayLike<number>, labels: Float32Array): number {
  let sum = 0;
  labels.forEach(
    (label, row) => (sum -= Math.log(label === 1 ? probabilities[row]! : 1 - probabilities[row]!)),
  );
  return sum / labels.length;
}
