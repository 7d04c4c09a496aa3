import type { AppError } from '../../errors.ts';
import type { GpuContext } from '../gpu/context.ts';
import { computeGram } from '../kernels/gram/gram.ts';
import {
  createInvertScratch,
  invertPivot,
  invertUpdate,
  pivotCount,
  tileRows,
} from '../kernels/invert/invert.ts';
import { observedLoss } from '../kernels/observed-loss/observed-loss.ts';
import { rowSolveScratchBytes, solveRowRange } from '../kernels/row-solve/row-solve.ts';
import { computeScores, maxScoredUsers } from '../kernels/score/score.ts';
import { sparseGramRange } from '../kernels/sparse-gram/sparse-gram.ts';
import { NO_ITEM, selectTopK, TOP_K_PAIR_BYTES } from '../kernels/top-k/top-k.ts';
import { weightedNorm } from '../kernels/weighted-norm/weighted-norm.ts';
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
  notPositiveDefinite,
} from './shapes.ts';
import { throwIfCancelled } from './slices.ts';
import { gpuMatrix, GpuMatrix, gpuSparse, GpuSparse, type LiveBuffers } from './webgpu/matrix.ts';
import { nextRange, Pace } from './webgpu/pace.ts';

const U32_BYTES = Uint32Array.BYTES_PER_ELEMENT;
/** Most scratch that row systems or scores in flight may take. */
const MAX_SCRATCH_BYTES = 64 * 2 ** 20;
/** What a row costs beside its arithmetic, in multiply-adds: starting a workgroup, its barriers. */
const ROW_OVERHEAD = 4096;
/** Multiply-adds for each column in one tile row of an inversion's update: 64 rows, a pivot block of 32. */
const INVERT_TILE_ROW_COST = 64 * 32;

/** The engine on WebGPU. The context belongs to the caller, who may share its device with tfjs. */
export class WebGpuBackend implements Backend {
  readonly kind = 'webgpu';
  readonly name: string;
  readonly lost: Promise<AppError>;
  readonly #context: GpuContext;
  readonly #live: LiveBuffers = new Set();
  readonly #pace = {
    gram: new Pace(),
    invert: new Pace(),
    solve: new Pace(),
    loss: new Pace(),
    rank: new Pace(),
  };

  constructor(context: GpuContext) {
    this.#context = context;
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
    const { buffer: values, rows, columns, blocks } = gpuMatrix(factors);
    const result = new GpuMatrix(this.#context, this.#live, columns, columns);
    try {
      await computeGram(this.#context, { values, rows, factors: columns, blocks, gram: result.buffer });
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
    const [rows, columns] = [gpuSparse(byRow), gpuSparse(byColumn)];
    const gram = new GpuMatrix(this.#context, this.#live, byRow.columns, byRow.columns);
    const input = {
      ...rows.buffers,
      column_indptr: columns.buffers.indptr,
      column_entries: columns.buffers.entries,
      gram: gram.buffer,
      stride: 4 * gram.blocks,
      ridge,
    };
    // A row of the result visits the whole row of each of its entries.
    const meanLength = rows.entries / Math.max(1, rows.rows);
    const costOf = (row: number): number =>
      entriesOf(columns, row) * meanLength + gram.columns + ROW_OVERHEAD;
    try {
      await this.#inRanges(gram.rows, this.#pace.gram, costOf, gram.rows, signal, (first, count) =>
        sparseGramRange(this.#context, input, first, count),
      );
      return gram;
    } catch (error) {
      gram.release();
      throw error;
    }
  }

  async invert(matrix: DeviceMatrix, signal?: AbortSignal): Promise<void> {
    checkSquare(matrix);
    const order = matrix.rows;
    const tiles = tileRows(order);
    const scratch = createInvertScratch(this.#context, order);
    const buffers = { ...scratch, matrix: gpuMatrix(matrix).buffer };
    const costOf = (): number => INVERT_TILE_ROW_COST * order + ROW_OVERHEAD;
    try {
      for (let pivot = 0; pivot < pivotCount(order); pivot++) {
        await invertPivot(this.#context, buffers, order, pivot);
        await this.#inRanges(tiles, this.#pace.invert, costOf, tiles, signal, (first, count) =>
          invertUpdate(this.#context, buffers, order, pivot, first, count),
        );
      }
      const [failed] = new Uint32Array(await this.#context.readBuffer(scratch.failures, U32_BYTES));
      if (failed !== 0) throw notPositiveDefinite({ rows: failed ?? 0 });
    } finally {
      for (const buffer of Object.values(scratch)) this.#context.destroyBuffer(buffer);
    }
  }

  async solveRows(system: RowSystem, signal?: AbortSignal): Promise<void> {
    checkRowSystem(system);
    const observed = gpuSparse(system.observed);
    const fixed = gpuMatrix(system.fixed);
    const { columns: factors, blocks } = fixed;
    const bytesPerRow = rowSolveScratchBytes(blocks);
    const maxRows = Math.max(1, Math.floor(this.#scratchLimit() / bytesPerRow));
    const tiles = this.#context.createStorage(
      'row-solve/tiles',
      Math.min(maxRows, observed.rows) * bytesPerRow,
    );
    const failures = this.#context.createStorage('row-solve/failures', U32_BYTES);
    const input = {
      ...observed.buffers,
      fixed: fixed.buffer,
      gram: gpuMatrix(system.gram).buffer,
      ridge: gpuMatrix(system.ridge).buffer,
      tiles,
      solved: gpuMatrix(system.solved).buffer,
      failures,
      factors,
      blocks,
      unobservedWeight: system.unobservedWeight,
    };
    const solveCost = factors ** 3 / 3 + ROW_OVERHEAD;
    const costOf = (row: number): number => entriesOf(observed, row) * factors ** 2 + solveCost;
    try {
      await this.#inRanges(observed.rows, this.#pace.solve, costOf, maxRows, signal, (first, count) =>
        solveRowRange(this.#context, input, first, count),
      );
      const [failed] = new Uint32Array(await this.#context.readBuffer(failures, U32_BYTES));
      if (failed !== 0) throw notPositiveDefinite({ rows: failed ?? 0 });
    } finally {
      this.#context.destroyBuffer(tiles);
      this.#context.destroyBuffer(failures);
    }
  }

  async observedLoss(
    observed: DeviceSparse,
    left: DeviceMatrix,
    right: DeviceMatrix,
    signal?: AbortSignal,
  ): Promise<number> {
    checkObserved(observed, left, right);
    const sparse = gpuSparse(observed);
    const [users, items] = [gpuMatrix(left), gpuMatrix(right)];
    const costOf = (row: number): number => entriesOf(sparse, row) * left.columns + ROW_OVERHEAD;
    let total = 0;
    await this.#inRanges(sparse.rows, this.#pace.loss, costOf, sparse.rows, signal, async (first, count) => {
      total += await observedLoss(this.#context, {
        ...sparse.buffers,
        left: users.buffer,
        right: items.buffer,
        blocks: users.blocks,
        first,
        count,
      });
    });
    return total;
  }

  async weightedNorm(matrix: DeviceMatrix, weights: DeviceMatrix): Promise<number> {
    checkWeights(matrix, weights);
    const { buffer: values, rows, blocks } = gpuMatrix(matrix);
    return weightedNorm(this.#context, { values, weights: gpuMatrix(weights).buffer, rows, blocks });
  }

  async topK(request: RankRequest, signal?: AbortSignal): Promise<TopK> {
    checkRankRequest(request);
    const { k } = request;
    const users = gpuMatrix(request.users);
    const itemFactors = gpuMatrix(request.itemFactors);
    const seen = request.seen === null ? null : gpuSparse(request.seen).buffers;
    const items = itemFactors.rows;
    const result: TopK = {
      k,
      items: new Int32Array(users.rows * k).fill(-1),
      scores: new Float32Array(users.rows * k),
    };
    // an item of the list costs one look at every score
    const cost = items * (users.columns + k) + ROW_OVERHEAD;
    const bytesPerUser = Math.max(1, items, 2 * k) * Float32Array.BYTES_PER_ELEMENT;
    const fitting = Math.max(1, Math.floor(this.#scratchLimit() / bytesPerUser));
    const maxUsers = Math.min(users.rows, fitting, maxScoredUsers(this.#context));
    const scores = this.#context.createStorage('rank/scores', maxUsers * items * U32_BYTES);
    const best = this.#context.createStorage('rank/best', maxUsers * k * TOP_K_PAIR_BYTES);
    const blocks = users.blocks;
    const factors = { users: users.buffer, itemFactors: itemFactors.buffer };
    try {
      await this.#inRanges(
        users.rows,
        this.#pace.rank,
        () => cost,
        maxUsers,
        signal,
        async (first, count) => {
          await computeScores(this.#context, { ...factors, items, blocks, first, count, scores });
          await selectTopK(this.#context, { seen, scores, best, items, k, first, count });
          copyPairs(await this.#context.readBuffer(best, count * k * TOP_K_PAIR_BYTES), first, result);
        },
      );
      checkFinite(result.scores);
      return result;
    } finally {
      this.#context.destroyBuffer(scores);
      this.#context.destroyBuffer(best);
    }
  }

  dispose(): void {
    for (const held of [...this.#live]) held.release();
  }

  /** Runs `submit` over all rows in ranges that take about the same short time each. */
  async #inRanges(
    rows: number,
    pace: Pace,
    costOf: (row: number) => number,
    maxRows: number,
    signal: AbortSignal | undefined,
    submit: (first: number, count: number) => Promise<void>,
  ): Promise<void> {
    throwIfCancelled(signal);
    for (let first = 0; first < rows;) {
      const range = nextRange(first, rows, costOf, pace.budget, maxRows);
      const start = performance.now();
      await submit(range.first, range.count);
      await this.#context.settle();
      pace.learn(range.cost, performance.now() - start);
      throwIfCancelled(signal);
      first += range.count;
    }
  }

  #scratchLimit(): number {
    return Math.min(MAX_SCRATCH_BYTES, this.#context.device.limits.maxStorageBufferBindingSize);
  }
}

function entriesOf({ indptr }: GpuSparse, row: number): number {
  return (indptr[row + 1] ?? 0) - (indptr[row] ?? 0);
}

/** Unpacks (item, score) pairs into the result from user `first` on. */
function copyPairs(bytes: ArrayBuffer, first: number, { k, items, scores }: TopK): void {
  const numbers = new Uint32Array(bytes);
  const floats = new Float32Array(bytes);
  for (let pair = 0; 2 * pair < numbers.length; pair++) {
    const item = numbers[2 * pair] ?? NO_ITEM;
    if (item === NO_ITEM) continue;
    items[first * k + pair] = item;
    scores[first * k + pair] = floats[2 * pair + 1] ?? 0;
  }
}
