import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

type Generator = ReturnType<typeof xoroshiro128plus>;

/**
 * Seeded random numbers with the distributions that the simulator needs. Streams of one seed do not overlap
 * (each is 2^64 draws away from the one before), so that drawing more in one part changes nothing in another.
 */
export class Random {
  readonly #generator: Generator;

  constructor(seed: number, stream = 0) {
    this.#generator = xoroshiro128plus(seed);
    for (let jump = 0; jump < stream; jump++) this.#generator.jump();
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return uniformFloat64(this.#generator);
  }

  /** Whole, uniform from `min` to `max`, both included. */
  whole(min: number, max: number): number {
    return uniformInt(this.#generator, min, max);
  }

  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** Standard normal, by Box and Muller (1958). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Gamma(shape, 1) by Marsaglia and Tsang (2000); a shape below 1 through shape + 1 and a power. */
  gamma(shape: number): number {
    if (shape < 1) return this.gamma(shape + 1) * (1 - this.uniform()) ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - this.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  }

  /** Symmetric Dirichlet: `size` weights that sum to 1, by normalised gammas. */
  dirichlet(size: number, concentration: number): readonly number[] {
    const draws = Array.from({ length: size }, () => this.gamma(concentration));
    const sum = draws.reduce((total, draw) => total + draw, 0);
    return draws.map((draw) => draw / sum);
  }

  /** One of the values, each as likely as the others. Needs at least one. */
  pick<Value>(values: readonly Value[]): Value {
    const value = values[this.whole(0, values.length - 1)];
    if (value === undefined) throw new RangeError('Nothing to pick from.');
    return value;
  }

  /** A shuffled copy, by Fisher and Yates. */
  shuffled<Value>(values: readonly Value[]): Value[] {
    const order = [...values];
    for (let last = order.length - 1; last > 0; last--) {
      const other = this.whole(0, last);
      const moved = order[last] as Value;
      order[last] = order[other] as Value;
      order[other] = moved;
    }
    return order;
  }
}

/** Draws positions in proportion to fixed weights of at least 0, in O(log n). */
export class WeightedDraw {
  readonly #cumulative: Float64Array;

  constructor(weights: readonly number[]) {
    this.#cumulative = new Float64Array(weights.length);
    let sum = 0;
    weights.forEach((weight, position) => {
      sum += weight;
      this.#cumulative[position] = sum;
    });
    if (!(sum > 0)) throw new RangeError('The weights sum to nothing.');
  }

  draw(random: Random): number {
    const total = this.#cumulative.at(-1) ?? 0;
    const target = random.uniform() * total;
    let low = 0;
    let high = this.#cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#cumulative[middle] ?? 0) > target) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** The logistic function: log-odds to a probability. */
export function sigmoid(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}
