import { normalMatrix, Random } from '../../../../src/lib/model/matrix/random.ts';
import type { RatingColumns } from '../../../../src/lib/model/explicit/ratings.ts';

/** Ratings r = 3 + b_u + b_i + p_uᵀq_i + noise, each pair rated with this probability; `truth` has no noise. */
export function plantedRatings(
  users: number,
  items: number,
  { factors = 2, share = 0.5, noise = 0.1, seed = 1 } = {},
): { readonly ratings: RatingColumns; readonly truth: (user: number, item: number) => number } {
  const random = new Random(seed);
  const [userBiases, itemBiases] = [
    normalMatrix(users, 1, 0.3, seed + 1),
    normalMatrix(items, 1, 0.3, seed + 2),
  ];
  const [p, q] = [normalMatrix(users, factors, 0.7, seed + 3), normalMatrix(items, factors, 0.7, seed + 4)];
  const truth = (user: number, item: number): number => {
    let value = 3 + userBiases[user]! + itemBiases[item]!;
    for (let m = 0; m < factors; m++) value += p[user * factors + m]! * q[item * factors + m]!;
    return value;
  };
  const rows: { user: number; item: number; rating: number }[] = [];
  for (let user = 0; user < users; user++) {
    for (let item = 0; item < items; item++) {
      if (random.uniform() >= share) continue;
      rows.push({ user, item, rating: truth(user, item) + noise * random.normal() });
    }
  }
  return { ratings: columnsOf(users, items, rows), truth };
}

/** Columns of rows. */
export function columnsOf(
  users: number,
  items: number,
  rows: readonly { user: number; item: number; rating: number; time?: number }[],
): RatingColumns {
  return {
    users,
    items,
    user: Int32Array.from(rows, ({ user }) => user),
    item: Int32Array.from(rows, ({ item }) => item),
    rating: Float32Array.from(rows, ({ rating }) => rating),
    ...(rows.some(({ time }) => time !== undefined)
      ? { time: Float64Array.from(rows, ({ time }) => time ?? 0) }
      : {}),
  };
}

/** Root mean squared difference of predictions and truth over all pairs. */
export function distance(
  users: number,
  items: number,
  predict: (user: number, item: number) => number,
  truth: (user: number, item: number) => number,
): number {
  let squares = 0;
  for (let user = 0; user < users; user++) {
    for (let item = 0; item < items; item++) squares += (predict(user, item) - truth(user, item)) ** 2;
  }
  return Math.sqrt(squares / users / items);
}
