import { AppError } from '../../errors.ts';
import type { PredictRating } from './options.ts';
import type { RatingTable } from './ratings.ts';

/** The parameters of a factorization with biases, 32-bit floats. */
export interface PointFactors {
  readonly mean: number;
  readonly userBiases: Float32Array<ArrayBuffer>;
  readonly itemBiases: Float32Array<ArrayBuffer>;
  /** users × factors. */
  readonly userFactors: Float32Array<ArrayBuffer>;
  /** items × factors. */
  readonly itemFactors: Float32Array<ArrayBuffer>;
  /** y of SVD++, items × factors; null for a model without. */
  readonly impliedFactors: Float32Array<ArrayBuffer> | null;
}

/** Where an earlier model ended, with rows of 0 for users and items that it did not have. Throws `input-invalid`. */
export function continuedFactors(
  start: PointFactors,
  { users, items }: RatingTable,
  width: number,
  implied: boolean,
): PointFactors {
  const { mean, userBiases, itemBiases, userFactors, itemFactors, impliedFactors } = start;
  const factors = userFactors.length / userBiases.length;
  if (
    factors !== width ||
    userBiases.length > users ||
    itemBiases.length > items ||
    (impliedFactors !== null) !== implied
  ) {
    throw new AppError(
      'input-invalid',
      'The model to go on from is of another kind or shape than this fit.',
      {
        values: { factors, users: userBiases.length, items: itemBiases.length },
        remedy: 'Go on with the same model, as many factors, and at least its users and items.',
      },
    );
  }
  return {
    mean,
    userBiases: grown(userBiases, users),
    itemBiases: grown(itemBiases, items),
    userFactors: grown(userFactors, users * width),
    itemFactors: grown(itemFactors, items * width),
    impliedFactors: impliedFactors === null ? null : grown(impliedFactors, items * width),
  };
}

/** Copies of all arrays. */
export function copyOfFactors(factors: PointFactors): PointFactors {
  return {
    mean: factors.mean,
    userBiases: factors.userBiases.slice(),
    itemBiases: factors.itemBiases.slice(),
    userFactors: factors.userFactors.slice(),
    itemFactors: factors.itemFactors.slice(),
    impliedFactors: factors.impliedFactors?.slice() ?? null,
  };
}

/** Predictions, not clipped, for users and items of the table; N(u) are the table's. */
export function predictorOf(factors: PointFactors, table: RatingTable): PredictRating {
  const { mean, userBiases, itemBiases, userFactors, itemFactors, impliedFactors } = factors;
  const width = itemFactors.length / itemBiases.length;
  const vectors =
    impliedFactors === null ? userFactors : userVectorsOf(userFactors, impliedFactors, table, width);
  return (user, item) => {
    let score = mean + (userBiases[user] ?? 0) + (itemBiases[item] ?? 0);
    for (let m = 0; m < width; m++)
      score += (vectors[user * width + m] ?? 0) * (itemFactors[item * width + m] ?? 0);
    return score;
  };
}

/** Σ_j y_j / √n over a user's items; zeros where the model has no y. */
export function impliedSum(
  impliedFactors: Float32Array | null,
  items: Int32Array,
  width: number,
): Float64Array {
  const sum = new Float64Array(width);
  if (impliedFactors === null || items.length === 0) return sum;
  for (const item of items) {
    for (let m = 0; m < width; m++) sum[m] = (sum[m] ?? 0) + (impliedFactors[item * width + m] ?? 0);
  }
  return sum.map((value) => value / Math.sqrt(items.length));
}

/** a_u of every user of the table. */
export function userVectorsOf(
  userFactors: Float32Array,
  impliedFactors: Float32Array,
  table: RatingTable,
  width: number,
): Float32Array<ArrayBuffer> {
  const vectors = Float32Array.from(userFactors);
  for (let user = 0; user < table.users; user++) {
    const items = table.item.subarray(table.userStarts[user], table.userStarts[user + 1]);
    const implied = impliedSum(impliedFactors, items, width);
    for (let m = 0; m < width; m++) {
      vectors[user * width + m] = (vectors[user * width + m] ?? 0) + (implied[m] ?? 0);
    }
  }
  return vectors;
}

/** A copy with zeros up to `length`. */
export function grown(values: Float32Array, length: number): Float32Array<ArrayBuffer> {
  const copy = new Float32Array(length);
  copy.set(values);
  return copy;
}
