import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { InteractionColumns } from '../../lib/types.ts';

/** Shoppers that the share is estimated from. */
const SAMPLE = 1000;

/** How well a few known items of a shopper tell their row from all others. */
export interface SinglingOut {
  /** Items that an attacker is taken to know. */
  readonly known: number;
  /** Shoppers with at least so many items, of whom a sample was tried. */
  readonly shoppers: number;
  readonly tried: number;
  /** Share of the tried whose row alone holds all of their known items; 0 where nobody was tried. */
  readonly share: number;
}

/**
 * The unicity of a community (de Montjoye et al., "Unique in the Crowd", 2013): for a seeded sample of shoppers, the
 * share for whom `known` of their items, drawn at random, occur together in no other row.
 */
export function singlingOut(columns: InteractionColumns, known: number, seed: number): SinglingOut {
  const itemsOf = Array.from({ length: columns.users }, () => new Set<number>());
  const shoppersOf = Array.from({ length: columns.items }, () => new Set<number>());
  for (let row = 0; row < columns.length; row++) {
    const [user, item] = [columns.user[row] ?? 0, columns.item[row] ?? 0];
    itemsOf[user]?.add(item);
    shoppersOf[item]?.add(user);
  }
  const random = xoroshiro128plus(seed);
  const eligible = itemsOf.flatMap((items, user) => (items.size >= known ? [user] : []));
  const tried = draw(eligible, Math.min(SAMPLE, eligible.length));
  let unique = 0;
  for (const user of tried) {
    const secret = draw([...(itemsOf[user] ?? [])], known);
    const [first = new Set<number>(), ...others] = secret
      .map((item) => shoppersOf[item] ?? new Set<number>())
      .sort((a, b) => a.size - b.size);
    let fitting = 0;
    for (const other of first) if (others.every((shoppers) => shoppers.has(other))) fitting++;
    if (fitting === 1) unique++;
  }
  const share = tried.length === 0 ? 0 : unique / tried.length;
  return { known, shoppers: eligible.length, tried: tried.length, share };

  /** `count` of the values, without repeats (the first steps of a Fisher–Yates shuffle). */
  function draw(values: readonly number[], count: number): readonly number[] {
    const pool = [...values];
    for (let at = 0; at < count; at++) {
      const other = uniformInt(random, at, pool.length - 1);
      [pool[at], pool[other]] = [pool[other] ?? 0, pool[at] ?? 0];
    }
    return pool.slice(0, count);
  }
}
