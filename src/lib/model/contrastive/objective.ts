import { dotAt } from '../linear/dense.ts';

/*
 * What the contrastive models minimise over the users' and items' rows x_u, y_i; I_u are u's items, n_u of I.
 *
 * CCL, the cosine contrastive loss (Mao et al., "SimpleX", 2021, eq. 1), with ŷ_ui = cos(x_u, y_i):
 *
 *     Σ_u Σ_{i ∈ I_u} [ 1 − ŷ_ui + μ/I Σ_{j ∉ I_u} max(0, ŷ_uj − m) ]
 *
 * The sum over j does not depend on i: it is computed once a user, n_u times as heavy, over a uniform sample that all
 * users of a step share, and unbiased. With m far above the usual cosine few j have a gradient.
 *
 * BPR (Rendle et al. 2009), with ŷ_ui = x_uᵀy_i, j drawn for each pair:
 *
 *     Σ_u Σ_{i ∈ I_u} [ −ln σ(ŷ_ui − ŷ_uj) + λ/2 (‖x_u‖² + ‖y_i‖² + ‖y_j‖²) ]
 */

/** A loss and its derivative by the user's row. */
export interface UserLoss {
  readonly value: number;
  readonly gradient: Float64Array;
}

/** Item rows, row-major. */
export interface ItemRows {
  readonly factors: number;
  readonly data: Float32Array;
}

/**
 * CCL of one user over n_u, all items that are not `own` being negatives; the rows of the items have length 1, and
 * so has `row`. The gradient is that of the cosine, so along the sphere: at a right angle to `row`.
 */
export function cclOfUser(
  { factors, data }: ItemRows,
  own: readonly number[],
  row: Float64Array,
  { margin, negativeWeight }: { readonly margin: number; readonly negativeWeight: number },
): UserLoss {
  const items = data.length / factors;
  const gradient = new Float64Array(factors);
  const mine = new Set(own);
  let value = 0;
  const add = (item: number, weight: number): void => {
    for (let p = 0; p < factors; p++) {
      gradient[p] = (gradient[p] ?? 0) + weight * (data[item * factors + p] ?? 0);
    }
  };
  for (const item of own) {
    value += (1 - dotAt(row, data, item * factors)) / own.length;
    add(item, -1 / own.length);
  }
  for (let item = 0; item < items; item++) {
    const excess = dotAt(row, data, item * factors) - margin;
    if (excess <= 0 || mine.has(item)) continue;
    value += (negativeWeight / items) * excess;
    add(item, negativeWeight / items);
  }
  const radial = dotAt(gradient, row, 0);
  for (let p = 0; p < factors; p++) gradient[p] = (gradient[p] ?? 0) - radial * (row[p] ?? 0);
  return { value, gradient };
}

/** BPR of one user over n_u, the mean over all pairs of an own item and a negative. */
export function bprOfUser(
  { factors, data }: ItemRows,
  own: readonly number[],
  negatives: readonly number[],
  row: Float64Array,
  regularization: number,
): UserLoss {
  const gradient = Float64Array.from(row, (value) => regularization * value);
  let value = (regularization / 2) * dotAt(row, row, 0);
  const pulls = new Map<number, number>();
  const pull = (item: number, weight: number): void => void pulls.set(item, (pulls.get(item) ?? 0) + weight);
  const weight = 1 / Math.max(1, own.length * negatives.length);
  const scores = negatives.map((item) => dotAt(row, data, item * factors));
  for (const item of own) {
    const liked = dotAt(row, data, item * factors);
    negatives.forEach((negative, at) => {
      const difference = liked - (scores[at] ?? 0);
      value += weight * (Math.log1p(Math.exp(-Math.abs(difference))) + Math.max(0, -difference));
      const slope = weight / (1 + Math.exp(difference));
      pull(item, -slope);
      pull(negative, slope);
    });
  }
  for (const [item, slope] of pulls) {
    for (let p = 0; p < factors; p++) {
      gradient[p] = (gradient[p] ?? 0) + slope * (data[item * factors + p] ?? 0);
    }
  }
  return { value, gradient };
}
