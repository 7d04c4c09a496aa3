/** What the CPU engine calls. AssemblyScript: compiled to WebAssembly by scripts/wasm-kernels.mjs. */
export { beginRow, beginSteps, finishRow, imageOf, improveRows, residualOf, takeStep, turnDirection } from './conjugate-gradients';
export { product } from './product';
export { accumulate, addFloats, beginPrimal, finishPrimal, solveDuals } from './row-solve';
export { observedLoss, observedLossOfRows, weightedNorm } from './dots';
export { gram } from './gram';
export { patternProduct } from './graph';
export { bprStep, cclStep } from './pairwise';
export { norms, packHeads, rankAll, rankBlocks } from './top-k';
export { sparseGramRow, sweepFinish, sweepPack, sweepPanel, sweepRows, sweepStore } from './sweep';
