import { describe, expect, it } from 'vitest';
import { UserBlocks } from '../../../../src/lib/model/gradient/blocks.ts';
import { strengthMatrix } from '../../../../src/lib/model/matrix/interactions.ts';
import { plantedCommunity } from '../support/planted.ts';

const weights = { alpha: 0.5, unobservedWeight: 0.25 };
// The visitor's row, the last, is empty.
const strengths = strengthMatrix(plantedCommunity(150, 20, 4).columns, {
  item: new Int32Array(),
  strength: new Float32Array(),
});

describe('UserBlocks', () => {
  const blocks = new UserBlocks(strengths, weights, 3);
  const numbers = Array.from({ length: blocks.count }, (_, block) => block);

  it('holds every user with interactions once, in blocks of one size', () => {
    expect(blocks).toMatchObject({ rows: 64, count: 3, users: 150, items: 20 });
    const users = numbers.flatMap((block) => blocks.usersOf(block));
    expect(users.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 150 }, (_, user) => user));
    expect(users).not.toEqual(users.toSorted((a, b) => a - b)); // shuffled
    expect(numbers.map((block) => blocks.usersOf(block).length)).toEqual([64, 64, 22]);
  });

  it('fills in every cell, and nothing into the rows that only fill up', () => {
    const cells = new Float32Array(64 * 20).fill(NaN);
    blocks.fill(2, cells);
    blocks.usersOf(2).forEach((user, row) => {
      const expected = new Float32Array(20).fill(-0.25);
      for (let entry = strengths.indptr[user]!; entry < strengths.indptr[user + 1]!; entry++) {
        expected[strengths.indices[entry]!] = 0.5 * strengths.data[entry]!;
      }
      expect(cells.slice(row * 20, (row + 1) * 20)).toEqual(expected);
    });
    expect(cells.slice(22 * 20).every((cell) => cell === 0)).toBe(true);
  });

  it('orders the blocks by seed and epoch alone', () => {
    const same = new UserBlocks(strengths, weights, 3);
    const orders = Array.from({ length: 20 }, (_, epoch) => blocks.orderOf(epoch));
    orders.forEach((order, epoch) => {
      expect(order.toSorted((a, b) => a - b)).toEqual(numbers);
      expect(same.orderOf(epoch)).toEqual(order);
    });
    expect(new Set(orders.map(String)).size).toBeGreaterThan(3);
  });

  it('keeps a block within its budget of cells for a large catalogue', () => {
    const wide = { ...strengths, columns: 100_000 };
    expect(new UserBlocks(wide, weights, 1).rows).toBe(2);
    expect(new UserBlocks({ ...strengths, columns: 1_000_000 }, weights, 1).rows).toBe(1);
  });
});
