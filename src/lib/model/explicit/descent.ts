import { copyOfFactors, type PointFactors } from './point-factors.ts';

/** Step lengths γ and regularizations λ of one pass; per rating, so a row's pull grows with its ratings. */
export interface DescentRates {
  readonly biasRate: number;
  readonly rate: number;
  readonly biasRegularization: number;
  readonly regularization: number;
  readonly impliedRegularization: number;
}

/** A pass's ratings, each user's in the order to visit them. */
export interface DescentRatings {
  readonly starts: Int32Array;
  readonly items: Int32Array;
  readonly ratings: Float32Array;
}

/** Does stochastic gradient descent on factors it keeps. */
export interface Descent {
  setRates(rates: DescentRates): void;
  /** Visits these users. Returns the sum of squared errors, each as it was met before its step. */
  visit(users: Int32Array): number;
  /** A copy. */
  factors(): PointFactors;
}

/** The same steps in plain loops: where there is no WebAssembly SIMD. The algebra is in assembly/descend.ts. */
export class PlainDescent implements Descent {
  readonly #data: DescentRatings;
  readonly #factors: PointFactors;
  readonly #width: number;
  #rates: DescentRates | null = null;

  /** Takes the factors over: they are changed. */
  constructor(data: DescentRatings, factors: PointFactors, width: number) {
    this.#data = data;
    this.#factors = factors;
    this.#width = width;
  }

  setRates(rates: DescentRates): void {
    this.#rates = rates;
  }

  visit(users: Int32Array): number {
    const rates = this.#rates;
    if (rates === null) return 0;
    let total = 0;
    for (const user of users) total += this.#visitUser(user, rates);
    return total;
  }

  factors(): PointFactors {
    return copyOfFactors(this.#factors);
  }

  #visitUser(user: number, rates: DescentRates): number {
    const { starts, items, ratings } = this.#data;
    const { mean, userBiases, itemBiases, userFactors, itemFactors, impliedFactors } = this.#factors;
    const width = this.#width;
    const { rate, biasRate, biasRegularization } = rates;
    const keep = 1 - rate * rates.regularization;
    const shrink = impliedFactors === null ? 1 : 1 - rate * rates.impliedRegularization;
    const gain = impliedFactors === null ? 0 : rate;
    const [begin, end] = [starts[user] ?? 0, starts[user + 1] ?? 0];
    const p = user * width;
    const norm = end === begin ? 0 : 1 / Math.sqrt(end - begin);
    const z = new Float64Array(width);
    if (impliedFactors !== null) {
      for (let entry = begin; entry < end; entry++) {
        const y = (items[entry] ?? 0) * width;
        for (let m = 0; m < width; m++) z[m] = (z[m] ?? 0) + norm * (impliedFactors[y + m] ?? 0);
      }
    }
    const before = z.slice();
    let total = 0;
    for (let entry = begin; entry < end; entry++) {
      const item = items[entry] ?? 0;
      const q = item * width;
      let error = (ratings[entry] ?? 0) - (mean + (userBiases[user] ?? 0) + (itemBiases[item] ?? 0));
      for (let m = 0; m < width; m++) {
        error -= ((userFactors[p + m] ?? 0) + (z[m] ?? 0)) * (itemFactors[q + m] ?? 0);
      }
      total += error * error;
      userBiases[user] =
        (userBiases[user] ?? 0) + biasRate * (error - biasRegularization * (userBiases[user] ?? 0));
      itemBiases[item] =
        (itemBiases[item] ?? 0) + biasRate * (error - biasRegularization * (itemBiases[item] ?? 0));
      for (let m = 0; m < width; m++) {
        const [pm, qm, zm] = [userFactors[p + m] ?? 0, itemFactors[q + m] ?? 0, z[m] ?? 0];
        userFactors[p + m] = keep * pm + rate * error * qm;
        itemFactors[q + m] = keep * qm + rate * error * (pm + zm);
        z[m] = shrink * zm + gain * error * qm;
      }
    }
    if (impliedFactors === null) return total;
    const decay = shrink ** (end - begin);
    for (let entry = begin; entry < end; entry++) {
      const y = (items[entry] ?? 0) * width;
      for (let m = 0; m < width; m++) {
        const gained = (z[m] ?? 0) - decay * (before[m] ?? 0);
        impliedFactors[y + m] = decay * (impliedFactors[y + m] ?? 0) + norm * gained;
      }
    }
    return total;
  }
}
