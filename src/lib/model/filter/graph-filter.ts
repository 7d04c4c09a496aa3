import { GRAPH_LANES, type GraphEngine, type GraphOperator, type LowPass } from '../backends/graph.ts';
import { openGraphEngine } from '../backends/open-graph.ts';
import { runInSlices } from '../backends/slices.ts';
import { dotAt } from '../linear/dense.ts';
import { leadingEigenvectorSteps } from '../linear/leading-eigenvectors.ts';
import { positivePattern } from '../neighbours/top-products.ts';
import { transpose, type CsrMatrix } from '../matrix/csr.ts';

export interface GraphFilterOptions {
  /** a: how far a user with many interactions says less about each. */
  readonly userExponent: number;
  /** b: the same of an item. ½ and ½ is the symmetric normalisation of the bipartite graph. */
  readonly itemExponent: number;
  /** k: eigenvectors of P that the low-pass keeps; 0: there is none. */
  readonly rank: number;
  /** β: what the low-pass counts for beside P. */
  readonly lowPassWeight: number;
  /** T: how long the result is sharpened. */
  readonly sharpening: number;
  /** q: how much popularity is given back at the end. */
  readonly degreeExponent: number;
}

/** The leading eigenvectors of P. */
export interface GraphSpectrum {
  readonly rank: number;
  /** items × rank, row-major. */
  readonly vectors: Float32Array<ArrayBuffer>;
}

/** Steps of the power iteration for the largest eigenvalue: it converges to a percent long before. */
const POWER_STEPS = 30;

/**
 * A training-free filter on the graph of users and items. With R the 0/1 interactions, D_U and D_I the degrees,
 * R̃ = D_U^-a R D_I^-b and P = R̃ᵀR̃ / λ, λ the largest eigenvalue of R̃ᵀR̃, the scores for a history x are
 *
 *     D_I^q s(P) (P + β D_I^b V Vᵀ D_I^-b) x,   s(P) = I − TP + (TP)²/2 − (TP)³/6 + (TP)⁴/24
 *
 * P x blurs the history over the graph, and V, the k leading eigenvectors of P, makes the ideal low-pass of GF-CF (Shen
 * et al., "How Powerful is Graph Convolution for Recommendation?", 2021). s(P) is one Runge–Kutta step of dr/dt = −P r
 * over a time T, the sharpening of BSPM (Choi et al., "Blurring-Sharpening Process Models for Collaborative
 * Filtering", 2023, with its early merge): what follows from the graph alone is taken off again. Linear in x.
 */
export class GraphFilter {
  readonly options: GraphFilterOptions;
  /** R's pattern, users × items. */
  readonly interactions: CsrMatrix;
  readonly spectrum: GraphSpectrum;
  readonly #operator: GraphOperator;
  readonly #byUser: CsrMatrix;
  readonly #byItem: CsrMatrix;
  /** Of s(P), from P⁰ on. */
  readonly #coefficients: readonly number[];
  /** With β in it; null where there is none. */
  readonly #lowPass: LowPass | null;
  /** D_I^q. */
  readonly #gain: Float64Array;
  readonly #users: Float64Array;
  #engine: Promise<GraphEngine> | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(graph: Graph, options: GraphFilterOptions, spectrum: GraphSpectrum) {
    const { interactions, byUser, itemDegrees, operator } = graph;
    const { sharpening, degreeExponent, itemExponent, lowPassWeight } = options;
    this.options = options;
    this.interactions = interactions;
    this.spectrum = spectrum;
    this.#operator = operator;
    this.#byUser = byUser;
    this.#byItem = transpose(byUser);
    this.#coefficients = rungeKutta(sharpening);
    this.#lowPass =
      spectrum.rank === 0 || lowPassWeight === 0
        ? null
        : {
            ...spectrum,
            left: itemDegrees.map((degree) => lowPassWeight * degree ** itemExponent),
            right: itemDegrees.map((degree) => degree ** -itemExponent),
          };
    this.#gain = itemDegrees.map((degree) => degree ** degreeExponent);
    this.#users = new Float64Array(interactions.rows);
  }

  /**
   * Interactions are the entries of `train` above 0. The seed is where the search for eigenvectors begins; fewer than
   * `rank` are kept where there are no more. Rejects with `cancelled`.
   */
  static async fit(
    train: CsrMatrix,
    options: GraphFilterOptions,
    seed: number,
    signal?: AbortSignal,
  ): Promise<GraphFilter> {
    const graph = graphOf(positivePattern(train), options);
    const rank = options.lowPassWeight === 0 ? 0 : Math.min(options.rank, train.columns);
    if (rank === 0) return new GraphFilter(graph, options, { rank: 0, vectors: new Float32Array(0) });
    const engine = await openGraphEngine(graph.operator);
    const steps = leadingEigenvectorSteps(engine, train.columns, rank, seed);
    const { values, vectors } = await runInSlices(steps, signal, 1);
    const filter = new GraphFilter(graph, options, { rank: values.length, vectors });
    filter.#engine = Promise.resolve(filter.#prepared(engine));
    return filter;
  }

  /** From what was kept of one. */
  static of(interactions: CsrMatrix, options: GraphFilterOptions, spectrum: GraphSpectrum): GraphFilter {
    return new GraphFilter(graphOf(interactions, options), options, spectrum);
  }

  get items(): number {
    return this.interactions.columns;
  }

  /** Scores of all items for a history, in 64 bits. */
  scores(item: ArrayLike<number>, strength: ArrayLike<number>): Float64Array<ArrayBuffer> {
    const merged = this.#blurOf(item, strength);
    if (this.#lowPass !== null) {
      const { rank, vectors, left, right } = this.#lowPass;
      const seen = new Float64Array(rank);
      for (let at = 0; at < item.length; at++) {
        const own = item[at] ?? 0;
        addRow(seen, (strength[at] ?? 0) * (right[own] ?? 0), vectors, own);
      }
      for (let own = 0; own < merged.length; own++) {
        merged[own] = (merged[own] ?? 0) + (left[own] ?? 0) * dotAt(seen, vectors, own * rank);
      }
    }
    const scores = this.#sharpen(merged);
    this.#gain.forEach((gain, at) => (scores[at] = (scores[at] ?? 0) * gain));
    return scores;
  }

  /** What a strength of 1 for each item adds to the score of `target`: the filter's row, by its transpose. */
  influences(target: number): Float64Array<ArrayBuffer> {
    const own = new Float64Array(this.items);
    own[target] = this.#gain[target] ?? 0;
    const sharpened = this.#sharpen(own);
    const influences = this.#blur(sharpened);
    if (this.#lowPass === null) return influences;
    const { rank, vectors, left, right } = this.#lowPass;
    const seen = new Float64Array(rank);
    sharpened.forEach((value, item) => addRow(seen, value * (left[item] ?? 0), vectors, item));
    return influences.map((value, item) => value + (right[item] ?? 0) * dotAt(seen, vectors, item * rank));
  }

  /**
   * Scores of all items for many histories, a row each, in 32 bits: histories × items, for at most GRAPH_LANES. Far
   * faster than one by one.
   */
  async scoresOfMany(histories: CsrMatrix, signal?: AbortSignal): Promise<Float32Array<ArrayBuffer>> {
    this.#engine ??= openGraphEngine(this.#operator).then((engine) => this.#prepared(engine));
    const engine = await this.#engine;
    // the engine has one set of blocks: a call waits for the one before it
    const scores = this.#turn.then(() => runInSlices(engine.scores(histories), signal, 1));
    this.#turn = scores.catch(() => undefined);
    return scores;
  }

  /** Histories that scoresOfMany takes. */
  static readonly atOnce = GRAPH_LANES;

  #prepared(engine: GraphEngine): GraphEngine {
    engine.use({ coefficients: this.#coefficients, lowPass: this.#lowPass, gain: this.#gain });
    return engine;
  }

  /** s(P) y. */
  #sharpen(y: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
    const highest = this.#coefficients.at(-1) ?? 1;
    let sharpened = y.map((value) => highest * value);
    for (const coefficient of this.#coefficients.slice(0, -1).toReversed()) {
      sharpened = this.#blur(sharpened);
      for (let item = 0; item < y.length; item++) {
        sharpened[item] = (sharpened[item] ?? 0) + coefficient * (y[item] ?? 0);
      }
    }
    return sharpened;
  }

  /** P y. */
  #blur(y: Float64Array): Float64Array<ArrayBuffer> {
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

interface Graph {
  readonly interactions: CsrMatrix;
  /** R̃ / √λ. */
  readonly byUser: CsrMatrix;
  readonly itemDegrees: Float64Array;
  readonly operator: GraphOperator;
}

function graphOf(interactions: CsrMatrix, { userExponent, itemExponent }: GraphFilterOptions): Graph {
  const itemDegrees = degreesOf(transpose(interactions));
  const itemScale = itemDegrees.map((degree) => degree ** -itemExponent);
  const perUser = degreesOf(interactions).map((degree) => degree ** -userExponent);
  const normalised = scaled(interactions, perUser, itemScale);
  const largest = largestEigenvalue(normalised);
  const root = Math.sqrt(largest);
  return {
    interactions,
    byUser: { ...normalised, data: normalised.data.map((value) => value / root) },
    itemDegrees,
    operator: { interactions, userScale: perUser.map((value) => value ** 2 / largest), itemScale },
  };
}

/** Of 1 − TP + (TP)²/2 − (TP)³/6 + (TP)⁴/24: the fourth-order Runge–Kutta method's step for dr/dt = −P r. */
function rungeKutta(time: number): readonly number[] {
  return time === 0 ? [1] : [1, -time, time ** 2 / 2, -(time ** 3) / 6, time ** 4 / 24];
}

function scaled(interactions: CsrMatrix, perUser: Float64Array, perItem: Float64Array): CsrMatrix {
  const data = new Float32Array(interactions.data.length);
  for (let user = 0; user < interactions.rows; user++) {
    const own = perUser[user] ?? 0;
    const end = interactions.indptr[user + 1] ?? 0;
    for (let entry = interactions.indptr[user] ?? 0; entry < end; entry++) {
      data[entry] = own * (perItem[interactions.indices[entry] ?? 0] ?? 0);
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

/** sum += weight · row of a matrix with `sum.length` columns. */
function addRow(sum: Float64Array, weight: number, matrix: Float32Array, row: number): void {
  const start = row * sum.length;
  for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] ?? 0) + weight * (matrix[start + at] ?? 0);
}

/** Entries of each row, at least 1 so that it can be divided by. */
function degreesOf({ rows, indptr }: CsrMatrix): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) =>
    Math.max(1, (indptr[row + 1] ?? 0) - (indptr[row] ?? 0)),
  );
}
