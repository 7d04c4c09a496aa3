import { describe, expect, it } from 'vitest';
import { holdOutRatings, ratingErrors } from '../../../../src/lib/model/explicit/options.ts';
import { itemOrder, ratingTable } from '../../../../src/lib/model/explicit/ratings.ts';
import { Random } from '../../../../src/lib/model/matrix/random.ts';
import { columnsOf, plantedRatings } from './planted-ratings.ts';

const scale = { min: 1, max: 5 };

describe('ratingTable', () => {
  it('sorts ratings given in any order as those given sorted', () => {
    const { ratings } = plantedRatings(9, 7);
    const order = new Random(3).shuffle([...ratings.user.keys()]);
    const shuffled = columnsOf(
      9,
      7,
      order.map((at) => ({ user: ratings.user[at]!, item: ratings.item[at]!, rating: ratings.rating[at]! })),
    );
    expect(ratingTable(shuffled)).toEqual(ratingTable(ratings));
  });

  it("gives the items' view of the same entries", () => {
    const table = ratingTable(
      columnsOf(3, 2, [
        { user: 0, item: 0, rating: 1 },
        { user: 0, item: 1, rating: 2 },
        { user: 2, item: 0, rating: 3 },
      ]),
    );
    expect([...table.userStarts]).toEqual([0, 2, 2, 3]);
    expect([...table.itemStarts]).toEqual([0, 2, 3]);
    expect([...itemOrder(table)]).toEqual([0, 2, 1]);
    expect(table.mean).toBe(2);
    expect(table.scale).toEqual({ min: 1, max: 3 });
  });

  it('keeps the latest of duplicates, or the last given, and counts the others', () => {
    const pair = { user: 0, item: 1 };
    const timed = [
      { ...pair, rating: 2, time: 30 },
      { ...pair, rating: 4, time: 50 },
      { ...pair, rating: 3, time: 40 },
    ];
    expect(ratingTable(columnsOf(1, 2, timed))).toMatchObject({
      rating: Float32Array.of(4),
      time: Float64Array.of(50),
      duplicates: 2,
    });
    const untimed = [
      { ...pair, rating: 2 },
      { ...pair, rating: 3 },
    ];
    expect(ratingTable(columnsOf(1, 2, untimed))).toMatchObject({
      rating: Float32Array.of(3),
      duplicates: 1,
    });
  });

  it.each([
    ['a rating that is no number', { rating: Number.NaN }],
    ['an infinite rating', { rating: Number.POSITIVE_INFINITY }],
    ['a rating above the scale', { rating: 5.5 }],
    ['a rating below the scale', { rating: 0 }],
    ['a user beyond the last', { user: 2 }],
    ['an item below 0', { item: -1 }],
    ['a time that is no number', { time: Number.NaN }],
  ])('refuses %s, naming the entry', (_, change) => {
    const good = { user: 0, item: 0, rating: 3, time: 1 };
    const rows = [good, { user: 1, item: 1, rating: 3, time: 1, ...change }];
    expect(() => ratingTable(columnsOf(2, 2, rows), scale)).toThrow(
      expect.objectContaining({
        code: 'input-invalid',
        values: expect.objectContaining({ entry: 1 }) as unknown,
      }),
    );
  });

  it('refuses no ratings, columns of different lengths and an impossible scale', () => {
    expect(() => ratingTable(columnsOf(2, 2, []))).toThrow(
      expect.objectContaining({ code: 'not-enough-data' }),
    );
    const one = columnsOf(2, 2, [{ user: 0, item: 0, rating: 3 }]);
    for (const fault of [
      () => ratingTable({ ...one, item: new Int32Array(2) }),
      () => ratingTable(one, { min: 5, max: 1 }),
    ]) {
      expect(fault).toThrow(expect.objectContaining({ code: 'input-invalid' }));
    }
  });
});

describe('holdOutRatings', () => {
  it('cuts the ratings in two, the same way for the same seed', () => {
    const { ratings } = plantedRatings(20, 10);
    const { train, heldOut } = holdOutRatings(ratings, 0.2, 7);
    expect(heldOut.rating.length).toBe(Math.round(0.2 * ratings.rating.length));
    const pairs = (part: typeof train): string[] =>
      [...part.user].map((user, at) => `${user}-${part.item[at]!}`);
    expect([...pairs(train), ...pairs(heldOut)].sort()).toEqual(pairs(ratings).sort());
    expect(holdOutRatings(ratings, 0.2, 7).heldOut).toEqual(heldOut);
    expect(holdOutRatings(ratings, 0.2, 8).heldOut).not.toEqual(heldOut);
  });

  it.each([0, 1, -0.5, Number.NaN])('refuses a share of %d', (share) => {
    expect(() => holdOutRatings(plantedRatings(4, 4).ratings, share, 1)).toThrow(
      expect.objectContaining({ code: 'input-invalid' }),
    );
  });
});

describe('ratingErrors', () => {
  it('is RMSE and MAE of predictions clipped to the scale', () => {
    const rows = [1, 5, 4].map((rating, item) => ({ user: 0, item, rating }));
    // clipped: 1, 5, 2 → errors 0, 0, 2
    const { rmse, mae } = ratingErrors(columnsOf(1, 3, rows), scale, (_, item) => [-3, 9, 2][item]!);
    expect(rmse).toBeCloseTo(Math.sqrt(4 / 3), 12);
    expect(mae).toBeCloseTo(2 / 3, 12);
  });
});
