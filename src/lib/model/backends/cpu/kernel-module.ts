import { relaxedSimd, simd } from './assembly/kernels.ts?wasm-kernels';
import { compileKernels } from './compile-kernels.ts';

let compiled: Promise<WebAssembly.Module> | null = null;

/** The compiled kernels of the engine, once for all. Rejects as `compileKernels`. */
export function kernelModule(): Promise<WebAssembly.Module> {
  compiled ??= compileKernels({ relaxedSimd, simd });
  return compiled;
}
