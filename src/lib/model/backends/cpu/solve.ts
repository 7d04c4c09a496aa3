import { AppError } from '../../../errors.ts';
import { selectRows } from '../../matrix/csr.ts';
import { rowSolveSteps } from '../plain/row-solve.ts';
import { notPositiveDefinite } from '../shapes.ts';
import type { CpuMatrix, CpuSparse } from './matrix.ts';

/** A RowSystem in the memory of the kernels. */
export interface OwnRowSystem {
  readonly observed: CpuSparse;
  readonly fixed: CpuMatrix;
  readonly gram: CpuMatrix;
  readonly unobservedWeight: number;
  readonly ridge: CpuMatrix;
  readonly solved: CpuMatrix;
}

/**
 * Solves the given rows in 64 bits: those that 32 do not resolve. Yields between short steps. Throws
 * `matrix-not-positive-definite`.
 */
export function* solveInDouble(system: OwnRowSystem, rows: readonly number[]): Generator<void, void> {
  if (rows.length === 0) return;
  const { observed, fixed, gram, unobservedWeight, ridge, solved } = system;
  const k = fixed.columns;
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
  const target = solved.values;
  rows.forEach((row, at) => target.set(result.subarray(at * k, (at + 1) * k), row * k));
}
