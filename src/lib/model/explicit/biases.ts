import type { RatingTable } from './ratings.ts';

/** Ratings' worth of zeros in each average: keeps a row of one rating near the mean (Koren 2010, section 2.1). */
const ITEM_DAMPING = 5;
const USER_DAMPING = 5;

/** Where training starts: what an item, then a user deviates from the mean on average, damped. */
export function dampedBiases(table: RatingTable): {
  readonly userBiases: Float32Array<ArrayBuffer>;
  readonly itemBiases: Float32Array<ArrayBuffer>;
} {
  const { users, items, user, item, rating, mean, userStarts, itemStarts } = table;
  const itemBiases = new Float32Array(items);
  for (let at = 0; at < rating.length; at++) {
    const row = item[at] ?? 0;
    itemBiases[row] = (itemBiases[row] ?? 0) + (rating[at] ?? 0) - mean;
  }
  damp(itemBiases, itemStarts, ITEM_DAMPING);
  const userBiases = new Float32Array(users);
  for (let at = 0; at < rating.length; at++) {
    const row = user[at] ?? 0;
    userBiases[row] = (userBiases[row] ?? 0) + (rating[at] ?? 0) - mean - (itemBiases[item[at] ?? 0] ?? 0);
  }
  damp(userBiases, userStarts, USER_DAMPING);
  return { userBiases, itemBiases };
}

function damp(sums: Float32Array, starts: Int32Array, damping: number): void {
  for (let row = 0; row < sums.length; row++) {
    sums[row] = (sums[row] ?? 0) / ((starts[row + 1] ?? 0) - (starts[row] ?? 0) + damping);
  }
}
