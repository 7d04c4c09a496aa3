import type { NormalStream } from './normal-stream.ts';

/**
 * One family of coefficients of the sampler (users, items or time bins): for each dimension a value a row, and, where
 * the family has sets, a value a member. A row's *composite* is its own value plus the sum of its members' values
 * over √(size of the set).
 */
export interface Side {
  readonly rows: number;
  /** Entries of row r in this side's order: starts[r] to starts[r + 1]. */
  readonly starts: Int32Array;
  /** Where this side's s-th entry stands in the table's order. */
  readonly order: Int32Array;
  /** dims × rows, a dimension after the other. */
  readonly own: Float64Array;
  /** dims × rows. */
  readonly composite: Float64Array;
  readonly prior: Prior;
  /** Null where rows have no sets. */
  readonly sets: Sets | null;
}

/** Each row has a set of members; member m belongs to the rows at memberStarts[m] to memberStarts[m + 1]. */
export interface Sets {
  readonly members: number;
  readonly memberStarts: Int32Array;
  readonly memberRows: Int32Array;
  /** 1 / √(members of the row), 0 for none. */
  readonly norm: Float64Array;
  /** dims × members. */
  readonly values: Float64Array;
  readonly prior: Prior;
}

/** Mean and precision of each dimension's normal prior. */
export interface Prior {
  readonly mean: Float64Array<ArrayBuffer>;
  readonly precision: Float64Array<ArrayBuffer>;
}

/** Of the normal-gamma hyper-prior, as in libFM (Rendle 2012): vague. */
const SHAPE = 1;
const RATE = 1;
const MEAN_WEIGHT = 1;

/** Draws a family's prior of one dimension from its values. */
export function drawPrior(prior: Prior, dim: number, values: Float64Array, random: NormalStream): void {
  const count = values.length;
  const mean = prior.mean[dim] ?? 0;
  let [sum, squares] = [0, 0];
  for (const value of values) {
    sum += value;
    squares += (value - mean) ** 2;
  }
  const precision = random.gamma(SHAPE + (count + 1) / 2, RATE + (squares + MEAN_WEIGHT * mean * mean) / 2);
  prior.precision[dim] = precision;
  const weight = count + MEAN_WEIGHT;
  prior.mean[dim] = sum / weight + random.normal() / Math.sqrt(weight * precision);
}

/** Scratch of one update, for the longest side. */
export class SideScratch {
  readonly slopes: Float64Array;
  readonly squares: Float64Array;
  readonly products: Float64Array;
  readonly change: Float64Array;

  constructor(entries: number, rows: number) {
    this.slopes = new Float64Array(entries);
    this.squares = new Float64Array(rows);
    this.products = new Float64Array(rows);
    this.change = new Float64Array(rows);
  }
}

/**
 * Draws one dimension of a side, coefficient by coefficient, each given all others: with h the derivative of a
 * prediction by the coefficient and e the error, the conditional is normal with
 *
 *     precision = α Σ h² + λ,  mean = (α Σ h (e + h·old) + λ μ) / precision.
 *
 * `slopes` holds h in the side's order, the same for a row's own value and, times the row's norm, for its members':
 * so members are drawn from two sums a row (Rendle 2013, "Scaling factorization machines to relational data").
 * Errors (in the table's order) and composites are kept up to date.
 */
export function drawDimension(
  side: Side,
  dim: number,
  noisePrecision: number,
  errors: Float64Array,
  scratch: SideScratch,
  random: NormalStream,
): void {
  const { rows, starts, order, sets } = side;
  const { slopes, squares, products, change } = scratch;
  const own = side.own.subarray(dim * rows, (dim + 1) * rows);
  const lambda = side.prior.precision[dim] ?? 0;
  const pull = lambda * (side.prior.mean[dim] ?? 0);
  for (let row = 0; row < rows; row++) {
    const end = starts[row + 1] ?? 0;
    let [square, product] = [0, 0];
    for (let s = starts[row] ?? 0; s < end; s++) {
      const slope = slopes[s] ?? 0;
      square += slope * slope;
      product += slope * (errors[order[s] ?? 0] ?? 0);
    }
    const precision = noisePrecision * square + lambda;
    const old = own[row] ?? 0;
    const drawn =
      (noisePrecision * (product + square * old) + pull) / precision + random.normal() / Math.sqrt(precision);
    own[row] = drawn;
    change[row] = drawn - old;
    squares[row] = square;
    products[row] = product - (drawn - old) * square;
  }
  if (sets !== null) drawMembers(sets, dim, noisePrecision, scratch, rows, random);
  const composite = side.composite.subarray(dim * rows, (dim + 1) * rows);
  for (let row = 0; row < rows; row++) {
    const step = change[row] ?? 0;
    composite[row] = (composite[row] ?? 0) + step;
    const end = starts[row + 1] ?? 0;
    for (let s = starts[row] ?? 0; s < end; s++) {
      const at = order[s] ?? 0;
      errors[at] = (errors[at] ?? 0) - step * (slopes[s] ?? 0);
    }
  }
}

/** The members' part of drawDimension: adds what a row's members changed to `change`. */
function drawMembers(
  sets: Sets,
  dim: number,
  noisePrecision: number,
  { squares, products, change }: SideScratch,
  rows: number,
  random: NormalStream,
): void {
  const { members, memberStarts, memberRows, norm } = sets;
  const values = sets.values.subarray(dim * members, (dim + 1) * members);
  const lambda = sets.prior.precision[dim] ?? 0;
  const pull = lambda * (sets.prior.mean[dim] ?? 0);
  // a member's derivative is the row's times its norm: scaled once, and scaled back below
  for (let row = 0; row < rows; row++) {
    const scale = norm[row] ?? 0;
    squares[row] = (squares[row] ?? 0) * scale * scale;
    products[row] = (products[row] ?? 0) * scale;
  }
  const sums = new Float64Array(rows);
  for (let member = 0; member < members; member++) {
    const begin = memberStarts[member] ?? 0;
    const end = memberStarts[member + 1] ?? 0;
    let [square, product] = [0, 0];
    for (let at = begin; at < end; at++) {
      const row = memberRows[at] ?? 0;
      square += squares[row] ?? 0;
      product += products[row] ?? 0;
    }
    const precision = noisePrecision * square + lambda;
    const old = values[member] ?? 0;
    const drawn =
      (noisePrecision * (product + square * old) + pull) / precision + random.normal() / Math.sqrt(precision);
    values[member] = drawn;
    const step = drawn - old;
    for (let at = begin; at < end; at++) {
      const row = memberRows[at] ?? 0;
      products[row] = (products[row] ?? 0) - step * (squares[row] ?? 0);
      sums[row] = (sums[row] ?? 0) + step;
    }
  }
  for (let row = 0; row < rows; row++) {
    change[row] = (change[row] ?? 0) + (norm[row] ?? 0) * (sums[row] ?? 0);
  }
}
