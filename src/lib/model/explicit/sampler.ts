import type { PosteriorSample } from './bayesian-model.ts';
import { drawDimension, drawPrior, SideScratch, type Prior, type Sets, type Side } from './gibbs-side.ts';
import type { NormalStream } from './normal-stream.ts';
import { itemOrder, type RatingTable } from './ratings.ts';

/** What a sampler can go on from: values only, dims × rows or dims × members as it keeps them. */
export interface SamplerState {
  readonly intercept: number;
  readonly users: number;
  readonly items: number;
  readonly userValues: Float32Array<ArrayBuffer>;
  readonly itemValues: Float32Array<ArrayBuffer>;
  /** y and x; null where the model has no such sets. */
  readonly userMembers: Float32Array<ArrayBuffer> | null;
  readonly itemMembers: Float32Array<ArrayBuffer> | null;
  /** Null for a model without time. */
  readonly binValues: Float32Array<ArrayBuffer> | null;
}

/** What the sampler draws. */
export interface SamplerShape {
  readonly factors: number;
  /** The items a user rated are features of the user (SVD++). */
  readonly itemSets: boolean;
  /** The users who rated an item are features of the item (SVD++ flipped). */
  readonly userSets: boolean;
  /** The time bin of each entry of the table; null for a model without time. */
  readonly bin: Int32Array | null;
  readonly bins: number;
  readonly initialScale: number;
}

/**
 * The state of a Gibbs sampler for
 *
 *     r̂(u, i, t) = w + a_u0 + b_i0 + c_t0 + a_uᵀ b_i + c_tᵀ (a_u + b_i)
 *     a_u = p_u + Σ_{j ∈ N(u)} y_j / √|N(u)|,   b_i = q_i + Σ_{v ∈ N(i)} x_v / √|N(i)|
 *
 * with normal noise of precision α and, for each family (p, y, q, x, c) and dimension, a normal prior whose mean and
 * precision are drawn, too. The biases (dimension 0 here) have the same composites.
 */
export class Sampler {
  readonly #table: RatingTable;
  readonly #shape: SamplerShape;
  readonly #random: NormalStream;
  readonly #scratch: SideScratch;
  readonly #errors: Float64Array;
  /** In the order of each side: the other's row, and the time bin. */
  readonly #userOfItemOrder: Int32Array;
  readonly #identity: Int32Array;
  readonly #binOfItemOrder: Int32Array;
  readonly #userOfBinOrder: Int32Array;
  readonly #itemOfBinOrder: Int32Array;
  readonly userSide: Side;
  readonly itemSide: Side;
  readonly timeSide: Side | null;
  intercept: number;
  noisePrecision = 1;

  constructor(table: RatingTable, shape: SamplerShape, random: NormalStream) {
    this.#table = table;
    this.#shape = shape;
    this.#random = random;
    this.intercept = table.mean;
    const dims = shape.factors + 1;
    const entries = table.rating.length;
    const { user, item } = table;
    const byItem = itemOrder(table);
    this.#identity = Int32Array.from({ length: entries }, (_, at) => at);
    this.#userOfItemOrder = gathered(user, byItem);
    const itemSets = shape.itemSets
      ? this.#sets(table.items, table.itemStarts, this.#userOfItemOrder, table.userStarts, dims)
      : null;
    this.userSide = this.#side(table.users, table.userStarts, this.#identity, itemSets, dims);
    const userSets = shape.userSets
      ? this.#sets(table.users, table.userStarts, item, table.itemStarts, dims)
      : null;
    this.itemSide = this.#side(table.items, table.itemStarts, byItem, userSets, dims);
    const { bin, bins } = shape;
    if (bin === null) {
      this.timeSide = null;
      this.#binOfItemOrder = this.#userOfBinOrder = this.#itemOfBinOrder = new Int32Array();
    } else {
      const { starts, order } = sortedBy(bin, bins);
      this.timeSide = this.#side(bins, starts, order, null, dims);
      this.#binOfItemOrder = gathered(bin, byItem);
      this.#userOfBinOrder = gathered(user, order);
      this.#itemOfBinOrder = gathered(item, order);
    }
    this.#scratch = new SideScratch(entries, Math.max(table.users, table.items, bins));
    this.#errors = new Float64Array(entries);
    for (const side of this.#sides()) recompose(side, dims);
  }

  /** Takes over the values of an earlier sampler of as many factors; rows that it did not have are 0. */
  resume(state: SamplerState): void {
    const dims = this.#shape.factors + 1;
    const { users, items, userValues, itemValues, userMembers, itemMembers, binValues } = state;
    this.intercept = state.intercept;
    copyDimensions(userValues, users, this.userSide.own, this.userSide.rows, dims);
    copyDimensions(itemValues, items, this.itemSide.own, this.itemSide.rows, dims);
    const [userSets, itemSets] = [this.userSide.sets, this.itemSide.sets];
    if (userSets !== null && userMembers !== null) {
      copyDimensions(userMembers, items, userSets.values, userSets.members, dims);
    }
    if (itemSets !== null && itemMembers !== null) {
      copyDimensions(itemMembers, users, itemSets.values, itemSets.members, dims);
    }
    if (this.timeSide !== null && binValues !== null) {
      copyDimensions(binValues, binValues.length / dims, this.timeSide.own, this.timeSide.rows, dims);
    }
    for (const side of this.#sides()) recompose(side, dims);
  }

  /** A copy of the values. */
  state(): SamplerState {
    return {
      intercept: this.intercept,
      users: this.userSide.rows,
      items: this.itemSide.rows,
      userValues: Float32Array.from(this.userSide.own),
      itemValues: Float32Array.from(this.itemSide.own),
      userMembers: this.userSide.sets === null ? null : Float32Array.from(this.userSide.sets.values),
      itemMembers: this.itemSide.sets === null ? null : Float32Array.from(this.itemSide.sets.values),
      binValues: this.timeSide === null ? null : Float32Array.from(this.timeSide.own),
    };
  }

  /** The state as a draw from the posterior. */
  sample(): PosteriorSample {
    const dims = this.#shape.factors + 1;
    const { sets, prior } = this.userSide;
    return {
      intercept: this.intercept,
      noisePrecision: this.noisePrecision,
      users: rowMajor(this.userSide, dims),
      items: rowMajor(this.itemSide, dims),
      bins: this.timeSide === null ? new Float32Array(dims) : rowMajor(this.timeSide, dims),
      implied: sets === null ? null : transposed(sets.values, dims, sets.members, sets.members),
      userPriorMean: prior.mean.slice(),
      userPriorPrecision: prior.precision.slice(),
    };
  }

  /** One sweep over all parameters; yields between dimensions. Returns the training error (RMSE) of the state left. */
  *sweep(): Generator<void, number> {
    const random = this.#random;
    const errors = this.#errors;
    const entries = errors.length;
    this.#computeErrors();
    yield;
    this.noisePrecision = random.gamma(1 + entries / 2, 1 + squareSum(errors) / 2);
    const shift = sum(errors) / entries + random.normal() / Math.sqrt(this.noisePrecision * entries);
    this.intercept += shift;
    for (let at = 0; at < entries; at++) errors[at] = (errors[at] ?? 0) - shift;
    for (let dim = 0; dim <= this.#shape.factors; dim++) {
      for (const side of this.#sides()) {
        drawPrior(side.prior, dim, side.own.subarray(dim * side.rows, (dim + 1) * side.rows), random);
        const { sets } = side;
        if (sets !== null) {
          const { members } = sets;
          drawPrior(sets.prior, dim, sets.values.subarray(dim * members, (dim + 1) * members), random);
        }
      }
      for (const side of this.#sides()) {
        if (dim === 0) this.#scratch.slopes.fill(1);
        else this.#slopesOf(side, dim);
        drawDimension(side, dim, this.noisePrecision, errors, this.#scratch, random);
        yield;
      }
    }
    return Math.sqrt(squareSum(errors) / entries);
  }

  #sides(): readonly Side[] {
    return this.timeSide === null
      ? [this.userSide, this.itemSide]
      : [this.userSide, this.itemSide, this.timeSide];
  }

  #slopesOf(side: Side, dim: number): void {
    const { users, items, item } = this.#table;
    const { slopes } = this.#scratch;
    const a = this.userSide.composite.subarray(dim * users, (dim + 1) * users);
    const b = this.itemSide.composite.subarray(dim * items, (dim + 1) * items);
    const time = this.timeSide;
    const bins = this.#shape.bins;
    const c = time?.composite.subarray(dim * bins, (dim + 1) * bins);
    if (side === this.userSide) fillSlopes(slopes, b, item, c, this.#shape.bin);
    else if (side === this.itemSide) fillSlopes(slopes, a, this.#userOfItemOrder, c, this.#binOfItemOrder);
    else fillSlopes(slopes, a, this.#userOfBinOrder, b, this.#itemOfBinOrder);
  }

  #computeErrors(): void {
    const { users, items, user, item, rating } = this.#table;
    const errors = this.#errors;
    const { factors, bin, bins } = this.#shape;
    const time = this.timeSide;
    for (let at = 0; at < errors.length; at++) errors[at] = (rating[at] ?? 0) - this.intercept;
    for (let dim = 0; dim <= factors; dim++) {
      const a = this.userSide.composite.subarray(dim * users, (dim + 1) * users);
      const b = this.itemSide.composite.subarray(dim * items, (dim + 1) * items);
      const c = time?.composite.subarray(dim * bins, (dim + 1) * bins);
      for (let at = 0; at < errors.length; at++) {
        const left = a[user[at] ?? 0] ?? 0;
        const right = b[item[at] ?? 0] ?? 0;
        const when = c === undefined || bin === null ? 0 : (c[bin[at] ?? 0] ?? 0);
        const predicted = dim === 0 ? left + right + when : left * right + when * (left + right);
        errors[at] = (errors[at] ?? 0) - predicted;
      }
    }
  }

  #side(rows: number, starts: Int32Array, order: Int32Array, sets: Sets | null, dims: number): Side {
    return {
      rows,
      starts,
      order,
      own: this.#normals(dims, rows),
      composite: new Float64Array(dims * rows),
      prior: newPrior(dims),
      sets,
    };
  }

  #sets(members: number, starts: Int32Array, rows: Int32Array, rowStarts: Int32Array, dims: number): Sets {
    return {
      members,
      memberStarts: starts,
      memberRows: rows,
      norm: Float64Array.from({ length: rowStarts.length - 1 }, (_, row) => {
        const size = (rowStarts[row + 1] ?? 0) - (rowStarts[row] ?? 0);
        return size === 0 ? 0 : 1 / Math.sqrt(size);
      }),
      values: this.#normals(dims, members),
      prior: newPrior(dims),
    };
  }

  /** Dimension 0, the biases, starts at 0. */
  #normals(dims: number, rows: number): Float64Array {
    const values = new Float64Array(dims * rows);
    for (let at = rows; at < values.length; at++)
      values[at] = this.#shape.initialScale * this.#random.normal();
    return values;
  }
}

/** Composites, a row after the other, the prior's mean for rows without entries and once more at the end. */
function rowMajor({ rows, starts, composite, prior }: Side, dims: number): Float32Array<ArrayBuffer> {
  const values = transposed(composite, dims, rows, rows + 1);
  for (let row = 0; row <= rows; row++) {
    if (row === rows || starts[row] === starts[row + 1]) values.set(prior.mean, row * dims);
  }
  return values;
}

/** dims × rows becomes `total` ≥ rows rows of dims numbers. */
function transposed(
  values: Float64Array,
  dims: number,
  rows: number,
  total: number,
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(total * dims);
  for (let dim = 0; dim < dims; dim++) {
    for (let row = 0; row < rows; row++) result[row * dims + dim] = values[dim * rows + row] ?? 0;
  }
  return result;
}

/** Copies each dimension's rows to where a longer dimension begins; the rest becomes 0. */
function copyDimensions(
  from: Float32Array,
  fromRows: number,
  to: Float64Array,
  toRows: number,
  dims: number,
): void {
  to.fill(0);
  for (let dim = 0; dim < dims; dim++) {
    to.set(from.subarray(dim * fromRows, (dim + 1) * fromRows), dim * toRows);
  }
}

function newPrior(dims: number): Prior {
  return { mean: new Float64Array(dims), precision: new Float64Array(dims).fill(1) };
}

/** Makes the composites from the values. */
function recompose({ rows, own, composite, sets }: Side, dims: number): void {
  composite.set(own);
  if (sets === null) return;
  const { members, memberStarts, memberRows, norm, values } = sets;
  for (let dim = 0; dim < dims; dim++) {
    for (let member = 0; member < members; member++) {
      const value = values[dim * members + member] ?? 0;
      for (let at = memberStarts[member] ?? 0; at < (memberStarts[member + 1] ?? 0); at++) {
        const row = memberRows[at] ?? 0;
        const to = dim * rows + row;
        composite[to] = (composite[to] ?? 0) + (norm[row] ?? 0) * value;
      }
    }
  }
}

function fillSlopes(
  slopes: Float64Array,
  first: Float64Array,
  firstIndex: Int32Array,
  second: Float64Array | undefined,
  secondIndex: Int32Array | null,
): void {
  const entries = firstIndex.length;
  if (second === undefined || secondIndex === null) {
    for (let at = 0; at < entries; at++) slopes[at] = first[firstIndex[at] ?? 0] ?? 0;
    return;
  }
  for (let at = 0; at < entries; at++) {
    slopes[at] = (first[firstIndex[at] ?? 0] ?? 0) + (second[secondIndex[at] ?? 0] ?? 0);
  }
}

function gathered(values: Int32Array, order: Int32Array): Int32Array {
  return Int32Array.from(order, (at) => values[at] ?? 0);
}

function sortedBy(keys: Int32Array, size: number): { starts: Int32Array; order: Int32Array } {
  const starts = new Int32Array(size + 1);
  for (const key of keys) starts[key + 1] = (starts[key + 1] ?? 0) + 1;
  for (let key = 0; key < size; key++) starts[key + 1] = (starts[key + 1] ?? 0) + (starts[key] ?? 0);
  const next = starts.slice();
  const order = new Int32Array(keys.length);
  keys.forEach((key, at) => {
    const target = next[key] ?? 0;
    next[key] = target + 1;
    order[target] = at;
  });
  return { starts, order };
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function squareSum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value * value;
  return total;
}
