import { runInSlices } from '../slices.ts';
import type { Crew } from './crew.ts';
import { eigenbasisSteps, turnSteps, type Eigenbasis } from './eigenbasis.ts';
import { improveRows } from './improve.ts';
import type { Kernels } from './kernels.ts';
import { Scratch } from './memory.ts';
import { partition, totalWork } from './partition.ts';
import type { OwnRowSystem } from './row-system.ts';
import { rowSystemSteps, rowWork, type RowsSolved } from './row-systems.ts';
import { paddedWidth, WORD_BYTES } from './shapes.ts';
import { solveInDouble } from './solve-in-double.ts';

/**
 * One half-iteration (see Backend.solveRows), shared with the helpers where it is worth it. Both matrices of factors
 * stand in an eigenbasis afterwards.
 */
export async function solveRows(
  kernels: Kernels,
  crew: Crew,
  system: OwnRowSystem,
  signal: AbortSignal | undefined,
): Promise<number | null> {
  if (system.cgSteps > 0) return improveRows(kernels, crew, system, signal);
  const basis = await runInSlices(eigenbasisSteps(system.gram), signal, 1);
  const { unresolved, objective } = await solveInSingle(kernels, crew, system, basis, signal);
  if (unresolved.length === 0) return objective;
  await runInSlices(solveInDouble(kernels, system, basis, unresolved), signal);
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
  const { observed, fixed, ridge, solved, unobservedWeight } = system;
  const { k } = basis;
  const width = paddedWidth(k);
  const scratch = new Scratch(memory);
  try {
    const rotated = await runInSlices(turnSteps(kernels, fixed, basis), signal, 1);
    const target = scratch.allocate(observed.rows * width * WORD_BYTES);
    const job = {
      observed: observed.addresses,
      k,
      rotated,
      spectrum: basis.values.map((value) => unobservedWeight * value),
      ridge: ridge.address,
      solved: target,
    };
    const own = (first: number, last: number, stop?: AbortSignal): Promise<RowsSolved> =>
      runInSlices(rowSystemSteps(kernels, { ...job, first, last }), stop, 1);
    const finish = (): void => {
      solved.replaceByTurned({ address: target, basis });
      scratch.keep(target);
    };

    const starts = observed.csr.indptr;
    const workOf = (row: number): number => rowWork((starts[row + 1] ?? 0) - (starts[row] ?? 0), k);
    const helpers = await crew.for(totalWork(observed.rows, workOf));
    if (helpers === null) {
      const result = await own(0, observed.rows, signal);
      finish();
      return result;
    }

    const cut = () => partition(observed.rows, helpers.count + 1, workOf);
    const [mine] = await helpers.keep(observed, `${k}/exact`, cut);
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
