import { addRow, dotRow, type TextVectors } from '../../text/index.ts';
import { Cholesky } from '../linear/cholesky.ts';
import { addToDiagonal } from '../linear/dense.ts';

/**
 * Ridge penalty λ of the map. Text rows have length 1, so λ is in units of documents: with 1, an item whose words
 * are known from a single trained item is half that item and half the mean item.
 */
export const TEXT_MAP_REGULARIZATION = 1;

/** Largest system solved (rows or features): 600³/3 multiplications, about a tenth of a second in plain JavaScript. */
export const TEXT_MAP_MAX_ORDER = 600;

/** A linear map from the words of an item to its factors. */
export interface TextMap {
  /** Factors for row `row` of the vectors the map was fitted on; the mean trained item for unknown words. */
  predict(row: number): Float64Array;
}

/**
 * Fits ŷ = ȳ + Wᵀx with ȳ the mean of the trained rows and W minimising Σ_i ‖y_i − ȳ − Wᵀx_i‖² + λ‖W‖² over them.
 * The less the words say, the nearer to the mean item: towards zero would favour the unknown wherever scores are
 * mostly negative. In closed form (Hoerl & Kennard 1970), with Y the rows y_i − ȳ: primal W = (XᵀX + λI)⁻¹XᵀY, or dual W = Xᵀ(XXᵀ + λI)⁻¹Y where there are more features than rows; both are
 * the same W. Where both exceed TEXT_MAP_MAX_ORDER only the features of most documents take part.
 * `targets`: row-major factors of all rows of `vectors`, of which only those of `trained` are read.
 */
export function fitTextMap(
  vectors: TextVectors,
  trained: readonly number[],
  targets: Float32Array,
  factors: number,
  regularization = TEXT_MAP_REGULARIZATION,
): TextMap {
  const mean = new Float64Array(factors);
  for (const row of trained) {
    for (let m = 0; m < factors; m++) {
      mean[m] = (mean[m] ?? 0) + (targets[row * factors + m] ?? 0) / trained.length;
    }
  }
  const centred = Float64Array.from(targets, (value, at) => value - (mean[at % factors] ?? 0));
  const dual = trained.length <= Math.min(vectors.terms, TEXT_MAP_MAX_ORDER);
  const weights = dual
    ? dualWeights(vectors, trained, centred, factors, regularization)
    : primalWeights(vectors, trained, centred, factors, regularization);
  return {
    predict(row) {
      const out = Float64Array.from(mean);
      forEachFeature(vectors, row, (feature, value) => accumulate(weights, feature, factors, value, out));
      return out;
    },
  };
}

/** W = Xᵀ C with (XXᵀ + λI) C = Y; features × factors. */
function dualWeights(
  vectors: TextVectors,
  trained: readonly number[],
  targets: Float64Array,
  factors: number,
  regularization: number,
): Float64Array {
  const order = trained.length;
  const kernel = new Float64Array(order * order);
  const dense = new Float64Array(vectors.terms);
  trained.forEach((row, at) => {
    dense.fill(0);
    addRow(vectors, row, 1, dense);
    for (let other = 0; other <= at; other++) {
      kernel[at * order + other] = dotRow(vectors, trained[other] ?? 0, dense);
    }
  });
  addToDiagonal(kernel, order, regularization);
  const cholesky = new Cholesky(kernel, order);
  const weights = new Float64Array(vectors.terms * factors);
  for (let factor = 0; factor < factors; factor++) {
    const right = Float64Array.from(trained, (row) => targets[row * factors + factor] ?? 0);
    const solution = cholesky.solve(right);
    trained.forEach((row, at) =>
      forEachFeature(vectors, row, (feature, value) => {
        const position = feature * factors + factor;
        weights[position] = (weights[position] ?? 0) + value * (solution[at] ?? 0);
      }),
    );
  }
  return weights;
}

/** (XᵀX + λI) W = XᵀY over the features in use; features × factors, zero for features left out. */
function primalWeights(
  vectors: TextVectors,
  trained: readonly number[],
  targets: Float64Array,
  factors: number,
  regularization: number,
): Float64Array {
  const used = commonFeatures(vectors);
  const order = used.length;
  const position = new Int32Array(vectors.terms).fill(-1);
  used.forEach((feature, at) => (position[feature] = at));

  const gram = new Float64Array(order * order);
  const right = Array.from({ length: factors }, () => new Float64Array(order));
  for (const row of trained) {
    forEachFeature(vectors, row, (feature, value) => {
      const at = position[feature] ?? -1;
      if (at < 0) return;
      right.forEach((column, factor) => {
        column[at] = (column[at] ?? 0) + value * (targets[row * factors + factor] ?? 0);
      });
      forEachFeature(vectors, row, (otherFeature, otherValue) => {
        const other = position[otherFeature] ?? -1;
        if (other < 0 || other > at) return;
        gram[at * order + other] = (gram[at * order + other] ?? 0) + value * otherValue;
      });
    });
  }
  addToDiagonal(gram, order, regularization);
  const cholesky = new Cholesky(gram, order);
  const weights = new Float64Array(vectors.terms * factors);
  right.forEach((column, factor) => {
    const solution = cholesky.solve(column);
    used.forEach((feature, at) => (weights[feature * factors + factor] = solution[at] ?? 0));
  });
  return weights;
}

/** The features of most documents, at most TEXT_MAP_MAX_ORDER, ties by feature number. */
function commonFeatures({ terms, documentFrequency }: TextVectors): number[] {
  const all = Array.from({ length: terms }, (_, feature) => feature);
  if (terms <= TEXT_MAP_MAX_ORDER) return all;
  const frequency = (feature: number): number => documentFrequency[feature] ?? 0;
  return all.sort((a, b) => frequency(b) - frequency(a) || a - b).slice(0, TEXT_MAP_MAX_ORDER);
}

function forEachFeature(
  vectors: TextVectors,
  row: number,
  visit: (feature: number, value: number) => void,
): void {
  const end = vectors.indptr[row + 1] ?? 0;
  for (let at = vectors.indptr[row] ?? 0; at < end; at++) {
    visit(vectors.indices[at] ?? 0, vectors.data[at] ?? 0);
  }
}

function accumulate(
  weights: Float64Array,
  feature: number,
  factors: number,
  value: number,
  out: Float64Array,
): void {
  for (let factor = 0; factor < factors; factor++) {
    out[factor] = (out[factor] ?? 0) + value * (weights[feature * factors + factor] ?? 0);
  }
}
