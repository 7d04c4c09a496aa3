import { KernelMemory } from './memory.ts';

/**
 * The functions of `assembly/`, where each is described. Addresses and strides are bytes in the memory that the
 * instance was made with.
 */
export interface KernelFunctions {
  product(
    c: number,
    cStride: number,
    a: number,
    aStride: number,
    rows: number,
    depth: number,
    b: number,
    bStride: number,
    columns: number,
  ): void;
  gram(
    sum: number,
    block: number,
    panel: number,
    stride: number,
    columns: number,
    y: number,
    rows: number,
    k: number,
  ): void;
  patternProduct(
    indptr: number,
    indices: number,
    first: number,
    last: number,
    source: number,
    scale: number,
    addend: number,
    factor: number,
    target: number,
  ): void;
  solveDuals(
    system: number,
    first: number,
    end: number,
    x: number,
    quality: number,
    objectives: number,
  ): void;
  beginPrimal(system: number, row: number): void;
  accumulate(system: number, begin: number, end: number): void;
  finishPrimal(system: number, row: number, x: number, objective: number): number;
  improveRows(
    gradients: number,
    first: number,
    end: number,
    x: number,
    pulls: number,
    steps: number,
    objectives: number,
  ): void;
  beginRow(gradients: number, row: number, x: number, pull: number): void;
  residualOf(gradients: number, begin: number, end: number, x: number): void;
  beginSteps(gradients: number): void;
  imageOf(gradients: number, begin: number, end: number): void;
  /** 0 where there is no further step to take, else 1. */
  takeStep(gradients: number): number;
  turnDirection(gradients: number): void;
  finishRow(gradients: number, x: number, pull: number): number;
  /** target += source, `count` floats. */
  addFloats(target: number, source: number, count: number): void;
  observedLoss(
    indices: number,
    data: number,
    begin: number,
    end: number,
    x: number,
    y: number,
    k: number,
  ): number;
  observedLossOfRows(
    indptr: number,
    indices: number,
    data: number,
    first: number,
    last: number,
    x: number,
    y: number,
    k: number,
  ): number;
  sweepPanel(a: number, n: number, p: number, count: number, w: number): void;
  sweepPack(w: number, n: number, right: number): void;
  sweepRows(a: number, n: number, first: number, last: number, left: number, right: number): void;
  sweepStore(a: number, n: number, p: number, count: number, left: number): void;
  sweepFinish(a: number, n: number, first: number, last: number): void;
  sparseGramRow(
    indptr: number,
    indices: number,
    data: number,
    byColumnIndptr: number,
    byColumnIndices: number,
    byColumnData: number,
    row: number,
    columns: number,
    ridge: number,
    sum: number,
    target: number,
  ): void;
  norms(values: number, rows: number, width: number, from: number, out: number): void;
  packHeads(
    heads: number,
    rotated: number,
    width: number,
    order: number,
    items: number,
    head: number,
    first: number,
    last: number,
  ): void;
  /** 1 where no later block can matter, else 0. */
  rankBlocks(ranking: number, first: number, last: number): number;
  rankAll(ranking: number, row: number, first: number, last: number): void;
  /** Both take the address of a struct Step and return a sum of losses. */
  cclStep(step: number): number;
  bprStep(step: number): number;
  weightedNorm(values: number, weights: number, first: number, last: number, k: number): number;
}

/** The kernels over one memory: what one thread computes with. */
export interface Kernels extends KernelFunctions {
  readonly memory: KernelMemory;
}

/** An instance with a memory of its own. */
export async function startKernels(module: WebAssembly.Module): Promise<Kernels> {
  const memory = new KernelMemory();
  const { exports } = await WebAssembly.instantiate(module, { env: { memory: memory.memory } });
  return { ...(exports as unknown as KernelFunctions), memory };
}
