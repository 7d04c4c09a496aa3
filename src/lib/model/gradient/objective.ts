/**
 * Logistic factorization: P(user u is interested in item i) = σ(x_ui), x_ui = α_iᵀθ_u + b, fitted by weighted
 * log-loss over every user–item cell (Johnson 2014, "Logistic Matrix Factorization for Implicit Feedback Data",
 * with one fixed intercept b instead of its biases, so that a ranking is one dot product):
 *
 *   L = Σ_u Σ_i w_ui · log(1 + exp(−t_ui x_ui)) + λ/2 (Σ_u ‖θ_u‖² + Σ_i ‖α_i‖²)
 *
 *   observed, strength s > 0:  t = +1, w = alpha · s
 *   observed, strength s < 0:  t = −1, w = alpha · |s|
 *   not observed:              t = −1, w = unobservedWeight
 *
 * b is the log-odds of a pair that nothing is known of: the logarithm of the observed interest's weight over all
 * other weight. It is not trained and moves no ranking, but gives zero factors their meaning. Without it an item
 * that λ shrinks to 0 for want of data would stand at even odds, above nearly everything that is known.
 *
 * All cells take part, so there is no sampling noise, training and fold-in minimise the same function, and a
 * run is determined by its seed. Users without a single observation have no cells. A pass costs users × items ×
 * factors: right for a shop's catalogue of thousands of items, not for millions.
 *
 * With every α fixed a user's θ is the minimum of a strictly convex function, and where its gradient vanishes
 * θ = (1/λ) Σ_i g_i α_i with g_i = w_i t_i σ(−t_i x_i): the exact sum that explanations are made of.
 */

/** The weights of the log-loss; named as in the hyper-parameters. */
export interface CellWeights {
  readonly alpha: number;
  readonly unobservedWeight: number;
}

/** t·w of one cell: its sign is the target, its size the weight. `strength` 0 is an unobserved cell. */
export function signedCellWeight(strength: number, { alpha, unobservedWeight }: CellWeights): number {
  return strength === 0 ? -unobservedWeight : alpha * strength;
}

/** log(1 + exp(x)) without overflow. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** 1 / (1 + exp(−x)) without overflow. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** (exp(2x) − 1) / (exp(2x) + 1) to 1e-16; several times faster than Math.tanh. */
export function tanh(x: number): number {
  return 1 - 2 / (Math.exp(2 * x) + 1);
}
