import { positivePattern } from '../neighbours/top-products.ts';
import { transpose, type CsrMatrix } from '../matrix/csr.ts';

export interface GraphFilterOptions {
  /** a: how far a user with many interactions says less about each. */
  readonly userExponent: number;
  /** b: the same of an item. ½ and ½ is the symmetric normalisation of the bipartite graph. */
  readonly itemExponent: number;
  /** c: how much of what neighbours' neighbours say is taken off again. */
  readonly sharpening: number;
  /** d: how much of the third power comes back. */
  readonly curvature: number;
  /** q: how much popularity is given back at the end. */
  readonly degreeExponent: number;
}

/** Steps of the power iteration for the largest eigenvalue: it converges to a percent long before. */
const POWER_STEPS = 30;

/**
 * A training-free filter on the graph of users and items. With R the 0/1 interactions, D_U and D_I the degrees,
 * R̃ = D_U^-a R D_I^-b and P = R̃ᵀR̃ / λ, λ the largest eigenvalue of R̃ᵀR̃, the scores for a history x are
 *
 *     D_I^q (P − c P² + d P³) x
 *
 * P x blurs the history over the graph (the linear filter of GF-CF: Shen et al., "How Powerful is Graph Convolution
 * for Recommendation?", 2021); −c P² x sharpens again, an Euler step against the same blur (BSPM: Choi et al.,
 * "Blurring-Sharpening Process Models for Collaborative Filtering", 2023). In P's spectrum the response is
 * σ(1 − cσ + dσ²): the few strongest directions, which are popularity, are held back. Where those papers take a = b = ½ and
 * q = 0 and add an ideal low-pass by a truncated SVD, the exponents here are free, and no SVD is needed: by validation
 * on Gowalla (docs/models/graph-filter.md).
 */
export class GraphFilter {
  readonly options: GraphFilterOptions;
  /** R's pattern, users × items. */
  readonly interactions: CsrMatrix;
  readonly #byUser: CsrMatrix;
  readonly #byItem: CsrMatrix;
  /** D_I^q. */
  readonly #gain: Float64Array;
  readonly #users: Float64Array;

  private constructor(interactions: CsrMatrix, options: GraphFilterOptions) {
    this.options = options;
    this.interactions = interactions;
    const columns = transpose(interactions);
    const normalised = normalise(interactions, columns, options);
    const scale = 1 / Math.sqrt(largestEigenvalue(normalised));
    this.#byUser = { ...normalised, data: normalised.data.map((value) => value * scale) };
    this.#byItem = transpose(this.#byUser);
    this.#gain = Float64Array.from(
      { length: interactions.columns },
      (_, item) => degree(columns, item) ** options.degreeExponent,
    );
    this.#users = new Float64Array(interactions.rows);
  }

  /** Interactions are the entries of `train` above 0. Linear in them. */
  static of(train: CsrMatrix, options: GraphFilterOptions): GraphFilter {
    return new GraphFilter(positivePattern(train), options);
  }

  get items(): number {
    return this.interactions.columns;
  }

  /** Scores of all items for a history. */
  scores(item: ArrayLike<number>, strength: ArrayLike<number>): Float64Array<ArrayBuffer> {
    const blurred = this.#blurOf(item, strength);
    const scores = this.#response(blurred);
    this.#gain.forEach((gain, at) => (scores[at] = (scores[at] ?? 0) * gain));
    return scores;
  }

  /** What a strength of 1 for each item adds to the score of `target`: the filter is symmetric but for D_I^q. */
  influences(target: number): Float64Array<ArrayBuffer> {
    const row = this.#response(this.#blurOf([target], [1]));
    const gain = this.#gain[target] ?? 0;
    return row.map((value) => value * gain);
  }

  /** (I − cP + dP²) y for y = P x; `blurred` is used up. */
  #response(blurred: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
    const { sharpening, curvature } = this.options;
    if (sharpening === 0 && curvature === 0) return blurred;
    const twice = this.#blur(blurred);
    const thrice = curvature === 0 ? null : this.#blur(twice);
    for (let item = 0; item < blurred.length; item++) {
      const off = sharpening * (twice[item] ?? 0) - (thrice === null ? 0 : curvature * (thrice[item] ?? 0));
      blurred[item] = (blurred[item] ?? 0) - off;
    }
    return blurred;
  }

  /** P y. */
  #blur(y: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
    multiply(this.#byUser, y, this.#users);
    const blurred = new Float64Array(this.items);
    multiply(this.#byItem, this.#users, blurred);
    return blurred;
  }

  /** P x for a sparse x: only the users who share an item are visited. */
  #blurOf(item: ArrayLike<number>, strength: ArrayLike<number>): Float64Array<ArrayBuffer> {
    const users = this.#users.fill(0);
    const { indptr, indices, data } = this.#byItem;
    for (let at = 0; at < item.length; at++) {
      const own = item[at] ?? 0;
      const end = indptr[own + 1] ?? 0;
      for (let entry = indptr[own] ?? 0; entry < end; entry++) {
        const user = indices[entry] ?? 0;
        users[user] = (users[user] ?? 0) + (strength[at] ?? 0) * (data[entry] ?? 0);
      }
    }
    const blurred = new Float64Array(this.items);
    const rows = this.#byUser;
    for (let user = 0; user < rows.rows; user++) {
      const weight = users[user] ?? 0;
      if (weight === 0) continue;
      const end = rows.indptr[user + 1] ?? 0;
      for (let entry = rows.indptr[user] ?? 0; entry < end; entry++) {
        const column = rows.indices[entry] ?? 0;
        blurred[column] = (blurred[column] ?? 0) + weight * (rows.data[entry] ?? 0);
      }
    }
    return blurred;
  }
}

function normalise(
  interactions: CsrMatrix,
  columns: CsrMatrix,
  { userExponent, itemExponent }: GraphFilterOptions,
): CsrMatrix {
  const data = new Float32Array(interactions.data.length);
  const item = Float64Array.from(
    { length: interactions.columns },
    (_, at) => degree(columns, at) ** -itemExponent,
  );
  for (let user = 0; user < interactions.rows; user++) {
    const own = degree(interactions, user) ** -userExponent;
    const end = interactions.indptr[user + 1] ?? 0;
    for (let entry = interactions.indptr[user] ?? 0; entry < end; entry++) {
      data[entry] = own * (item[interactions.indices[entry] ?? 0] ?? 0);
    }
  }
  return { ...interactions, data };
}

/** Of R̃ᵀR̃, by power iteration from all ones: its entries are not negative, so neither is the leading vector. */
function largestEigenvalue(byUser: CsrMatrix): number {
  const byItem = transpose(byUser);
  let vector = new Float64Array(byUser.columns).fill(1);
  const users = new Float64Array(byUser.rows);
  let value = 1;
  for (let step = 0; step < POWER_STEPS; step++) {
    multiply(byUser, vector, users);
    const next = new Float64Array(byUser.columns);
    multiply(byItem, users, next);
    value = Math.sqrt(next.reduce((sum, entry) => sum + entry * entry, 0));
    if (value === 0) return 1;
    const length = value;
    vector = next.map((entry) => entry / length);
  }
  return value;
}

/** out = M x. */
function multiply({ rows, indptr, indices, data }: CsrMatrix, x: Float64Array, out: Float64Array): void {
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    const end = indptr[row + 1] ?? 0;
    for (let entry = indptr[row] ?? 0; entry < end; entry++) {
      sum += (data[entry] ?? 0) * (x[indices[entry] ?? 0] ?? 0);
    }
    out[row] = sum;
  }
}

/** Entries of a row, at least 1 so that it can be divided by. */
function degree({ indptr }: CsrMatrix, row: number): number {
  return Math.max(1, (indptr[row + 1] ?? 0) - (indptr[row] ?? 0));
}
