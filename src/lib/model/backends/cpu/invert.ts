import { AppError } from '../../../errors.ts';
import { invertSteps } from '../plain/invert.ts';
import { notPositiveDefinite } from '../shapes.ts';
import type { Kernels } from './kernels.ts';
import { Scratch } from './memory.ts';
import { paddedWidth, WORD_BYTES, WORK_PER_STEP } from './shapes.ts';

/** Pivots swept at once, as in assembly/sweep.ts: a pass over the matrix then pays for 64 products a number. */
const PIVOTS = 64;
/** Columns of a strip there. */
const STRIP = 8;

/**
 * The inverse of a symmetric positive definite n × n matrix, in its place (see assembly/sweep.ts): n³/2 multiply-adds
 * in 32 bits, blocks of pivots in 64. Besides the matrix it takes 768 n bytes. Yields between short steps. Throws
 * `matrix-not-positive-definite` where a pivot is not above 0.
 */
export function* sweepSteps(kernels: Kernels, address: number, n: number): Generator<void, void> {
  const { memory } = kernels;
  const scratch = new Scratch(memory);
  try {
    const panelBytes = (n + STRIP) * PIVOTS * WORD_BYTES;
    const [panel, left, right] = [
      scratch.allocate(panelBytes),
      scratch.allocate(panelBytes),
      scratch.allocate(panelBytes),
    ] as const;
    const pivots = scratch.allocate(PIVOTS * PIVOTS * WORD_BYTES);
    const rowsPerStep = Math.max(1, Math.floor((2 * WORK_PER_STEP) / (n * PIVOTS)));
    for (let p = 0; p < n; p += PIVOTS) {
      const count = Math.min(PIVOTS, n - p);
      const inverse = yield* inverseOfPivots(kernels, address, n, p, count);
      memory.floats(pivots, PIVOTS * PIVOTS).fill(0);
      for (let q = 0; q < count; q++) {
        const row = memory.floats(pivots + q * PIVOTS * WORD_BYTES, count);
        row.set(inverse.subarray(q * count, (q + 1) * count));
      }
      kernels.sweepPanel(address, n, p, count, panel);
      yield;
      const rowBytes = PIVOTS * WORD_BYTES;
      memory.floats(left, n * PIVOTS).fill(0);
      kernels.product(left, rowBytes, panel, rowBytes, n, count, pivots, rowBytes, paddedWidth(count));
      yield;
      kernels.sweepPack(panel, n, right);
      yield;
      for (let row = 0; row < n; row += rowsPerStep) {
        kernels.sweepRows(address, n, row, Math.min(n, row + rowsPerStep), left, right);
        yield;
      }
      kernels.sweepStore(address, n, p, count, left);
      for (let q = 0; q < count; q++) {
        const row = memory.floats(address + ((p + q) * n + p) * WORD_BYTES, count);
        for (let other = 0; other < count; other++) row[other] = -(inverse[q * count + other] ?? 0);
      }
      yield;
    }
    for (let row = 0; row < n; row += PIVOTS) {
      kernels.sweepFinish(address, n, row, Math.min(n, row + PIVOTS));
      yield;
    }
  } finally {
    scratch.release();
  }
}

/** A_PP⁻¹, count × count in 64 bits. */
function* inverseOfPivots(
  { memory }: Kernels,
  address: number,
  n: number,
  p: number,
  count: number,
): Generator<void, Float64Array> {
  const block = new Float32Array(count * count);
  for (let q = 0; q < count; q++) {
    // only the lower triangle counts
    block.set(memory.floats(address + ((p + q) * n + p) * WORD_BYTES, q + 1), q * count);
  }
  try {
    return yield* invertSteps(block, count);
  } catch (error) {
    const failure = AppError.from(error);
    if (failure.code !== 'matrix-not-positive-definite') throw failure;
    throw notPositiveDefinite({ row: p + Number(failure.values['row']) });
  }
}
