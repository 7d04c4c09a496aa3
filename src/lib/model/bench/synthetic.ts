import { AppError } from '../../errors.ts';
import type { CsrMatrix } from '../matrix/csr.ts';
import { Random } from '../matrix/random.ts';

/** MovieLens 20M, which the shape is scaled from: interactions a user, items. */
const INTERACTIONS_PER_USER = 143;
const REFERENCE = { interactions: 20e6, items: 27_000 } as const;
const MIN_INTERACTIONS = 100;
/** Beyond it positions no longer fit the 32-bit offsets of a device. */
const MAX_INTERACTIONS = 500e6;
/** Standard deviation of the logarithm of a user's number of interactions. */
const LENGTH_SPREAD = 1;
/** The mean user has touched at most this share of the items: small data gets more users than by the rule above. */
const MEAN_SHARE_OF_ITEMS = 0.1;
/** Nobody has touched more of the catalogue than this: drawing without repeats would take too long. */
const MAX_SHARE_OF_ITEMS = 0.25;
const ZIPF_EXPONENT = 1;

/**
 * A user–item matrix of strength 1 with exactly `interactions` entries and no meaning, for timing: users by
 * interactions / 143 (more below 56,000 interactions), items by the square root of the interactions (27,000 at 20 million), log-normal numbers of
 * interactions a user, and items drawn by Zipf's law without repeats. Popularity does not follow the item's
 * position. The same seed gives the same matrix. Throws `input-invalid` for a size that cannot be.
 */
export function syntheticMatrix(interactions: number, seed: number): CsrMatrix {
  if (!Number.isInteger(interactions) || interactions < MIN_INTERACTIONS || interactions > MAX_INTERACTIONS) {
    throw new AppError('input-invalid', 'Synthetic data cannot have this many interactions.', {
      values: { interactions, min: MIN_INTERACTIONS, max: MAX_INTERACTIONS },
      remedy: `Ask for ${MIN_INTERACTIONS} to ${MAX_INTERACTIONS} interactions.`,
    });
  }
  const random = new Random(seed);
  const items = Math.round(REFERENCE.items * Math.sqrt(interactions / REFERENCE.interactions));
  const perUser = Math.min(INTERACTIONS_PER_USER, MEAN_SHARE_OF_ITEMS * items);
  const users = Math.round(interactions / perUser);
  const lengths = rowLengths(random, users, interactions, Math.floor(MAX_SHARE_OF_ITEMS * items));
  const indptr = new Int32Array(users + 1);
  lengths.forEach((length, user) => {
    indptr[user + 1] = (indptr[user] ?? 0) + length;
  });
  const indices = new Int32Array(interactions);
  const draw = zipfDraw(random, items);
  const lastUser = new Int32Array(items).fill(-1);
  for (let user = 0; user < users; user++) {
    const [begin, end] = [indptr[user] ?? 0, indptr[user + 1] ?? 0];
    for (let entry = begin; entry < end;) {
      const item = draw();
      if (lastUser[item] === user) continue;
      lastUser[item] = user;
      indices[entry++] = item;
    }
    indices.subarray(begin, end).sort();
  }
  return { rows: users, columns: items, indptr, indices, data: new Float32Array(interactions).fill(1) };
}

/** Log-normal lengths of at least 1 and at most `most` that sum to `total`. */
function rowLengths(random: Random, rows: number, total: number, most: number): Int32Array {
  const weights = Float64Array.from({ length: rows }, () => Math.exp(LENGTH_SPREAD * random.normal()));
  const sum = weights.reduce((so, weight) => so + weight, 0);
  const lengths = Int32Array.from(weights, (weight) =>
    Math.min(most, Math.max(1, Math.round((total * weight) / sum))),
  );
  // What rounding and the limits took or gave goes round one at a time.
  let missing = total - lengths.reduce((so, length) => so + length, 0);
  for (let row = 0; missing !== 0; row = (row + 1) % rows) {
    const changed = (lengths[row] ?? 0) + Math.sign(missing);
    if (changed < 1 || changed > most) continue;
    lengths[row] = changed;
    missing -= Math.sign(missing);
  }
  return lengths;
}

/** Draws items with probability ∝ 1 / rank^ZIPF_EXPONENT; ranks are dealt to positions at random. */
function zipfDraw(random: Random, items: number): () => number {
  const positions = random.shuffle(Array.from({ length: items }, (_, item) => item));
  const cumulative = new Float64Array(items);
  let sum = 0;
  for (let rank = 0; rank < items; rank++) {
    sum += 1 / (rank + 1) ** ZIPF_EXPONENT;
    cumulative[rank] = sum;
  }
  return () => {
    const target = random.uniform() * sum;
    let [low, high] = [0, items - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((cumulative[middle] ?? 0) > target) high = middle;
      else low = middle + 1;
    }
    return positions[low] ?? 0;
  };
}
