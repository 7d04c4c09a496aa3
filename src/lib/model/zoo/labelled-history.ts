import type { PairHistory } from '../gradient/pairs/model.ts';
import { Random } from '../matrix/random.ts';
import type { History } from './model.ts';

const NEGATIVE_SEED = 1;

/** A history with `negatives` a like drawn as in training, by a fixed seed: the same history gives the same scores. */
export function labelledHistory({ item, strength }: History, negatives: number, items: number): PairHistory {
  const known = new Set(item);
  const label: number[] = Array.from(strength, (value) => Number(value > 0));
  const drawn: number[] = [];
  const wanted = negatives * label.reduce((sum, one) => sum + one, 0);
  const random = new Random(NEGATIVE_SEED);
  while (known.size < items && drawn.length < wanted) {
    const other = random.below(items);
    if (!known.has(other)) drawn.push(other);
  }
  return { item: [...item, ...drawn], label: [...label, ...drawn.map(() => 0)] };
}
