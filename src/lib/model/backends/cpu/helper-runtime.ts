import { AppError } from '../../../errors.ts';
import { serve, Transferred, type Endpoint } from '../../../rpc/index.ts';
import type { TopK } from '../backend.ts';
import { runInSlices } from '../slices.ts';
import { writeSquare } from './eigenbasis.ts';
import type {
  HelperImprove,
  HelperImproved,
  HelperRank,
  HelperService,
  HelperSolve,
  HelperSolved,
} from './helper-protocol.ts';
import { startKernels, type Kernels } from './kernels.ts';
import { CpuSparse } from './matrix.ts';
import { Scratch, type KernelMemory } from './memory.ts';
import { rowStepsSteps } from './row-steps.ts';
import { rowSystemSteps } from './row-systems.ts';
import { paddedWidth, WORD_BYTES } from './shapes.ts';
import { emptyTopK, topKSteps } from './top-k.ts';

/** Answers for a helper until the returned function is called. */
export function serveHelper(endpoint: Endpoint): () => void {
  let kernels: Kernels | null = null;
  const kept = new Map<number, CpuSparse>();
  const started = (): Kernels => {
    if (kernels === null) throw new AppError('internal', 'A helper was asked before its start.');
    return kernels;
  };
  return serve<HelperService>(endpoint, {
    async start({ module }) {
      kernels = await startKernels(module);
      return null;
    },
    keep({ id, rows }) {
      kept.set(id, new CpuSparse(rows, started().memory));
      return null;
    },
    drop({ id }) {
      kept.get(id)?.release();
      kept.delete(id);
      return null;
    },
    async solve(request, { signal }) {
      const observed = kept.get(request.id);
      if (observed === undefined) throw new AppError('internal', 'Rows that a helper does not keep.');
      const result = await solve(started(), observed, request, signal);
      return new Transferred(result, [result.solved.buffer]);
    },
    async improve(request, { signal }) {
      const observed = kept.get(request.id);
      if (observed === undefined) throw new AppError('internal', 'Rows that a helper does not keep.');
      const result = await improve(started(), observed, request, signal);
      return new Transferred(result, [result.rows.buffer, ...result.grams.map(({ buffer }) => buffer)]);
    },
    async rank(request, { signal }) {
      const result = await rank(started(), request, signal);
      return new Transferred(result, [result.items.buffer, result.scores.buffer]);
    },
  });
}

async function solve(
  kernels: Kernels,
  observed: CpuSparse,
  { k, rotated, spectrum, ridge }: HelperSolve,
  signal: AbortSignal,
): Promise<HelperSolved> {
  const { memory } = kernels;
  const scratch = new Scratch(memory);
  try {
    const length = observed.rows * paddedWidth(k);
    const solved = scratch.allocate(length * WORD_BYTES);
    const job = {
      observed: observed.addresses,
      first: 0,
      last: observed.rows,
      k,
      rotated: copyIn(rotated, memory, scratch),
      spectrum,
      ridge: copyIn(ridge, memory, scratch),
      solved,
    };
    const result = await runInSlices(rowSystemSteps(kernels, job), signal, 1);
    return { ...result, solved: memory.floats(solved, length).slice() };
  } finally {
    scratch.release();
  }
}

async function improve(
  kernels: Kernels,
  observed: CpuSparse,
  { k, fixed, unobserved, spectrum, ridge, rows, steps, chunkRows }: HelperImprove,
  signal: AbortSignal,
): Promise<HelperImproved> {
  const { memory } = kernels;
  const scratch = new Scratch(memory);
  try {
    const solved = copyIn(rows, memory, scratch);
    const job = {
      ...{
        observed: observed.addresses,
        first: 0,
        last: observed.rows,
        k,
        spectrum,
        solved,
        steps,
        chunkRows,
      },
      fixed: copyIn(fixed, memory, scratch),
      unobserved: writeSquare(unobserved, k, kernels, scratch),
      ridge: copyIn(ridge, memory, scratch),
    };
    const result = await runInSlices(rowStepsSteps(kernels, job), signal, 1);
    // back in what they came in
    rows.set(memory.floats(solved, rows.length));
    return { ...result, rows };
  } finally {
    scratch.release();
  }
}

async function rank(
  kernels: Kernels,
  { users, itemFactors, factors, basis, k, seen }: HelperRank,
  signal: AbortSignal,
): Promise<TopK> {
  const scratch = new Scratch(kernels.memory);
  try {
    const userCount = users.length / factors;
    const job = {
      users: copyIn(users, kernels.memory, scratch),
      userCount,
      itemFactors: copyIn(itemFactors, kernels.memory, scratch),
      itemCount: itemFactors.length / factors,
      factors,
      basis,
      seen: seen === null ? null : () => seen,
    };
    const result = emptyTopK(userCount, k);
    await runInSlices(topKSteps(kernels, job, result), signal, 1);
    return result;
  } finally {
    scratch.release();
  }
}

function copyIn(values: Float32Array, memory: KernelMemory, scratch: Scratch): number {
  const address = scratch.allocate(values.byteLength);
  memory.floats(address, values.length).set(values);
  return address;
}
