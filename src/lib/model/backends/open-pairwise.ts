import type { CsrMatrix } from '../matrix/csr.ts';
import { kernelModule } from './cpu/kernel-module.ts';
import { startKernels } from './cpu/kernels.ts';
import { CpuPairwiseEngine } from './cpu/pairwise.ts';
import type { PairwiseEngine, PairwiseState } from './pairwise.ts';
import { PlainPairwiseEngine } from './plain/pairwise.ts';

/**
 * The engine in WebAssembly SIMD, on the calling thread; in plain JavaScript where there is none. `positives` is the
 * matrix of which the steps name rows; `state` is copied.
 */
export async function openPairwiseEngine(
  positives: CsrMatrix,
  factors: number,
  state: PairwiseState,
): Promise<PairwiseEngine> {
  const module = await kernelModule().catch(() => null);
  if (module === null) return new PlainPairwiseEngine(positives, factors, state);
  return new CpuPairwiseEngine(await startKernels(module), positives, factors, state);
}
