import type { AppError } from '../../errors.ts';
import type { GpuContext } from '../gpu/context.ts';
import { validateCsr, type CsrMatrix } from '../matrix/csr.ts';
import type { Backend, DeviceMatrix, DeviceSparse, RankRequest, RowSystem, TopK } from './backend.ts';
import {
  checkFactors,
  checkFinite,
  checkObserved,
  checkRankRequest,
  checkRowSystem,
  checkSquare,
  checkTransposed,
  checkUpload,
  checkWeights,
} from './shapes.ts';
import { throwIfCancelled } from './slices.ts';
import { invertMatrix, sparseGramOf } from './webgpu/dense.ts';
import { gramOf } from './webgpu/gram.ts';
import { observedLossOf, weightedNormOf } from './webgpu/loss.ts';
import { gpuMatrix, GpuMatrix, gpuSparse, GpuSparse, type LiveBuffers } from './webgpu/matrix.ts';
import { Pace } from './webgpu/pace.ts';
import { rank } from './webgpu/rank.ts';
import { solveRows, type ShortRows } from './webgpu/row-solver.ts';

/** Options of the backend. */
export interface WebGpuBackendOptions {
  /** How rows with fewer entries than factors are solved; `auto` takes what is faster. */
  readonly shortRows?: ShortRows;
}

/** A batch of systems is many dispatches, the longest of which takes about half of its time. */
const SOLVE_TARGET_MS = 100;

/** The engine on WebGPU. The context belongs to the caller, who may share its device with tfjs. */
export class WebGpuBackend implements Backend {
  readonly kind = 'webgpu';
  readonly name: string;
  readonly lost: Promise<AppError>;
  readonly #context: GpuContext;
  readonly #live: LiveBuffers = new Set();
  readonly #shortRows: ShortRows;
  readonly #pace = {
    gram: new Pace(),
    sparseGram: new Pace(),
    invert: new Pace(),
    rotate: new Pace(),
    solve: new Pace(SOLVE_TARGET_MS),
    loss: new Pace(),
    rank: new Pace(),
  };

  constructor(context: GpuContext, { shortRows = 'auto' }: WebGpuBackendOptions = {}) {
    this.#context = context;
    this.#shortRows = shortRows;
    this.name = context.name;
    this.lost = context.lost;
  }

  get deviceBytes(): number {
    return this.#context.bytes;
  }

  upload(rows: number, columns: number, values: Float32Array): DeviceMatrix {
    checkUpload(rows, columns, values);
    const matrix = new GpuMatrix(this.#context, this.#live, rows, columns);
    matrix.write(values);
    return matrix;
  }

  uploadSparse(matrix: CsrMatrix): DeviceSparse {
    validateCsr(matrix);
    return new GpuSparse(this.#context, this.#live, matrix);
  }

  async read(matrix: DeviceMatrix): Promise<Float32Array<ArrayBuffer>> {
    const values = await gpuMatrix(matrix).read();
    checkFinite(values);
    return values;
  }

  async gram(factors: DeviceMatrix, signal?: AbortSignal): Promise<DeviceMatrix> {
    throwIfCancelled(signal);
    checkFactors(factors.columns);
    const { columns } = factors;
    const result = new GpuMatrix(this.#context, this.#live, columns, columns);
    try {
      await gramOf(this.#context, this.#pace.gram, gpuMatrix(factors), result, signal);
      return result;
    } catch (error) {
      result.release();
      throw error;
    }
  }

  async sparseGram(
    byRow: DeviceSparse,
    byColumn: DeviceSparse,
    ridge: number,
    signal?: AbortSignal,
  ): Promise<DeviceMatrix> {
    checkTransposed(byRow, byColumn);
    const input = { byRow: gpuSparse(byRow), byColumn: gpuSparse(byColumn), ridge };
    return sparseGramOf(this.#context, this.#live, this.#pace.sparseGram, input, signal);
  }

  async invert(matrix: DeviceMatrix, signal?: AbortSignal): Promise<void> {
    checkSquare(matrix);
    await invertMatrix(this.#context, this.#pace.invert, gpuMatrix(matrix), signal);
  }

  async solveRows(system: RowSystem, signal?: AbortSignal): Promise<number | null> {
    checkRowSystem(system);
    await solveRows(
      {
        context: this.#context,
        live: this.#live,
        pace: this.#pace.solve,
        rotatePace: this.#pace.rotate,
        shortRows: this.#shortRows,
      },
      {
        observed: gpuSparse(system.observed),
        fixed: gpuMatrix(system.fixed),
        gram: gpuMatrix(system.gram),
        unobservedWeight: system.unobservedWeight,
        ridge: gpuMatrix(system.ridge),
        solved: gpuMatrix(system.solved),
      },
      signal,
    );
    return null;
  }

  async observedLoss(
    observed: DeviceSparse,
    left: DeviceMatrix,
    right: DeviceMatrix,
    signal?: AbortSignal,
  ): Promise<number> {
    checkObserved(observed, left, right);
    const sides = { observed: gpuSparse(observed), left: gpuMatrix(left), right: gpuMatrix(right) };
    return observedLossOf(this.#context, this.#pace.loss, sides, signal);
  }

  async weightedNorm(matrix: DeviceMatrix, weights: DeviceMatrix): Promise<number> {
    checkWeights(matrix, weights);
    return weightedNormOf(this.#context, gpuMatrix(matrix), gpuMatrix(weights));
  }

  async topK(request: RankRequest, signal?: AbortSignal): Promise<TopK> {
    checkRankRequest(request);
    const { users, itemFactors, seen, k } = request;
    return rank(
      this.#context,
      this.#pace.rank,
      {
        users: gpuMatrix(users),
        itemFactors: gpuMatrix(itemFactors),
        seen: seen === null ? null : gpuSparse(seen),
        k,
      },
      signal,
    );
  }

  dispose(): void {
    for (const held of [...this.#live]) held.release();
  }
}
