/** Items in the order of their norms: what a bound rules out comes last, and all at once. */

/** Positions of a block: as many as `rankBlocks` and `screen` look at between two looks at the block's norm. */
export const BLOCK = 256;

/**
 * Positions by falling norm, to within 1/128 of each: one counting sort over the upper bits of the floats, whose order
 * is that of their values. Nearly sorted is enough, as bounds are kept by block.
 */
export function sortByNorm(norms: Float32Array<ArrayBuffer>, order: Int32Array): void {
  const bits = new Uint32Array(norms.buffer, norms.byteOffset, norms.length);
  const starts = new Int32Array(2 ** 16 + 1);
  const keyOf = (at: number): number => 0xffff - ((bits[at] ?? 0) >>> 16);
  for (let at = 0; at < bits.length; at++) starts[keyOf(at) + 1] = (starts[keyOf(at) + 1] ?? 0) + 1;
  for (let key = 0; key < 2 ** 16; key++) starts[key + 1] = (starts[key + 1] ?? 0) + (starts[key] ?? 0);
  for (let at = 0; at < bits.length; at++) {
    const key = keyOf(at);
    const target = starts[key] ?? 0;
    starts[key] = target + 1;
    order[target] = at;
  }
}

/** Each block's largest norm or that of a later block; `order` has the items of whole and of one broken block. */
export function fillBlockNorms(norms: Float32Array, order: Int32Array, blockNorms: Float32Array): void {
  let largest = 0;
  for (let block = blockNorms.length - 1; block >= 0; block--) {
    for (const item of order.subarray(block * BLOCK, (block + 1) * BLOCK)) {
      largest = Math.max(largest, norms[item] ?? 0);
    }
    blockNorms[block] = largest;
  }
}
