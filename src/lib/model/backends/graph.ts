import type { CsrMatrix } from '../matrix/csr.ts';

/** Vectors over the items that an engine filters at once. */
export const GRAPH_LANES = 32;

/** P = D_B Rᵀ D_A R D_B on the graph of users and items. */
export interface GraphOperator {
  /** R, users × items: 1 where there is an entry, whatever its value. */
  readonly interactions: CsrMatrix;
  /** D_A's diagonal. */
  readonly userScale: Float64Array;
  /** D_B's diagonal, above 0. */
  readonly itemScale: Float64Array;
}

/** The low-pass D_L V Vᵀ D_R. */
export interface LowPass {
  readonly rank: number;
  /** V, items × rank, row-major. */
  readonly vectors: Float32Array<ArrayBuffer>;
  /** Diagonals of D_L and D_R. */
  readonly left: Float64Array;
  readonly right: Float64Array;
}

/** S = gain Σ_j coefficients_j P^j (P + low-pass), applied to histories. */
export interface GraphResponse {
  /** From P⁰ on, at least one, and not all 0. */
  readonly coefficients: readonly number[];
  readonly lowPass: LowPass | null;
  /** A diagonal, one an item. */
  readonly gain: Float64Array;
}

/**
 * Computes with many vectors over the items at once. Matrices are row-major, a row an item. Work is in generators that
 * yield between short steps and hand back copies.
 */
export interface GraphEngine {
  /** P Y, items × columns. */
  blur(y: Float32Array, columns: number): Generator<void, Float32Array<ArrayBuffer>>;
  /** YᵀY, columns × columns. */
  gram(y: Float32Array, columns: number): Generator<void, Float64Array>;
  /** Y M for a square M of `columns`. */
  times(y: Float32Array, columns: number, m: Float64Array): Generator<void, Float32Array<ArrayBuffer>>;
  /** What `scores` computes from here on. */
  use(response: GraphResponse): void;
  /** S x for the rows x of at most GRAPH_LANES histories, a row each: histories × items. */
  scores(histories: CsrMatrix): Generator<void, Float32Array<ArrayBuffer>>;
  /** Bytes held. */
  readonly bytes: number;
}
