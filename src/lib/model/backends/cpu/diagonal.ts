/** The widest that D's diagonal may spread: Ỹ carries 2⁻²⁴ of the longest direction's length, the engines agree within 1e-4. */
const WIDEST_SPREAD = 1e5;

/** The diagonals D = spectrum + ridge of rows in an eigenbasis. */
export class Diagonals {
  readonly #least: number;
  readonly #most: number;

  constructor(spectrum: Float64Array) {
    this.#least = spectrum.reduce((least, value) => Math.min(least, value), Infinity);
    this.#most = spectrum.reduce((most, value) => Math.max(most, value), -Infinity);
  }

  /** True where 32 bits do for a row of this ridge. */
  areNarrow(ridge: number): boolean {
    const spread = (this.#most + ridge) / (this.#least + ridge);
    return spread > 0 && spread < WIDEST_SPREAD;
  }
}
