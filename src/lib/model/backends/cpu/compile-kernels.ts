/** The two builds of a set of kernels, in base64 (scripts/wasm-kernels.mjs). */
export interface KernelBuilds {
  readonly relaxedSimd: string;
  readonly simd: string;
}

/**
 * Compiles the build for this browser: with relaxed SIMD where it has it. Rejects where there is no WebAssembly SIMD,
 * or a header policy forbids WebAssembly.
 */
export async function compileKernels({ relaxedSimd, simd }: KernelBuilds): Promise<WebAssembly.Module> {
  const relaxed = bytesOf(relaxedSimd);
  return WebAssembly.compile(WebAssembly.validate(relaxed) ? relaxed : bytesOf(simd));
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
