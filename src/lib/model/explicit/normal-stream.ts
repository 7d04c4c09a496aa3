import { Random } from '../matrix/random.ts';

/**
 * Random numbers for samplers, which draw millions: xoshiro128** (Blackman and Vigna, 2018) on 32-bit whole numbers,
 * its state taken from `Random`, and normals by Marsaglia's polar method, two at a time. The same seed gives the
 * same numbers on every machine.
 */
export class NormalStream {
  #a: number;
  #b: number;
  #c: number;
  #d: number;
  #spare = Number.NaN;

  /** `seed`: a 32-bit whole number. */
  constructor(seed: number) {
    const random = new Random(seed);
    // odd: the state must not be 0
    [this.#a, this.#b, this.#c, this.#d] = [
      random.below(2 ** 32) | 1,
      random.below(2 ** 32) | 0,
      random.below(2 ** 32) | 0,
      random.below(2 ** 32) | 0,
    ];
  }

  /** Uniform in [0, 1), 32 bits. */
  uniform(): number {
    const times5 = Math.imul(this.#b, 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9);
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return (result >>> 0) / 4_294_967_296;
  }

  /** Standard normal. */
  normal(): number {
    const spare = this.#spare;
    if (!Number.isNaN(spare)) {
      this.#spare = Number.NaN;
      return spare;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spare = y * scale;
      return x * scale;
    }
  }

  /** Gamma of this shape (at least 1) and rate (Marsaglia and Tsang, 2000). */
  gamma(shape: number, rate: number): number {
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const v = (1 + c * x) ** 3;
      if (v <= 0) continue;
      const logU = Math.log(1 - this.uniform());
      if (logU < 0.5 * x * x + d - d * v + d * Math.log(v)) return (d * v) / rate;
    }
  }
}
