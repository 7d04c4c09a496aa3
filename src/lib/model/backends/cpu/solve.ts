import { AppError } from '../../../errors.ts';
import { selectRows } from '../../matrix/csr.ts';
import { rowSolveSteps } from '../plain/row-solve.ts';
import { notPositiveDefinite } from '../shapes.ts';
import { runInSlices } from '../slices.ts';
import type { Crew } from './crew.ts';
import { eigenbasisSteps, rotateSteps, writeBasis } from './eigenbasis.ts';
import type { Kernels } from './kernels.ts';
import type { CpuMatrix, CpuSparse } from './matrix.ts';
import { Scratch } from './memory.ts';
import { partition } from './partition.ts';
import { rowSystemSteps, rowWork } from './row-systems.ts';
import { paddedWidth, WORD_BYTES } from './shapes.ts';

/** A RowSystem in the memory of the kernels. */
export interface OwnRowSystem {
  readonly observed: CpuSparse;
  readonly fixed: CpuMatrix;
  readonly gram: CpuMatrix;
  readonly unobservedWeight: number;
  readonly ridge: CpuMatrix;
  readonly solved: CpuMatrix;
}

/** One half-iteration (see Backend.solveRows), shared with the helpers where it is worth it. */
export async function solveRows(
  kernels: Kernels,
  crew: Crew,
  system: OwnRowSystem,
  signal: AbortSignal | undefined,
): Promise<void> {
  const unresolved = await solveInSingle(kernels, crew, system, signal);
  await runInSlices(solveInDouble(system, unresolved), signal);
}

async function solveInSingle(
  kernels: Kernels,
  crew: Crew,
  system: OwnRowSystem,
  signal: AbortSignal | undefined,
): Promise<readonly number[]> {
  const { memory } = kernels;
  const { observed, fixed, ridge, solved, unobservedWeight } = system;
  const k = fixed.columns;
  const scratch = new Scratch(memory);
  try {
    const basis = await runInSlices(eigenbasisSteps(system.gram.values, k), signal, 1);
    const rotatedLength = fixed.rows * paddedWidth(k);
    const rotated = scratch.allocate(rotatedLength * WORD_BYTES);
    const forth = writeBasis(basis, false, kernels, scratch);
    await runInSlices(rotateSteps(kernels, rotated, fixed.address, fixed.rows, k, forth), signal, 1);
    const job = {
      observed: observed.addresses,
      k,
      rotated,
      spectrum: basis.values.map((value) => unobservedWeight * value),
      back: writeBasis(basis, true, kernels, scratch),
      ridge: ridge.address,
      solved: solved.address,
    };
    const own = (first: number, last: number, stop?: AbortSignal): Promise<number[]> =>
      runInSlices(rowSystemSteps(kernels, { ...job, first, last }), stop, 1);

    const starts = observed.csr.indptr;
    const workOf = (row: number): number => rowWork((starts[row + 1] ?? 0) - (starts[row] ?? 0), k);
    const helpers = await crew.for(totalWork(observed.rows, workOf));
    if (helpers === null) return await own(0, observed.rows, signal);

    const cut = () => partition(observed.rows, helpers.count + 1, workOf);
    const [mine] = await helpers.keep(observed, k, cut);
    const [ownRows, parts] = await crew.together(
      (stop) => own(mine?.first ?? 0, mine?.last ?? 0, stop),
      (stop) =>
        helpers.solve(
          observed,
          ({ first, last }) => ({
            rotated: memory.floats(rotated, rotatedLength).slice(),
            basis,
            unobservedWeight,
            ridge: ridge.values.slice(first, last),
          }),
          stop,
        ),
      signal,
    );
    const target = solved.values;
    for (const { range, result } of parts) target.set(result.solved, range.first * k);
    return [
      ...ownRows,
      ...parts.flatMap(({ range, result }) => result.unresolved.map((row) => range.first + row)),
    ];
  } finally {
    scratch.release();
  }
}

function totalWork(rows: number, workOf: (row: number) => number): number {
  let total = 0;
  for (let row = 0; row < rows; row++) total += workOf(row);
  return total;
}

/**
 * Solves the given rows in 64 bits: those that 32 do not resolve. Yields between short steps. Throws
 * `matrix-not-positive-definite`.
 */
function* solveInDouble(system: OwnRowSystem, rows: readonly number[]): Generator<void, void> {
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
