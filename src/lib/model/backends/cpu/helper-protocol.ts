import type { CsrMatrix } from '../../matrix/csr.ts';
import type { TopK } from '../backend.ts';
import type { Eigenbasis } from './eigenbasis.ts';
import type { RowsImproved } from './row-steps.ts';
import type { RowsSolved } from './row-systems.ts';

/** What a helper does: a worker that computes a part of the rows with kernels and a memory of its own. */
export interface HelperService {
  /** Once, before anything else. */
  start: { params: { readonly module: WebAssembly.Module }; progress: null; result: null };
  /** Keeps rows of a sparse matrix under an id. */
  keep: { params: { readonly id: number; readonly rows: CsrMatrix }; progress: null; result: null };
  drop: { params: { readonly id: number }; progress: null; result: null };
  solve: { params: HelperSolve; progress: null; result: HelperSolved };
  improve: { params: HelperImprove; progress: null; result: HelperImproved };
  rank: { params: HelperRank; progress: null; result: TopK };
}

/** Rows to solve (see RowJob): all that were kept under `id`. */
export interface HelperSolve {
  readonly id: number;
  readonly k: number;
  /** Ỹ, rows of `paddedWidth(k)` floats. */
  readonly rotated: Float32Array<ArrayBuffer>;
  /** α0Λ, k values. */
  readonly spectrum: Float64Array;
  /** One a kept row. */
  readonly ridge: Float32Array<ArrayBuffer>;
}

export interface HelperSolved extends RowsSolved {
  /** X̃, kept rows × `paddedWidth(k)`. */
  readonly solved: Float32Array<ArrayBuffer>;
}

/** Rows to improve (see StepsJob): all that were kept under `id`. */
export interface HelperImprove {
  readonly id: number;
  readonly k: number;
  /** Y, rows of `paddedWidth(k)` floats. */
  readonly fixed: Float32Array<ArrayBuffer>;
  /** α0G, k × k. */
  readonly unobserved: Float64Array;
  /** α0 diag G, k values. */
  readonly spectrum: Float64Array;
  /** One a kept row. */
  readonly ridge: Float32Array<ArrayBuffer>;
  /** X, kept rows × `paddedWidth(k)`. */
  readonly rows: Float32Array<ArrayBuffer>;
  readonly steps: number;
  readonly chunkRows: number;
}

export interface HelperImproved extends RowsImproved {
  /** X, kept rows × `paddedWidth(k)`. */
  readonly rows: Float32Array<ArrayBuffer>;
}

/** Users to rank all items for (see RankJob). */
export interface HelperRank {
  readonly users: Float32Array<ArrayBuffer>;
  readonly itemFactors: Float32Array<ArrayBuffer>;
  readonly factors: number;
  readonly basis: Eigenbasis | null;
  readonly k: number;
  readonly seen: Seen | null;
}

/** Items to leave out, by user: a CSR matrix without values. */
export type Seen = Pick<CsrMatrix, 'indptr' | 'indices'>;
