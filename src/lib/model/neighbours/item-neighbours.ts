import { runInSlices } from '../backends/slices.ts';
import { transpose, type CsrMatrix } from '../matrix/csr.ts';
import { positivePattern, topProductsSteps, transitionRows } from './top-products.ts';

export interface ItemKnnOptions {
  /** Neighbours kept of each item. */
  readonly neighbours: number;
  /** h in the cosine's denominator: pairs seen together few times count for less. */
  readonly shrinkage: number;
}

/**
 * Item-based collaborative filtering (Sarwar et al. 2001; shrinkage as in Ferrari Dacrema et al. 2019): the `neighbours`
 * items most similar to each item j,
 *
 *     s_ij = n_ij / (√(n_i n_j) + h)
 *
 * with n_ij the users who have both, n_i those who have i. Row i of the result says what having i adds to the score of
 * each j whose neighbour it is. Interactions are the entries above 0.
 */
export async function itemKnn(
  train: CsrMatrix,
  { neighbours, shrinkage }: ItemKnnOptions,
  signal?: AbortSignal,
): Promise<CsrMatrix> {
  const byUser = positivePattern(train);
  const byItem = transpose(byUser);
  const count = (item: number): number => (byItem.indptr[item + 1] ?? 0) - (byItem.indptr[item] ?? 0);
  const cosine = (i: number, j: number, both: number): number =>
    both / (Math.sqrt(count(i) * count(j)) + shrinkage);
  return transpose(await runInSlices(topProductsSteps(byItem, byUser, neighbours, cosine), signal));
}

export interface Rp3BetaOptions {
  readonly neighbours: number;
  /** α, on each step's probability. */
  readonly exponent: number;
  /** β: 0 leaves popular items in front, 1 divides their popularity out. */
  readonly popularityPenalty: number;
}

/**
 * RP³β (Paudel, Christoffel, Newell & Bernstein, "Updatable, Accurate, Diverse, and Scalable Recommendations for
 * Interactive Applications", 2016): a random walk user → item → user → item, whose last two steps from item i end in j
 * with weight Σ_u p(u|i)^α p(j|u)^α, divided by n_j^β. Row i keeps its `neighbours` largest. Interactions are the
 * entries above 0.
 */
export async function rp3Beta(
  train: CsrMatrix,
  { neighbours, exponent, popularityPenalty }: Rp3BetaOptions,
  signal?: AbortSignal,
): Promise<CsrMatrix> {
  const byUser = positivePattern(train);
  const byItem = transpose(byUser);
  const penalty = Float64Array.from(
    { length: train.columns },
    (_, item) =>
      Math.max(1, (byItem.indptr[item + 1] ?? 0) - (byItem.indptr[item] ?? 0)) ** popularityPenalty,
  );
  const steps = topProductsSteps(
    transitionRows(byItem, exponent),
    transitionRows(byUser, exponent),
    neighbours,
    (_, j, weight) => weight / (penalty[j] ?? 1),
  );
  return runInSlices(steps, signal);
}

/** Σ_i x_i W_ij for all j. */
export function neighbourScores(
  weights: CsrMatrix,
  item: ArrayLike<number>,
  strength: ArrayLike<number>,
): Float64Array<ArrayBuffer> {
  const scores = new Float64Array(weights.columns);
  for (let at = 0; at < item.length; at++) {
    const row = item[at] ?? 0;
    const own = strength[at] ?? 0;
    const end = weights.indptr[row + 1] ?? 0;
    for (let entry = weights.indptr[row] ?? 0; entry < end; entry++) {
      const column = weights.indices[entry] ?? 0;
      scores[column] = (scores[column] ?? 0) + own * (weights.data[entry] ?? 0);
    }
  }
  return scores;
}

/** W_ij, 0 where it was not kept. */
export function weightBetween(weights: CsrMatrix, i: number, j: number): number {
  const row = weights.indices.subarray(weights.indptr[i], weights.indptr[i + 1]);
  const at = row.indexOf(j);
  return at === -1 ? 0 : (weights.data[(weights.indptr[i] ?? 0) + at] ?? 0);
}
