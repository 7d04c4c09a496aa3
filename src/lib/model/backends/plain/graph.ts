import { AppError } from '../../../errors.ts';
import { transpose, type CsrMatrix } from '../../matrix/csr.ts';
import type { GraphEngine, GraphOperator, GraphResponse } from '../graph.ts';

/** Plain loops, one vector after the other, in 64 bits; also the WebAssembly's reference. */
export class PlainGraphEngine implements GraphEngine {
  readonly bytes: number;
  readonly #operator: GraphOperator;
  readonly #byItem: CsrMatrix;
  #response: GraphResponse | null = null;

  constructor(operator: GraphOperator) {
    this.#operator = operator;
    this.#byItem = transpose(operator.interactions);
    this.bytes = 8 * operator.interactions.indices.length;
  }

  *blur(y: Float32Array, columns: number): Generator<void, Float32Array<ArrayBuffer>> {
    const out = new Float32Array(y.length);
    for (let column = 0; column < columns; column++) {
      const own = Float64Array.from(
        { length: y.length / columns },
        (_, item) => y[item * columns + column] ?? 0,
      );
      const blurred = this.#blur(own);
      blurred.forEach((value, item) => (out[item * columns + column] = value));
      yield;
    }
    return out;
  }

  *gram(y: Float32Array, columns: number): Generator<void, Float64Array> {
    const gram = new Float64Array(columns * columns);
    for (let i = 0; i < columns; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let at = 0; at < y.length; at += columns) sum += (y[at + i] ?? 0) * (y[at + j] ?? 0);
        gram[i * columns + j] = sum;
      }
      yield;
    }
    return gram;
  }

  *times(y: Float32Array, columns: number, m: Float64Array): Generator<void, Float32Array<ArrayBuffer>> {
    const out = new Float32Array(y.length);
    for (let at = 0; at < y.length; at += columns) {
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let l = 0; l < columns; l++) sum += (y[at + l] ?? 0) * (m[l * columns + j] ?? 0);
        out[at + j] = sum;
      }
      yield;
    }
    return out;
  }

  use(response: GraphResponse): void {
    this.#response = response;
  }

  *scores(histories: CsrMatrix): Generator<void, Float32Array<ArrayBuffer>> {
    const { columns: items } = histories;
    const out = new Float32Array(histories.rows * items);
    for (let row = 0; row < histories.rows; row++) {
      const x = new Float64Array(items);
      for (let at = histories.indptr[row] ?? 0; at < (histories.indptr[row + 1] ?? 0); at++) {
        x[histories.indices[at] ?? 0] = histories.data[at] ?? 0;
      }
      out.set(this.#respond(x), row * items);
      yield;
    }
    return out;
  }

  #respond(x: Float64Array): Float64Array {
    if (this.#response === null)
      throw new AppError('internal', 'A graph engine was asked before it had a response.');
    const { coefficients, lowPass, gain } = this.#response;
    const merged = this.#blur(x);
    if (lowPass !== null) {
      const { rank, vectors, left, right } = lowPass;
      for (let l = 0; l < rank; l++) {
        let sum = 0;
        x.forEach((value, item) => (sum += value * (right[item] ?? 0) * (vectors[item * rank + l] ?? 0)));
        merged.forEach(
          (value, item) => (merged[item] = value + sum * (left[item] ?? 0) * (vectors[item * rank + l] ?? 0)),
        );
      }
    }
    let y = new Float64Array(x.length);
    for (const coefficient of coefficients.toReversed()) {
      y = this.#blur(y).map((value, item) => value + coefficient * (merged[item] ?? 0));
    }
    return y.map((value, item) => value * (gain[item] ?? 0));
  }

  /** P y. */
  #blur(y: Float64Array): Float64Array<ArrayBuffer> {
    const { interactions, userScale, itemScale } = this.#operator;
    const users = patternSums(
      interactions,
      y.map((value, item) => value * (itemScale[item] ?? 0)),
    );
    const items = patternSums(
      this.#byItem,
      users.map((value, user) => value * (userScale[user] ?? 0)),
    );
    return items.map((value, item) => value * (itemScale[item] ?? 0));
  }
}

/** The sum of a vector over each row of a pattern. */
function patternSums({ rows, indptr, indices }: CsrMatrix, x: Float64Array): Float64Array<ArrayBuffer> {
  const sums = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    const end = indptr[row + 1] ?? 0;
    for (let entry = indptr[row] ?? 0; entry < end; entry++) sum += x[indices[entry] ?? 0] ?? 0;
    sums[row] = sum;
  }
  return sums;
}
