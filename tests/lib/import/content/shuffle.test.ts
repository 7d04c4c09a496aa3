import { expect, it } from 'vitest';
import { shuffledNumbers } from '../../../../src/lib/import/content/shuffle.ts';

const keys = Array.from({ length: 500 }, (_, n) => String(n).padStart(3, '0'));

it('numbers every key once, in an order that has nothing to do with the key', () => {
  const numbers = shuffledNumbers([...keys, ...keys], 1);
  expect([...numbers.values()].toSorted((a, b) => a - b)).toEqual(keys.map((_, n) => n));
  // Spearman's correlation of key and number: 0 ± 1/√500 for a fair shuffle, 1 for none.
  const distance = keys.reduce((sum, key, n) => sum + ((numbers.get(key) ?? 0) - n) ** 2, 0);
  expect(Math.abs(1 - (6 * distance) / (500 * (500 ** 2 - 1)))).toBeLessThan(0.2);
});

it('gives the same numbers for the same keys in any order, others for another seed', () => {
  expect(shuffledNumbers(keys.toReversed(), 1)).toEqual(shuffledNumbers(keys, 1));
  expect(shuffledNumbers(keys, 2)).not.toEqual(shuffledNumbers(keys, 1));
});
