import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/**
 * Gives every key a row number from 0, in seeded random order (Fisher–Yates over the keys in sorted order), so
 * that a number tells nothing about the key and the same data gives the same numbers.
 */
export function shuffledNumbers(keys: Iterable<string>, seed: number): ReadonlyMap<string, number> {
  const order = shuffledRows([...new Set(keys)].sort(), seed);
  return new Map(order.map((key, number) => [key, number]));
}

/** The values in seeded random order (Fisher–Yates). */
export function shuffledRows<Value>(values: readonly Value[], seed: number): readonly Value[] {
  const order = [...values];
  const random = xoroshiro128plus(seed);
  for (let last = order.length - 1; last > 0; last--) {
    const other = uniformInt(random, 0, last);
    const [moved, taken] = [order[last], order[other]];
    if (moved === undefined || taken === undefined) continue;
    order[last] = taken;
    order[other] = moved;
  }
  return order;
}
