/**
 * Models of labelled pairs: P(label of user u and item i is 1) = σ(x_ui), fitted by log-loss (binary cross-entropy)
 * over the pairs that the data has, and no others:
 *
 *   L = Σ_(u,i) w_ui · (softplus(x_ui) − y_ui x_ui)  +  λ/2 Σ_(u,i) (‖θ_u‖² + ‖α_i‖²)
 *
 *   logistic:  x_ui = α_iᵀθ_u + b                logistic factorization
 *   ncf:       x_ui = wᵀ tanh(θ_u + α_i) + b     a network of one hidden layer over the sum of two embeddings
 *
 * y from 0 to 1 is the label, w > 0 the pair's weight. b is trained for ncf (with w, not regularized) and is the
 * log-odds of the mean label for logistic, where the vectors take the rest. The sum of λ runs over pairs, so an
 * entity is regularized as often as it occurs.
 *
 * This is not the objective of `gradient/objective.ts`, in which every pair that was not observed is a weak 0. There
 * all items take part in each step, a dense product, which suits a shop's implicit feedback. Here the labels are
 * given (ratings turned into likes and dislikes, clicks on what was shown) or too many pairs are open to visit them
 * all; then `negatives` are drawn, and a step touches the rows of its batch alone.
 */
import { tanh } from '../objective.ts';
import type { PairModelKind } from './hyperparameters.ts';

/** Everything that is trained, row-major. */
export interface PairParameters {
  /** users × factors. */
  readonly userFactors: Float32Array<ArrayBuffer>;
  /** items × factors. */
  readonly itemFactors: Float32Array<ArrayBuffer>;
  /** ncf: w, then b. logistic: b alone, which no step changes. */
  readonly output: Float32Array<ArrayBuffer>;
}

/** x_ui of a user vector and the item whose factors begin at `offset`. */
export function pairScore(
  kind: PairModelKind,
  user: ArrayLike<number>,
  itemFactors: ArrayLike<number>,
  offset: number,
  output: ArrayLike<number>,
): number {
  const factors = user.length;
  if (kind === 'logistic') {
    let x = output[0] ?? 0;
    for (let f = 0; f < factors; f++) x += (user[f] ?? 0) * (itemFactors[offset + f] ?? 0);
    return x;
  }
  let x = output[factors] ?? 0;
  for (let f = 0; f < factors; f++) {
    x += (output[f] ?? 0) * tanh((user[f] ?? 0) + (itemFactors[offset + f] ?? 0));
  }
  return x;
}

/** How many values of `output` a step changes: all of ncf's, none of logistic's. */
export function trainedOutput(kind: PairModelKind, factors: number): number {
  return kind === 'ncf' ? factors + 1 : 0;
}
