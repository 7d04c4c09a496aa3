import { ADAM, type AdamMoments } from '../adam.ts';
import type { BatchRows } from './batch-rows.ts';

/**
 * Adam that touches only the rows of a batch (Kingma & Ba 2015; "lazy" as TensorFlow Addons' LazyAdam: moments and
 * values of all other rows stay as they are, where dense Adam would let them decay and drift).
 *
 * Steps are counted by row, not for the whole table as LazyAdam does: t is how often *this* row had a gradient, so
 * that every row has exactly the course that Adam would give it alone. With a common count a row that is first met
 * late gets no bias correction, and its first step is (1 − β1)/√(1 − β2) ≈ 3.2 learning rates long instead of one.
 */
export interface LazyAdamState {
  /** rows × columns. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly moments: AdamMoments;
  /** How often each row was stepped. */
  readonly steps: Int32Array<ArrayBuffer>;
}

/** Counts one more step of the batch's rows, and gives 1 − β1ᵗ and 1 − β2ᵗ of each group, in pairs. */
export function countSteps(steps: Int32Array, { rows, count }: BatchRows): Float32Array<ArrayBuffer> {
  const corrections = new Float32Array(2 * rows.length).fill(1);
  for (let group = 0; group < count; group++) {
    const row = rows[group] ?? 0;
    const step = (steps[row] ?? 0) + 1;
    steps[row] = step;
    corrections[2 * group] = 1 - ADAM.beta1 ** step;
    corrections[2 * group + 1] = 1 - ADAM.beta2 ** step;
  }
  return corrections;
}

/**
 * One step of the batch's rows, in place and in plain loops: the engine without a GPU, and the reference of the one
 * with. `gradient` is row-sparse, groups × columns as of `sumRowsReference`.
 */
export function lazyAdamStep(
  { values, moments: { first, second }, steps }: LazyAdamState,
  columns: number,
  batch: BatchRows,
  gradient: ArrayLike<number>,
  learningRate: number,
): void {
  const corrections = countSteps(steps, batch);
  for (let group = 0; group < batch.count; group++) {
    const base = (batch.rows[group] ?? 0) * columns;
    const correction1 = corrections[2 * group] ?? 1;
    const correction2 = corrections[2 * group + 1] ?? 1;
    for (let f = 0; f < columns; f++) {
      const at = base + f;
      const g = gradient[group * columns + f] ?? 0;
      const m = ADAM.beta1 * (first[at] ?? 0) + (1 - ADAM.beta1) * g;
      const v = ADAM.beta2 * (second[at] ?? 0) + (1 - ADAM.beta2) * g * g;
      first[at] = m;
      second[at] = v;
      values[at] =
        (values[at] ?? 0) - (learningRate * (m / correction1)) / (Math.sqrt(v / correction2) + ADAM.epsilon);
    }
  }
}
