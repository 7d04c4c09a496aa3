/** What the CPU engine calls. AssemblyScript: compiled to WebAssembly by scripts/wasm-kernels.mjs. */
export { product } from './product';
export { accumulate, addFloats, beginPrimal, finishPrimal, solveDuals } from './row-solve';
export { observedLoss, observedLossOfRows, weightedNorm } from './dots';
export { gram } from './gram';
export { bprStep, cclStep } from './pairwise';
export { norms, packHeads, rankAll, rankBlocks } from './top-k';
