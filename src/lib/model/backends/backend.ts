import type { AppError } from '../../errors.ts';
import type { DeviceKind } from '../../types.ts';
import type { CsrMatrix } from '../matrix/csr.ts';

/** A dense matrix of 32-bit floats on the device. Belongs to the backend that made it. */
export interface DeviceMatrix {
  readonly rows: number;
  readonly columns: number;
  /** Frees its memory; using it afterwards throws `internal`. A second call does nothing. */
  release(): void;
}

/** A sparse matrix on the device. Belongs to the backend that made it. */
export interface DeviceSparse {
  readonly rows: number;
  readonly columns: number;
  readonly entries: number;
  release(): void;
}

/**
 * One half-iteration of ALS. With X = `solved`, Y = `fixed`, signed weights d = `observed` (|d| is the confidence
 * beyond the unobserved one, preference p = 1 where d > 0, else 0), each row u becomes the solution of
 *
 *     (unobservedWeight·G + Σ_i |d_ui| y_i y_iᵀ + ridge_u I) x_u = Σ_i |d_ui| p_ui y_i
 *
 * where i runs over the row's entries. A row with none becomes 0.
 */
export interface RowSystem {
  /** rows of X × rows of Y. */
  readonly observed: DeviceSparse;
  readonly fixed: DeviceMatrix;
  /** G = YᵀY, from `gram(fixed)`. */
  readonly gram: DeviceMatrix;
  readonly unobservedWeight: number;
  /** One column, a row per row of X; each above 0. */
  readonly ridge: DeviceMatrix;
  /** Overwritten. */
  readonly solved: DeviceMatrix;
  /**
   * 0 or absent: every row is solved. Above: an engine that can may take so many steps of conjugate gradients instead,
   * from where `solved` stands; each lowers a row's objective. Others solve exactly.
   */
  readonly cgSteps?: number;
}

/** The items with the highest scores of each row. */
export interface TopK {
  readonly k: number;
  /** rows × k item positions, best first; -1 where a row has fewer candidates. */
  readonly items: Int32Array<ArrayBuffer>;
  /** rows × k scores; 0 where there is no item. */
  readonly scores: Float32Array<ArrayBuffer>;
}

export interface RankRequest {
  readonly users: DeviceMatrix;
  readonly itemFactors: DeviceMatrix;
  /** Items to leave out, by user: every entry, whatever its value. null leaves none out. */
  readonly seen: DeviceSparse | null;
  /** 1 to 1,024. */
  readonly k: number;
}

/**
 * What a model computes on. The same calls with the same numbers give results that agree within a relative error
 * of 1e-4 on every implementation (never bit for bit: GPUs may reassociate), but for what `cgSteps` leaves open.
 *
 * Work runs in slices: `signal` stops it between two with code `cancelled`, and what it wrote so far is then
 * undefined. Everything rejects with `gpu-lost` once the device is gone, `gpu-out-of-memory` where an allocation
 * fails, `input-invalid` for shapes that do not fit together.
 */
export interface Backend {
  readonly kind: DeviceKind;
  /** The adapter's own description, or the CPU engine's. */
  readonly name: string;
  /** Bytes that matrices and scratch take on the device now. */
  readonly deviceBytes: number;
  /** Resolves when the device is gone for good; never rejects, never resolves on the CPU. */
  readonly lost: Promise<AppError>;

  /** Copies row-major values to the device. */
  upload(rows: number, columns: number, values: Float32Array): DeviceMatrix;
  uploadSparse(matrix: CsrMatrix): DeviceSparse;
  /** Copies back, row-major. Rejects with `training-diverged` where a value is not finite. */
  read(matrix: DeviceMatrix): Promise<Float32Array<ArrayBuffer>>;

  /** YᵀY, columns × columns. */
  gram(factors: DeviceMatrix, signal?: AbortSignal): Promise<DeviceMatrix>;
  /** XᵀX + ridge·I of a sparse matrix X given by rows and by columns; columns × columns. */
  sparseGram(
    byRow: DeviceSparse,
    byColumn: DeviceSparse,
    ridge: number,
    signal?: AbortSignal,
  ): Promise<DeviceMatrix>;
  /**
   * Replaces a symmetric positive definite matrix by its inverse. Rejects with `matrix-not-positive-definite` where a
   * pivot is not above 0.
   */
  invert(matrix: DeviceMatrix, signal?: AbortSignal): Promise<void>;
  /**
   * Resolves to the sum of what the rows minimize, Σ_u (unobservedWeight x_uᵀG x_u + ridge_u ‖x_u‖²) + observedLoss,
   * where that falls out on the way, else to null. Rejects with `matrix-not-positive-definite` where a pivot is not
   * above 0.
   */
  solveRows(system: RowSystem, signal?: AbortSignal): Promise<number | null>;
  /** Σ |d_ui| (p_ui − x_uᵀ y_i)² over the entries of `observed`, X × Y as in RowSystem. */
  observedLoss(
    observed: DeviceSparse,
    left: DeviceMatrix,
    right: DeviceMatrix,
    signal?: AbortSignal,
  ): Promise<number>;
  /** Σ_r weights_r ‖row r‖²; `weights` has one column. */
  weightedNorm(matrix: DeviceMatrix, weights: DeviceMatrix): Promise<number>;
  /** Scores are x_uᵀ y_i; equal scores go to the lower item position. */
  topK(request: RankRequest, signal?: AbortSignal): Promise<TopK>;

  /** Frees everything the backend holds. */
  dispose(): void;
}
