/** What the gradient descent of explicit ratings calls. AssemblyScript: compiled by scripts/wasm-kernels.mjs. */
export { descend } from './descend';
