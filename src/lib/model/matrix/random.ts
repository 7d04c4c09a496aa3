import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';

/** A seeded stream of random numbers: the same seed gives the same numbers on every machine. */
export class Random {
  readonly #generator;

  /** `seed`: a 32-bit whole number. */
  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
    // the first numbers of small seeds are near 1, all of them: begin 2⁶⁴ numbers later
    this.#generator.jump();
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return uniformFloat64(this.#generator);
  }

  /** Uniform whole number in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /** Puts the values in random order, in place (Fisher–Yates). */
  shuffle<Value>(values: Value[]): Value[] {
    for (let last = values.length - 1; last > 0; last--) {
      const other = this.below(last + 1);
      [values[last], values[other]] = [values[other] as Value, values[last] as Value];
    }
    return values;
  }

  /** Standard normal (Box–Muller, one value a call). */
  normal(): number {
    // 1 - u is in (0, 1]: its logarithm is finite
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }
}

/** Row-major rows × columns values of standard deviation `scale`. */
export function normalMatrix(
  rows: number,
  columns: number,
  scale: number,
  seed: number,
): Float32Array<ArrayBuffer> {
  const random = new Random(seed);
  const values = new Float32Array(rows * columns);
  for (let index = 0; index < values.length; index++) values[index] = scale * random.normal();
  return values;
}
