/** Weighted sums of labels, as plain values. */
export interface TallyState {
  readonly sums: Float64Array<ArrayBuffer>;
  readonly weights: Float64Array<ArrayBuffer>;
}

/** Pairs that a mean is pulled to the mean above it by: as if so many more had been average. */
const SMOOTHING = 5;

/** Weighted sums of labels in slots, and their smoothed means. */
export class Tally {
  readonly #sums: Float64Array<ArrayBuffer>;
  readonly #weights: Float64Array<ArrayBuffer>;

  private constructor({ sums, weights }: TallyState) {
    this.#sums = sums;
    this.#weights = weights;
  }

  static empty(slots: number): Tally {
    return new Tally({ sums: new Float64Array(slots), weights: new Float64Array(slots) });
  }

  /** The arrays are kept, not copied. */
  static fromState(state: TallyState): Tally {
    return new Tally(state);
  }

  toState(): TallyState {
    return { sums: this.#sums, weights: this.#weights };
  }

  get slots(): number {
    return this.#sums.length;
  }

  add(slot: number, label: number, weight: number): void {
    this.#sums[slot] = (this.#sums[slot] ?? 0) + weight * label;
    this.#weights[slot] = (this.#weights[slot] ?? 0) + weight;
  }

  weight(slot: number): number {
    return this.#weights[slot] ?? 0;
  }

  /** Smoothed towards `prior`, without one label where that is not null. */
  mean(slot: number, prior: number, without: number | null, weight: number): number {
    const sum = (this.#sums[slot] ?? 0) - (without === null ? 0 : weight * without);
    const total = (this.#weights[slot] ?? 0) - (without === null ? 0 : weight);
    return (sum + SMOOTHING * prior) / (total + SMOOTHING);
  }

  /** A copy with `slots` slots, each part in place of what was from its first slot on. */
  with(parts: Iterable<readonly [first: number, part: Tally]>, slots: number): Tally {
    const grown = Tally.empty(slots);
    grown.#sums.set(this.#sums);
    grown.#weights.set(this.#weights);
    for (const [first, part] of parts) {
      grown.#sums.set(part.#sums, first);
      grown.#weights.set(part.#weights, first);
    }
    return grown;
  }

  /** A copy of the slots from `begin` to `end`. */
  slice(begin: number, end: number): Tally {
    return new Tally({ sums: this.#sums.slice(begin, end), weights: this.#weights.slice(begin, end) });
  }
}
