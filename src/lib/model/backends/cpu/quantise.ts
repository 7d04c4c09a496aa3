import { BLOCK, fillBlockNorms, sortByNorm } from './by-norm.ts';
import type { KernelMemory } from './memory.ts';
import { WORD_BYTES } from './shapes.ts';

/** Positions of a strip, as in assembly/screen.ts. */
const STRIP = 8;
/** Steps to either side of zero that 8 bits hold. */
const STEPS = 127;
/** A row's largest factor may be this many steps, the step being rounded. */
const MOST_STEPS = STEPS + 0.25;
/** Factors worked on in one go, some milliseconds. */
const FACTORS_PER_SLICE = 1_000_000;

/** Item factors to be ranked by: rows of `factors` 32-bit floats. */
export interface RankedItems {
  readonly items: number;
  readonly factors: number;
  readonly data: Float32Array;
}

/** Items in 8 bits by falling norm. Addresses in the memory of the kernel; see the struct Screening. */
export interface ScreenedItems {
  readonly strips: number;
  readonly pairs: number;
  readonly quantised: number;
  readonly steps: number;
  readonly residuals: number;
  readonly order: number;
  readonly blockNorms: number;
}

/** A 32-bit float that is not below `value`, by at most a few roundoffs. */
export function roundUp(value: number): number {
  return Math.fround(value + Math.abs(value) * 2 ** -22);
}

/** Norms of the rows, rounded up. Yields between slices. */
export function* normSteps({
  items,
  factors,
  data,
}: RankedItems): Generator<void, Float32Array<ArrayBuffer>> {
  const norms = new Float32Array(items);
  const perSlice = Math.ceil(FACTORS_PER_SLICE / factors);
  for (let first = 0; first < items; first += perSlice) {
    const last = Math.min(items, first + perSlice);
    for (let item = first; item < last; item++) {
      let sum = 0;
      for (let at = item * factors; at < (item + 1) * factors; at++) sum += (data[at] ?? 0) ** 2;
      norms[item] = roundUp(Math.sqrt(sum));
    }
    yield;
  }
  return norms;
}

/** Quantises rows with these norms into `memory`. Yields between slices. */
export function* quantiseSteps(
  ranked: RankedItems,
  norms: Float32Array<ArrayBuffer>,
  memory: KernelMemory,
): Generator<void, ScreenedItems> {
  const { items, factors } = ranked;
  const strips = Math.ceil(items / STRIP);
  const blocks = Math.ceil(items / BLOCK);
  const pairs = Math.ceil(factors / 2);
  const screened = {
    strips,
    pairs,
    quantised: memory.allocate(strips * STRIP * pairs * 2),
    steps: memory.allocate(strips * STRIP * WORD_BYTES),
    residuals: memory.allocate(strips * WORD_BYTES),
    order: memory.allocate(strips * STRIP * WORD_BYTES),
    blockNorms: memory.allocate(blocks * WORD_BYTES),
  };
  const order = memory.integers(screened.order, strips * STRIP).fill(-1, items);
  sortByNorm(norms, order.subarray(0, items));
  yield;
  fillBlockNorms(norms, order.subarray(0, items), memory.floats(screened.blockNorms, blocks));
  const views = {
    order,
    steps: memory.floats(screened.steps, strips * STRIP).fill(0, items),
    residuals: memory.floats(screened.residuals, strips),
    quantised: new Int8Array(memory.memory.buffer, screened.quantised, strips * STRIP * pairs * 2),
  };
  const perSlice = Math.ceil(FACTORS_PER_SLICE / (STRIP * factors));
  for (let strip = 0; strip < strips; strip += perSlice) {
    quantiseStrips(ranked, views, pairs, strip, Math.min(strips, strip + perSlice));
    yield;
  }
  return screened;
}

interface Views {
  readonly order: Int32Array;
  readonly steps: Float32Array;
  readonly residuals: Float32Array;
  readonly quantised: Int8Array;
}

function quantiseStrips(
  { factors, data }: RankedItems,
  { order, steps, residuals, quantised }: Views,
  pairs: number,
  first: number,
  last: number,
): void {
  for (let strip = first; strip < last; strip++) {
    const target = strip * STRIP * pairs * 2;
    quantised.fill(0, target, target + STRIP * pairs * 2);
    let worst = 0;
    for (let lane = 0; lane < STRIP; lane++) {
      const item = order[strip * STRIP + lane] ?? -1;
      if (item < 0) break;
      const from = item * factors;
      let largest = 0;
      for (let m = 0; m < factors; m++) {
        const size = Math.abs(data[from + m] ?? 0);
        if (size > largest) largest = size;
      }
      const step = Math.fround(largest / STEPS);
      // where a step has underflown nothing is quantised, and all is left over
      const perStep = step > 0 && step * MOST_STEPS >= largest ? 1 / step : 0;
      let left = 0;
      for (let m = 0; m < factors; m++) {
        const value = data[from + m] ?? 0;
        // to the nearest, of numbers that are at most 127.5 in size
        const whole = ((value * perStep + (STEPS + 1.5)) | 0) - (STEPS + 1);
        const rest = value - step * whole;
        left += rest * rest;
        quantised[target + (m >> 1) * 2 * STRIP + lane * 2 + (m & 1)] = whole;
      }
      steps[strip * STRIP + lane] = step;
      worst = Math.max(worst, left);
    }
    residuals[strip] = roundUp(Math.sqrt(worst));
  }
}
