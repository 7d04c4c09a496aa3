/** Vite plugins for what imports the CPU engine. */
import { threadScript } from './thread-script.mjs';
import { wasmKernels } from './wasm-kernels.mjs';

export const engine = () => [wasmKernels(), threadScript()];
