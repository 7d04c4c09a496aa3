const LANES_OF_VECTOR = 4;
const CHAINS = 8;

/**
 * What `multiply_add` writes: for each number s of `source`, its vector's chains a_c, c = 0 … 7, begin at s + c, take
 * `steps` times a ← a · (source₀ + ½) + (source₁ + 1), source₀ and source₁ being the first two vectors, and are
 * added up.
 */
export function multiplyAddReference(source: Float32Array, steps: number): Float64Array {
  return Float64Array.from(source, (start, at) => {
    const lane = at % LANES_OF_VECTOR;
    const factor = (source[lane] ?? 0) + 0.5;
    const summand = (source[LANES_OF_VECTOR + lane] ?? 0) + 1;
    let sum = 0;
    for (let chain = 0; chain < CHAINS; chain++) {
      let value = start + chain;
      for (let step = 0; step < steps; step++) value = value * factor + summand;
      sum += value;
    }
    return sum;
  });
}
