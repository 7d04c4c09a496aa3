import { relaxedSimd, simd } from './assembly/screen.ts?wasm-kernels';
import { compileKernels } from './compile-kernels.ts';

let compiled: Promise<WebAssembly.Module> | null = null;

/** As `kernelModule`, of the kernel that screens items for one visitor. */
export function screenModule(): Promise<WebAssembly.Module> {
  compiled ??= compileKernels({ relaxedSimd, simd });
  return compiled;
}
