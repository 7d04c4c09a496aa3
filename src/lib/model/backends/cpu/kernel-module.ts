import { relaxedSimd, simd } from './assembly/kernels.ts?wasm-kernels';

let compiled: Promise<WebAssembly.Module> | null = null;

/**
 * The compiled kernels, with relaxed SIMD where the browser has it. Rejects where there is no WebAssembly SIMD, or a
 * header policy forbids WebAssembly.
 */
export function kernelModule(): Promise<WebAssembly.Module> {
  compiled ??= compile();
  return compiled;
}

async function compile(): Promise<WebAssembly.Module> {
  const relaxed = bytesOf(relaxedSimd);
  return WebAssembly.compile(WebAssembly.validate(relaxed) ? relaxed : bytesOf(simd));
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
