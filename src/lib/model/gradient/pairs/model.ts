import { AppError } from '../../../errors.ts';
import { minimise } from '../../linear/minimise.ts';
import { sigmoid, softplus, tanh } from '../objective.ts';
import type { PairModelKind } from './hyperparameters.ts';
import { pairScore, type PairParameters } from './score.ts';

/** Items that a user has labelled. Columns of one length. */
export interface PairHistory {
  readonly item: ArrayLike<number>;
  /** 0 to 1. */
  readonly label: ArrayLike<number>;
  /** Left out: all 1. */
  readonly weight?: ArrayLike<number>;
}

/** As plain values, to be saved. */
export interface PairModelState extends PairParameters {
  readonly kind: PairModelKind;
  readonly factors: number;
  readonly regularization: number;
}

/** The gradient's largest entry at which a folded-in vector counts as the minimum. */
const FOLD_IN_TOLERANCE = 1e-7;
const FOLD_IN_ITERATIONS = 500;

/** A trained model of pairs; the formulas are in `score.ts`. */
export class PairModel {
  readonly kind: PairModelKind;
  readonly factors: number;
  readonly users: number;
  readonly items: number;
  readonly #state: PairModelState;

  private constructor(state: PairModelState) {
    this.#state = state;
    this.kind = state.kind;
    this.factors = state.factors;
    this.users = state.userFactors.length / state.factors;
    this.items = state.itemFactors.length / state.factors;
  }

  /** Throws `input-invalid` where the parts do not fit together. The arrays are kept, not copied. */
  static fromState(state: PairModelState): PairModel {
    const { kind, factors, userFactors, itemFactors, output } = state;
    const fits =
      Number.isInteger(factors) &&
      factors > 0 &&
      userFactors.length % factors === 0 &&
      itemFactors.length % factors === 0 &&
      output.length === (kind === 'ncf' ? factors + 1 : 1);
    if (fits) return new PairModel(state);
    throw new AppError('input-invalid', 'The parts of a model of pairs do not fit together.', {
      values: { kind, factors, userFactors: userFactors.length, itemFactors: itemFactors.length },
    });
  }

  toState(): PairModelState {
    return this.#state;
  }

  /** P(the user likes the item). Throws `input-invalid` for a user or item that the model does not have. */
  predict(user: number, item: number): number {
    const vector = this.userVector(user);
    checkPosition('item', item, this.items);
    const { kind, itemFactors, output } = this.#state;
    return sigmoid(pairScore(kind, vector, itemFactors, item * this.factors, output));
  }

  /** Log-odds of all items for a trained user. */
  scoresOf(user: number): Float32Array<ArrayBuffer> {
    return this.scoresFor(this.userVector(user));
  }

  /** Log-odds of all items for a user vector, as `foldIn` gives it. */
  scoresFor(user: ArrayLike<number>): Float32Array<ArrayBuffer> {
    const { kind, itemFactors, output } = this.#state;
    const scores = new Float32Array(this.items);
    for (let item = 0; item < this.items; item++) {
      scores[item] = pairScore(kind, user, itemFactors, item * this.factors, output);
    }
    return scores;
  }

  /** Throws `input-invalid` for a user that the model does not have. */
  userVector(user: number): Float32Array<ArrayBuffer> {
    checkPosition('user', user, this.users);
    return this.#state.userFactors.slice(user * this.factors, (user + 1) * this.factors);
  }

  /**
   * The vector of a user who was not trained: the training objective over their own pairs, items fixed, from zeros.
   * Exact for logistic (strictly convex where λ > 0); a stationary point for ncf, whose objective has several. A
   * history of dislikes or likes alone is one-sided: add drawn negatives as in training.
   */
  foldIn({ item, label, weight }: PairHistory): Float32Array<ArrayBuffer> {
    for (let at = 0; at < item.length; at++) checkPosition('item', item[at] ?? -1, this.items);
    const { kind, itemFactors, output, regularization } = this.#state;
    const { factors } = this;
    const ridge = regularization * item.length;
    const { point } = minimise(
      (vector, gradient) => {
        let value = 0;
        for (let f = 0; f < factors; f++) {
          value += (ridge / 2) * (vector[f] ?? 0) ** 2;
          gradient[f] = ridge * (vector[f] ?? 0);
        }
        for (let at = 0; at < item.length; at++) {
          const offset = (item[at] ?? 0) * factors;
          const x = pairScore(kind, vector, itemFactors, offset, output);
          const y = label[at] ?? 0;
          const w = weight?.[at] ?? 1;
          value += w * (softplus(x) - y * x);
          const pull = w * (sigmoid(x) - y);
          for (let f = 0; f < factors; f++) {
            const alpha = itemFactors[offset + f] ?? 0;
            const slope =
              kind === 'logistic' ? alpha : (output[f] ?? 0) * (1 - tanh((vector[f] ?? 0) + alpha) ** 2);
            gradient[f] = (gradient[f] ?? 0) + pull * slope;
          }
        }
        return value;
      },
      new Float64Array(factors),
      { tolerance: FOLD_IN_TOLERANCE, maxIterations: FOLD_IN_ITERATIONS },
    );
    return Float32Array.from(point);
  }
}

function checkPosition(name: string, position: number, count: number): void {
  if (Number.isInteger(position) && position >= 0 && position < count) return;
  throw new AppError('input-invalid', `The model has no ${name} ${position}.`, {
    values: { name, position, count },
  });
}
