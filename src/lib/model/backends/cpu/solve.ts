import { AppError } from '../../../errors.ts';
import { dotAt } from '../../linear/dense.ts';
import { selectRows } from '../../matrix/csr.ts';
import { rowSolveSteps } from '../plain/row-solve.ts';
import { notPositiveDefinite } from '../shapes.ts';
import { runInSlices } from '../slices.ts';
import type { Crew } from './crew.ts';
import {
  eigenbasisSteps,
  passageSteps,
  straightenSteps,
  turnSteps,
  writeSquare,
  type Eigenbasis,
  type Passage,
} from './eigenbasis.ts';
import type { Kernels } from './kernels.ts';
import type { CpuMatrix, CpuSparse } from './matrix.ts';
import { Scratch } from './memory.ts';
import { partition } from './partition.ts';
import { rowSystemSteps, rowWork, type RowsSolved } from './row-systems.ts';
import { paddedWidth, WORD_BYTES } from './shapes.ts';

/** A RowSystem in the memory of the kernels. */
export interface OwnRowSystem {
  readonly observed: CpuSparse;
  readonly fixed: CpuMatrix;
  readonly gram: CpuMatrix;
  readonly unobservedWeight: number;
  readonly ridge: CpuMatrix;
  readonly solved: CpuMatrix;
  /** 0 solves exactly. */
  readonly cgSteps: number;
}

/**
 * One half-iteration (see Backend.solveRows), shared with the helpers where it is worth it. Both matrices of factors
 * stand in the eigenbasis afterwards.
 */
export async function solveRows(
  kernels: Kernels,
  crew: Crew,
  system: OwnRowSystem,
  signal: AbortSignal | undefined,
): Promise<number | null> {
  const basis = await runInSlices(eigenbasisSteps(system.gram.values, system.fixed.columns), signal, 1);
  const { unresolved, objective } = await solveInSingle(kernels, crew, system, basis, signal);
  if (unresolved.length === 0) return objective;
  await runInSlices(straightenSteps(kernels, system.fixed), signal, 1);
  await runInSlices(solveInDouble(system, basis, unresolved), signal);
  return null;
}

async function solveInSingle(
  kernels: Kernels,
  crew: Crew,
  system: OwnRowSystem,
  basis: Eigenbasis,
  signal: AbortSignal | undefined,
): Promise<RowsSolved> {
  const { memory } = kernels;
  const { observed, fixed, ridge, solved, unobservedWeight, cgSteps } = system;
  const { k } = basis;
  const width = paddedWidth(k);
  const scratch = new Scratch(memory);
  try {
    const rotated = await runInSlices(turnSteps(kernels, fixed, basis), signal, 1);
    const target = scratch.allocate(observed.rows * width * WORD_BYTES);
    const passage = cgSteps === 0 ? null : await runInSlices(passageSteps(solved, basis), signal, 1);
    const job = {
      observed: observed.addresses,
      k,
      rotated,
      spectrum: basis.values.map((value) => unobservedWeight * value),
      ridge: ridge.address,
      solved: target,
      cgSteps,
      start:
        passage === null
          ? null
          : { ...passage, transform: writeSquare(passage.transform, k, kernels, scratch) },
    };
    const own = (first: number, last: number, stop?: AbortSignal): Promise<RowsSolved> =>
      runInSlices(rowSystemSteps(kernels, { ...job, first, last }), stop, 1);
    const finish = (): void => {
      solved.replaceByTurned({ address: target, basis });
      scratch.keep(target);
    };

    const starts = observed.csr.indptr;
    const workOf = (row: number): number => rowWork((starts[row + 1] ?? 0) - (starts[row] ?? 0), k, cgSteps);
    const helpers = await crew.for(totalWork(observed.rows, workOf));
    if (helpers === null) {
      const result = await own(0, observed.rows, signal);
      finish();
      return result;
    }

    const cut = () => partition(observed.rows, helpers.count + 1, workOf);
    const [mine] = await helpers.keep(observed, `${k}/${cgSteps}`, cut);
    const copy = (address: number, floats: number) => memory.floats(address, floats).slice();
    const [ownPart, parts] = await crew.together(
      (stop) => own(mine?.first ?? 0, mine?.last ?? 0, stop),
      (stop) =>
        helpers.solve(
          observed,
          ({ first, last }) => ({
            k,
            rotated: copy(rotated, fixed.rows * width),
            spectrum: job.spectrum,
            ridge: copy(ridge.address + first * WORD_BYTES, last - first),
            cgSteps,
            start: passage === null ? null : partOf(passage, first, last, copy),
          }),
          stop,
        ),
      signal,
    );
    for (const { range, result } of parts) {
      memory.floats(target + range.first * width * WORD_BYTES, result.solved.length).set(result.solved);
    }
    finish();
    return {
      unresolved: [
        ...ownPart.unresolved,
        ...parts.flatMap(({ range, result }) => result.unresolved.map((row) => range.first + row)),
      ],
      objective: parts.reduce((sum, { result }) => sum + result.objective, ownPart.objective),
    };
  } finally {
    scratch.release();
  }
}

function partOf(
  { address, rowFloats, transform }: Passage,
  first: number,
  last: number,
  copy: (address: number, floats: number) => Float32Array<ArrayBuffer>,
) {
  const rows = copy(address + first * rowFloats * WORD_BYTES, (last - first) * rowFloats);
  return { rows, rowFloats, transform };
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
function* solveInDouble(
  system: OwnRowSystem,
  { vectors, k }: Eigenbasis,
  rows: readonly number[],
): Generator<void, void> {
  const { observed, fixed, gram, unobservedWeight, ridge, solved } = system;
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
