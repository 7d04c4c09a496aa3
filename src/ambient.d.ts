/// <reference types="svelte" />
/// <reference types="vite/client" />

/** Kernels compiled by scripts/wasm-kernels.mjs, base64. */
declare module '*?wasm-kernels' {
  export const simd: string;
  /** For browsers that have relaxed SIMD. */
  export const relaxedSimd: string;
}

/** A script for a thread of Node, bundled by scripts/thread-script.mjs. */
declare module '*?thread-script' {
  export const script: string;
}
