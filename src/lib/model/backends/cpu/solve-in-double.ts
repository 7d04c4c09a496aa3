import { AppError } from '../../../errors.ts';
import { dotAt } from '../../linear/dense.ts';
import { selectRows } from '../../matrix/csr.ts';
import { rowSolveSteps } from '../plain/row-solve.ts';
import { notPositiveDefinite } from '../shapes.ts';
import { straightenSteps, type Eigenbasis } from './eigenbasis.ts';
import type { Kernels } from './kernels.ts';
import type { OwnRowSystem } from './row-system.ts';
import { paddedWidth } from './shapes.ts';

/**
 * Solves the given rows in 64 bits: those that 32 do not resolve, of `solved` in its
 * eigenbasis. Yields between short steps. Throws
 * `matrix-not-positive-definite`.
 */
export function* solveInDouble(
  kernels: Kernels,
  system: OwnRowSystem,
  { vectors, k }: Eigenbasis,
  rows: readonly number[],
): Generator<void, void> {
  const { observed, fixed, gram, unobservedWeight, ridge, solved } = system;
  yield* straightenSteps(kernels, fixed);
  yield* straightenSteps(kernels, gram);
  // copies: the memory may grow between two steps, and views would then be gone
  const ridges = ridge.values;
  const result = new Float32Array(rows.length * k);
  const plain = {
    observed: selectRows(observed.csr, rows),
    fixed: fixed.values.slice(),
    gram: gram.values.slice(),
    unobservedWeight,
    ridge: Float32Array.from(rows, (row) => ridges[row] ?? 0),
    solved: result,
    k,
  };
  try {
    yield* rowSolveSteps(plain);
  } catch (error) {
    const failure = AppError.from(error);
    if (failure.code !== 'matrix-not-positive-definite') throw failure;
    throw notPositiveDefinite({ row: rows[Number(failure.values['row'])] ?? -1 });
  }
  const turned = solved.turnedValues;
  const width = paddedWidth(k);
  rows.forEach((row, at) => {
    const x = Float64Array.from(result.subarray(at * k, (at + 1) * k));
    for (let p = 0; p < k; p++) turned[row * width + p] = dotAt(x, vectors, p * k);
  });
}
