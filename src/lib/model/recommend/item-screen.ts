/**
 * Finds the best of many items without scoring all of them (`backends/cpu/quantised-items`), exactly: the same items in
 * the same order as `topK` of all their scores.
 */
export interface ItemScreen {
  best(
    vector: Float64Array,
    k: number,
    excluded: Uint8Array,
    threshold: number,
  ): { readonly items: ArrayLike<number> };
}

/**
 * Catalogues of at least this many items are worth a screen. Milliseconds to find the best 20 by all scores / by the
 * screen, 64 factors: 3,000 items .24 / .04, 10,000 .8 / .1, 30,000 2.3 / .3. It is the faster one below as well, but
 * not by what anybody could notice.
 */
export const SCREEN_FROM = 10_000;
