import { BLOCK, fillBlockNorms, sortByNorm } from './by-norm.ts';
import { rotateSteps, writeBasis, type Eigenbasis } from './eigenbasis.ts';
import type { Kernels } from './kernels.ts';
import { Scratch } from './memory.ts';
import { paddedWidth, WORD_BYTES, WORK_PER_STEP } from './shapes.ts';

/** Positions of a strip, as in assembly/top-k.ts. */
const STRIP = 8;

/** Item factors in the memory of the kernels: `itemCount` × `factors` floats. */
export interface ItemRows {
  readonly itemFactors: number;
  readonly itemCount: number;
  readonly factors: number;
}

/** Items in an eigenbasis by falling norm. See the struct Ranking. */
export interface SortedItems {
  readonly order: number;
  readonly heads: number;
  readonly rests: number;
  readonly tails: number;
  readonly blockNorms: number;
  readonly blocks: number;
}

/** Brings items into the eigenbasis, sorts and packs them. Yields between short steps. */
export function* sortItemsSteps(
  kernels: Kernels,
  { itemFactors, itemCount, factors }: ItemRows,
  basis: Eigenbasis,
  head: number,
  scratch: Scratch,
): Generator<void, SortedItems> {
  const { memory } = kernels;
  const width = paddedWidth(factors);
  const blocks = Math.ceil(itemCount / BLOCK);
  const positions = blocks * BLOCK;
  const sorted = {
    order: scratch.allocate(positions * WORD_BYTES),
    heads: scratch.allocate(positions * head * WORD_BYTES),
    rests: scratch.allocate(positions * (width - head) * WORD_BYTES),
    tails: scratch.allocate(positions * WORD_BYTES),
    blockNorms: scratch.allocate(blocks * WORD_BYTES),
    blocks,
  };
  const passing = new Scratch(memory);
  try {
    const rotated = passing.allocate(itemCount * width * WORD_BYTES);
    const norms = passing.allocate(itemCount * WORD_BYTES);
    const tailOfItem = passing.allocate(itemCount * WORD_BYTES);
    const forth = writeBasis(basis, false, kernels, passing);
    yield* rotateSteps(kernels, rotated, itemFactors, itemCount, factors, forth);
    yield* normSteps(kernels, rotated, itemCount, width, 0, norms);
    yield* normSteps(kernels, rotated, itemCount, width, head, tailOfItem);
    sortByNorm(memory.floats(norms, itemCount), memory.integers(sorted.order, itemCount));
    yield;
    const strips = positions / STRIP;
    const perStep = Math.max(1, Math.floor(WORK_PER_STEP / (STRIP * STRIP * width)));
    for (let strip = 0; strip < strips; strip += perStep) {
      const last = Math.min(strips, strip + perStep);
      const from = [width, sorted.order, itemCount] as const;
      kernels.packHeads(sorted.heads, rotated, ...from, head, strip, last);
      kernels.packHeads(sorted.rests, rotated + head * WORD_BYTES, ...from, width - head, strip, last);
      yield;
    }
    const order = memory.integers(sorted.order, itemCount);
    const [from, to] = [memory.floats(tailOfItem, itemCount), memory.floats(sorted.tails, positions)];
    to.fill(Number.NaN, itemCount);
    order.forEach((item, position) => (to[position] = from[item] ?? 0));
    fillBlockNorms(memory.floats(norms, itemCount), order, memory.floats(sorted.blockNorms, blocks));
    return sorted;
  } finally {
    passing.release();
  }
}

/** Norms of columns [from, width) of `rows` rows into `out`. Yields between short steps. */
export function* normSteps(
  kernels: Kernels,
  rotated: number,
  rows: number,
  width: number,
  from: number,
  out: number,
): Generator<void, void> {
  const perStep = Math.ceil(WORK_PER_STEP / width);
  for (let row = 0; row < rows; row += perStep) {
    const at = rotated + row * width * WORD_BYTES;
    kernels.norms(at, Math.min(perStep, rows - row), width, from, out + row * WORD_BYTES);
    yield;
  }
}
