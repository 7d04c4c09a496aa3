import { runInSlices } from '../slices.ts';
import type { Crew } from './crew.ts';
import { diagonalGram, eigenbasisSteps, turnSteps, writeSquare } from './eigenbasis.ts';
import type { Kernels } from './kernels.ts';
import type { BasisGram } from './matrix.ts';
import { Scratch } from './memory.ts';
import { partition, totalWork, type Range } from './partition.ts';
import { chunkRowsOf, rowStepsSteps, stepsWork, type RowsImproved } from './row-steps.ts';
import type { OwnRowSystem } from './row-system.ts';
import { paddedWidth, WORD_BYTES } from './shapes.ts';
import { solveInDouble } from './solve-in-double.ts';

/**
 * One half-iteration by steps of conjugate gradients (see Backend.solveRows and docs/adr/0010), shared with the helpers
 * where it is worth it. Both matrices of factors stand in one basis afterwards, and the Gram matrix of the improved one
 * is known.
 */
export async function improveRows(
  kernels: Kernels,
  crew: Crew,
  system: OwnRowSystem,
  signal: AbortSignal | undefined,
): Promise<number | null> {
  const { solved, unobservedWeight } = system;
  const gram = await runInSlices(commonBasisSteps(kernels, system), signal, 1);
  solved.leaveStraight();
  const { unresolved, objective, grams } = await takeSteps(kernels, crew, system, gram, signal);
  if (unresolved.length > 0) {
    await runInSlices(solveInDouble(kernels, system, gram.basis, unresolved), signal);
    return null;
  }
  const own = { basis: gram.basis, values: sumOf(grams, gram.values.length) };
  solved.addKnownGram(own);
  // Σ xᵀGx over all rows, without visiting them again
  let unobserved = 0;
  for (let at = 0; at < own.values.length; at++) unobserved += (gram.values[at] ?? 0) * (own.values[at] ?? 0);
  return objective + unobservedWeight * unobserved;
}

/**
 * Takes both matrices to one basis in which G is diagonal, or nearly. With D the diagonal of α0G + ridge I and E what
 * is left, a step lowers the objective as long as no eigenvalue of D^-½ E D^-½ reaches 1, of which its Frobenius norm is
 * a bound. So the basis of an earlier half-iteration is kept while that is small, and for more steps than usual, which
 * are to come nearer to the solution, smaller still. Resolves to G in the basis.
 */
function* commonBasisSteps(
  kernels: Kernels,
  { fixed, solved, gram, ridge, unobservedWeight, cgSteps }: OwnRowSystem,
): Generator<void, BasisGram> {
  const { inBasis } = gram;
  if (inBasis !== null && fixed.turned?.basis === inBasis.basis && solved.turned?.basis === inBasis.basis) {
    const least = ridge.values.reduce((smallest, value) => Math.min(smallest, value), Infinity);
    const offDiagonal = offDiagonalNorm(inBasis.values, unobservedWeight, least);
    if (offDiagonal <= Math.min(1, 4 ** (2 - cgSteps))) return inBasis;
  }
  const basis = yield* eigenbasisSteps(gram);
  yield* turnSteps(kernels, fixed, basis);
  yield* turnSteps(kernels, solved, basis);
  return diagonalGram(basis);
}

/** ‖D^-½ E D^-½‖ with D + E = weight · G + ridge I; not a number where D is not above 0. */
function offDiagonalNorm(gram: Float64Array, weight: number, ridge: number): number {
  const k = Math.sqrt(gram.length);
  const scale = Float64Array.from(
    { length: k },
    (_, p) => weight / (weight * (gram[p * k + p] ?? 0) + ridge),
  );
  let sum = 0;
  for (let p = 0; p < k; p++) {
    let row = 0;
    for (let q = 0; q < k; q++) if (q !== p) row += (gram[p * k + q] ?? 0) ** 2 * (scale[q] ?? 0);
    sum += row * (scale[p] ?? 0);
  }
  return Math.sqrt(sum);
}

async function takeSteps(
  kernels: Kernels,
  crew: Crew,
  { observed, fixed, ridge, solved, unobservedWeight, cgSteps }: OwnRowSystem,
  { values, basis: { k } }: BasisGram,
  signal: AbortSignal | undefined,
): Promise<RowsImproved> {
  const { memory } = kernels;
  const width = paddedWidth(k);
  const chunkRows = chunkRowsOf(observed.rows, k);
  const unobserved = values.map((value) => unobservedWeight * value);
  const spectrum = Float64Array.from({ length: k }, (_, p) => unobserved[p * (k + 1)] ?? 0);
  const [fixedAt, solvedAt] = [fixed.turnedAddress, solved.turnedAddress];
  const own = async ({ first, last }: Range, stop: AbortSignal | undefined): Promise<RowsImproved> => {
    const scratch = new Scratch(memory);
    try {
      const job = {
        ...{ observed: observed.addresses, first, last, k, fixed: fixedAt, spectrum, chunkRows },
        ...{ ridge: ridge.address, solved: solvedAt, steps: cgSteps },
        unobserved: writeSquare(unobserved, k, kernels, scratch),
      };
      return await runInSlices(rowStepsSteps(kernels, job), stop, 1);
    } finally {
      scratch.release();
    }
  };

  const starts = observed.csr.indptr;
  const workOf = (row: number): number => stepsWork((starts[row + 1] ?? 0) - (starts[row] ?? 0), k, cgSteps);
  const helpers = await crew.for(totalWork(observed.rows, workOf));
  if (helpers === null) return own({ first: 0, last: observed.rows }, signal);

  // whole chunks, so that a Gram matrix does not depend on the number of threads
  const rowsOf = (chunk: number): number => Math.min(chunk * chunkRows, observed.rows);
  const workOfChunk = (chunk: number): number =>
    totalWork(rowsOf(chunk + 1) - rowsOf(chunk), (at) => workOf(rowsOf(chunk) + at));
  const cut = () =>
    partition(Math.ceil(observed.rows / chunkRows), helpers.count + 1, workOfChunk).map(
      ({ first, last }): Range => ({ first: rowsOf(first), last: rowsOf(last) }),
    );
  const [mine] = await helpers.keep(observed, `${k}/${cgSteps}`, cut);
  const copy = (address: number, floats: number) => memory.floats(address, floats).slice();
  const rowsAt = (first: number): number => solvedAt + first * width * WORD_BYTES;
  const [ownPart, parts] = await crew.together(
    (stop) => own(mine ?? { first: 0, last: 0 }, stop),
    (stop) =>
      helpers.improve(
        observed,
        ({ first, last }) => ({
          ...{ k, unobserved, spectrum, steps: cgSteps, chunkRows },
          fixed: copy(fixedAt, fixed.rows * width),
          ridge: copy(ridge.address + first * WORD_BYTES, last - first),
          rows: copy(rowsAt(first), (last - first) * width),
        }),
        stop,
      ),
    signal,
  );
  for (const { range, result } of parts) {
    memory.floats(rowsAt(range.first), result.rows.length).set(result.rows);
  }
  return {
    unresolved: [
      ...ownPart.unresolved,
      ...parts.flatMap(({ range, result }) => result.unresolved.map((row) => range.first + row)),
    ],
    objective: parts.reduce((sum, { result }) => sum + result.objective, ownPart.objective),
    grams: [ownPart, ...parts.map(({ result }) => result)].flatMap(({ grams }) => grams),
  };
}

function sumOf(grams: readonly Float64Array[], length: number): Float64Array {
  const sum = new Float64Array(length);
  for (const gram of grams) for (let at = 0; at < length; at++) sum[at] = (sum[at] ?? 0) + (gram[at] ?? 0);
  return sum;
}
