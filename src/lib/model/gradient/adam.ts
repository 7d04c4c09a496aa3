/** Adam's constants (Kingma & Ba 2015), as tfjs-core has them for 32-bit floats, so that both engines agree. */
export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const;

/** First and second moments of a matrix, row-major as the matrix. */
export interface AdamMoments {
  readonly first: Float32Array<ArrayBuffer>;
  readonly second: Float32Array<ArrayBuffer>;
}

/**
 * One Adam step, in place: m ← β1 m + (1 − β1) g, v ← β2 v + (1 − β2) g², and
 * p ← p − learningRate · (m / (1 − β1ᵗ)) / (√(v / (1 − β2ᵗ)) + ε). `step` is t, 1-based. All arrays have the
 * gradient's length.
 */
export function adamStep(
  parameters: Float32Array,
  gradient: Float64Array,
  { first, second }: AdamMoments,
  step: number,
  learningRate: number,
): void {
  const correction1 = 1 - ADAM.beta1 ** step;
  const correction2 = 1 - ADAM.beta2 ** step;
  for (let index = 0; index < gradient.length; index++) {
    const g = gradient[index] ?? 0;
    const m = ADAM.beta1 * (first[index] ?? 0) + (1 - ADAM.beta1) * g;
    const v = ADAM.beta2 * (second[index] ?? 0) + (1 - ADAM.beta2) * g * g;
    first[index] = m;
    second[index] = v;
    parameters[index] =
      (parameters[index] ?? 0) -
      (learningRate * (m / correction1)) / (Math.sqrt(v / correction2) + ADAM.epsilon);
  }
}
