import type { CsrMatrix } from '../../matrix/csr.ts';
import {
  BETA_1,
  BETA_2,
  type BprStep,
  type CclStep,
  type PairwiseEngine,
  type PairwiseSide,
  type PairwiseState,
} from '../pairwise.ts';
import { checkFinite } from '../shapes.ts';

const EPSILON = 1e-8;

/** The steps in plain loops, in 64 bits; what is kept from step to step is in 32. Also the WebAssembly's reference. */
export class PlainPairwiseEngine implements PairwiseEngine {
  readonly bytes: number;
  readonly #positives: CsrMatrix;
  readonly #factors: number;
  readonly #state: PairwiseState;

  constructor(positives: CsrMatrix, factors: number, state: PairwiseState) {
    this.#positives = positives;
    this.#factors = factors;
    this.#state = structuredClone(state);
    this.bytes = [state.users, state.items].reduce(
      (sum, side) => sum + side.factors.byteLength + side.firstMoment.byteLength + 8 * side.steps.length,
      0,
    );
  }

  cclStep({ users, pool, margin, negativeWeight, userRate, itemRate }: CclStep): number {
    const { items } = this.#state;
    const itemGradients = new Gradients(this.#factors);
    let loss = 0;
    for (const user of users) {
      const own = this.#itemsOf(user);
      const row = this.#row(this.#state.users, user);
      const gradient = new Float64Array(this.#factors);
      const seen = new Set(own);
      const weight = (negativeWeight * own.length) / pool.length;
      for (const item of pool) {
        const other = this.#row(items, item);
        const excess = dot(row, other) - margin;
        if (excess <= 0 || seen.has(item)) continue;
        loss += weight * excess;
        addScaled(gradient, weight, other);
        addScaled(itemGradients.of(item), weight, row);
      }
      for (const item of own) {
        const other = this.#row(items, item);
        loss += 1 - dot(row, other);
        addScaled(gradient, -1, other);
        addScaled(itemGradients.of(item), -1, row);
      }
      this.#updateOnSphere(this.#state.users, user, gradient, userRate, 0);
    }
    for (const [item, gradient] of itemGradients)
      this.#updateOnSphere(items, item, gradient, itemRate, BETA_1);
    return loss;
  }

  bprStep({ users, negatives, candidates, regularization, userRate, itemRate }: BprStep): number {
    const { items } = this.#state;
    const itemGradients = new Gradients(this.#factors);
    let loss = 0;
    let at = 0;
    for (const user of users) {
      const own = this.#itemsOf(user);
      const row = this.#row(this.#state.users, user);
      const gradient = new Float64Array(this.#factors);
      for (const item of own) {
        const other = this.#hardest(row, negatives.subarray(at, at + candidates));
        at += candidates;
        const [liked, not] = [this.#row(items, item), this.#row(items, other)];
        const difference = dot(row, liked) - dot(row, not);
        loss += Math.log1p(Math.exp(-Math.abs(difference))) + Math.max(0, -difference);
        const pull = 1 / (1 + Math.exp(difference));
        addScaled(gradient, -pull, liked);
        addScaled(gradient, pull, not);
        addScaled(gradient, regularization, row);
        addScaled(itemGradients.of(item), -pull, row);
        addScaled(itemGradients.of(item), regularization, liked);
        addScaled(itemGradients.of(other), pull, row);
        addScaled(itemGradients.of(other), regularization, not);
      }
      this.#update(this.#state.users, user, gradient, userRate, BETA_1);
    }
    for (const [item, gradient] of itemGradients) this.#update(items, item, gradient, itemRate, BETA_1);
    return loss;
  }

  read(): PairwiseState {
    for (const { factors } of [this.#state.users, this.#state.items]) checkFinite(factors);
    return structuredClone(this.#state);
  }

  #itemsOf(user: number): Int32Array {
    const { indptr, indices } = this.#positives;
    return indices.subarray(indptr[user], indptr[user + 1]);
  }

  /** A row as it is now, in 64 bits: not a view. */
  #row({ factors }: PairwiseSide, index: number): Float64Array {
    return Float64Array.from(factors.subarray(index * this.#factors, (index + 1) * this.#factors));
  }

  #hardest(row: Float64Array, candidates: Int32Array): number {
    let [best, bestScore] = [-1, -Infinity];
    for (const item of candidates) {
      const score = dot(row, this.#row(this.#state.items, item));
      if (score > bestScore) [best, bestScore] = [item, score];
    }
    return best;
  }

  /** A step along the sphere: the gradient without its part along the row, then the row back to length 1. */
  #updateOnSphere(
    side: PairwiseSide,
    index: number,
    gradient: Float64Array,
    rate: number,
    beta1: number,
  ): void {
    const row = this.#row(side, index);
    addScaled(gradient, -dot(gradient, row), row);
    this.#update(side, index, gradient, rate, beta1);
    const moved = this.#row(side, index);
    const length = Math.sqrt(dot(moved, moved));
    side.factors.set(
      moved.map((value) => value / length),
      index * this.#factors,
    );
  }

  #update(side: PairwiseSide, index: number, gradient: Float64Array, rate: number, beta1: number): void {
    const factors = this.#factors;
    const count = (side.steps[index] ?? 0) + 1;
    side.steps[index] = count;
    const square =
      BETA_2 * (side.secondMoment[index] ?? 0) + ((1 - BETA_2) * dot(gradient, gradient)) / factors;
    side.secondMoment[index] = square;
    const deviation = Math.sqrt(square / (1 - BETA_2 ** count)) + EPSILON;
    const stepLength = rate / (1 - beta1 ** count) / deviation;
    gradient.forEach((value, p) => {
      const at = index * factors + p;
      const moment = beta1 * (side.firstMoment[at] ?? 0) + (1 - beta1) * value;
      side.firstMoment[at] = moment;
      side.factors[at] = (side.factors[at] ?? 0) - stepLength * moment;
    });
  }
}

/** Gradients of the rows that have one. */
class Gradients implements Iterable<[number, Float64Array]> {
  readonly #factors: number;
  readonly #byRow = new Map<number, Float64Array>();

  constructor(factors: number) {
    this.#factors = factors;
  }

  of(row: number): Float64Array {
    const known = this.#byRow.get(row);
    if (known !== undefined) return known;
    const gradient = new Float64Array(this.#factors);
    this.#byRow.set(row, gradient);
    return gradient;
  }

  [Symbol.iterator](): Iterator<[number, Float64Array]> {
    return this.#byRow[Symbol.iterator]();
  }
}

function dot(first: Float64Array, second: Float64Array): number {
  return first.reduce((sum, value, p) => sum + value * (second[p] ?? 0), 0);
}

function addScaled(target: Float64Array, scale: number, source: Float64Array): void {
  source.forEach((value, p) => (target[p] = (target[p] ?? 0) + scale * value));
}
