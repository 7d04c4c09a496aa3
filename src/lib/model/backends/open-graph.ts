import { kernelModule } from './cpu/kernel-module.ts';
import { startKernels } from './cpu/kernels.ts';
import { CpuGraphEngine } from './cpu/graph.ts';
import type { GraphEngine, GraphOperator } from './graph.ts';
import { PlainGraphEngine } from './plain/graph.ts';

/** The engine in WebAssembly SIMD, on the calling thread; in plain JavaScript where there is none. */
export async function openGraphEngine(operator: GraphOperator): Promise<GraphEngine> {
  const module = await kernelModule().catch(() => null);
  if (module === null) return new PlainGraphEngine(operator);
  return new CpuGraphEngine(await startKernels(module), operator);
}
