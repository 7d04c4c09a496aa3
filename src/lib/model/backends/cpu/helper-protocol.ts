import type { CsrMatrix } from '../../matrix/csr.ts';
import type { TopK } from '../backend.ts';
import type { Eigenbasis } from './eigenbasis.ts';

/** What a helper does: a worker that computes a part of the rows with kernels and a memory of its own. */
export interface HelperService {
  /** Once, before anything else. */
  start: { params: { readonly module: WebAssembly.Module }; progress: null; result: null };
  /** Keeps rows of a sparse matrix under an id. */
  keep: { params: { readonly id: number; readonly rows: CsrMatrix }; progress: null; result: null };
  drop: { params: { readonly id: number }; progress: null; result: null };
  solve: { params: HelperSolve; progress: null; result: HelperSolved };
  rank: { params: HelperRank; progress: null; result: TopK };
}

/** Rows to solve (see RowJob): all that were kept under `id`. */
export interface HelperSolve {
  readonly id: number;
  /** Ỹ, rows of `paddedWidth(k)` floats. */
  readonly rotated: Float32Array<ArrayBuffer>;
  readonly basis: Eigenbasis;
  readonly unobservedWeight: number;
  /** One a kept row. */
  readonly ridge: Float32Array<ArrayBuffer>;
}

export interface HelperSolved {
  /** Kept rows × k. */
  readonly solved: Float32Array<ArrayBuffer>;
  /** Kept rows that 32 bits do not resolve. */
  readonly unresolved: readonly number[];
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
