import type { AppError } from '../../errors.ts';
import { validateCsr, type CsrMatrix } from '../matrix/csr.ts';
import type { Backend, DeviceMatrix, DeviceSparse, RankRequest, RowSystem, TopK } from './backend.ts';
import { eigenbasisSteps, rotateSteps, writeBasis, type Eigenbasis } from './cpu/eigenbasis.ts';
import { gramSteps } from './cpu/gram.ts';
import { kernelModule, startKernels, type Kernels } from './cpu/kernels.ts';
import { observedLossSteps } from './cpu/loss.ts';
import { CpuMatrix, CpuSparse, ownMatrix, ownSparse } from './cpu/matrix.ts';
import { Scratch } from './cpu/memory.ts';
import { rowSystemSteps } from './cpu/row-systems.ts';
import { paddedWidth, WORD_BYTES } from './cpu/shapes.ts';
import { needsBasis, topKSteps } from './cpu/top-k.ts';
import { solveInDouble, type OwnRowSystem } from './cpu/solve.ts';
import {
  checkFactors,
  checkFinite,
  checkObserved,
  checkRankRequest,
  checkRowSystem,
  checkUpload,
  checkWeights,
} from './shapes.ts';
import { runInSlices } from './slices.ts';

/** The engine in WebAssembly SIMD: 32-bit floats, in short slices. */
export class CpuBackend implements Backend {
  readonly kind = 'cpu';
  readonly name = 'CPU engine (WebAssembly SIMD, 1 thread)';
  readonly lost = new Promise<AppError>(() => undefined);
  readonly #kernels: Kernels;

  private constructor(kernels: Kernels) {
    this.#kernels = kernels;
  }

  static async open(_o: {threads?: number} = {}): Promise<CpuBackend> {
    return new CpuBackend(await startKernels(await kernelModule()));
  }

  get deviceBytes(): number {
    return this.#kernels.memory.bytes;
  }

  upload(rows: number, columns: number, values: Float32Array): DeviceMatrix {
    checkUpload(rows, columns, values);
    const matrix = new CpuMatrix(rows, columns, this.#kernels.memory);
    matrix.values.set(values);
    return matrix;
  }

  uploadSparse(matrix: CsrMatrix): DeviceSparse {
    validateCsr(matrix);
    return new CpuSparse(matrix, this.#kernels.memory);
  }

  read(matrix: DeviceMatrix): Promise<Float32Array<ArrayBuffer>> {
    return attempt(() => {
      const values = ownMatrix(matrix).values.slice();
      checkFinite(values);
      return values;
    });
  }

  async gram(factors: DeviceMatrix, signal?: AbortSignal): Promise<DeviceMatrix> {
    const { rows, columns } = factors;
    checkFactors(columns);
    const gram = new CpuMatrix(columns, columns, this.#kernels.memory);
    try {
      const { address } = ownMatrix(factors);
      await runInSlices(gramSteps(this.#kernels, address, rows, columns, () => gram.values), signal, 1);
    } catch (error) {
      gram.release();
      throw error;
    }
    return gram;
  }

  async solveRows(system: RowSystem, signal?: AbortSignal): Promise<void> {
    checkRowSystem(system);
    const own: OwnRowSystem = {
      observed: ownSparse(system.observed),
      fixed: ownMatrix(system.fixed),
      gram: ownMatrix(system.gram),
      unobservedWeight: system.unobservedWeight,
      ridge: ownMatrix(system.ridge),
      solved: ownMatrix(system.solved),
    };
    const kernels = this.#kernels;
    const k = own.fixed.columns;
    const scratch = new Scratch(kernels.memory);
    let rows: readonly number[] = [];
    try {
      const basis = await runInSlices(eigenbasisSteps(own.gram.values, k), signal, 1);
      const rotated = scratch.allocate(own.fixed.rows * paddedWidth(k) * WORD_BYTES);
      const forth = writeBasis(basis, false, kernels, scratch);
      await runInSlices(rotateSteps(kernels, rotated, own.fixed.address, own.fixed.rows, k, forth), signal, 1);
      const job = {
        observed: own.observed.addresses,
        first: 0,
        last: own.observed.rows,
        k,
        rotated,
        spectrum: basis.values.map((value) => system.unobservedWeight * value),
        back: writeBasis(basis, true, kernels, scratch),
        ridge: own.ridge.address,
        solved: own.solved.address,
      };
      rows = await runInSlices(rowSystemSteps(kernels, job), signal, 1);
    } finally {
      scratch.release();
    }
    await runInSlices(solveInDouble(own, rows), signal);
  }

  async observedLoss(
    observed: DeviceSparse,
    left: DeviceMatrix,
    right: DeviceMatrix,
    signal?: AbortSignal,
  ): Promise<number> {
    checkObserved(observed, left, right);
    const steps = observedLossSteps(this.#kernels, ownSparse(observed), ownMatrix(left), ownMatrix(right));
    return runInSlices(steps, signal, 1);
  }

  weightedNorm(matrix: DeviceMatrix, weights: DeviceMatrix): Promise<number> {
    return attempt(() => {
      checkWeights(matrix, weights);
      const { address, rows, columns } = ownMatrix(matrix);
      return this.#kernels.weightedNorm(address, ownMatrix(weights).address, 0, rows, columns);
    });
  }

  async topK(request: RankRequest, signal?: AbortSignal): Promise<TopK> {
    checkRankRequest(request);
    const { k } = request;
    const [users, items] = [ownMatrix(request.users), ownMatrix(request.itemFactors)];
    const seen = request.seen === null ? null : ownSparse(request.seen);
    const basis = needsBasis(users.rows, users.columns) ? await this.#itemBasis(items, signal) : null;
    const result: TopK = {
      k,
      items: new Int32Array(users.rows * k).fill(-1),
      scores: new Float32Array(users.rows * k),
    };
    const job = {
      users: users.address,
      userCount: users.rows,
      itemFactors: items.address,
      itemCount: items.rows,
      factors: users.columns,
      basis,
      seen: seen === null ? null : () => seen.csr,
    };
    await runInSlices(topKSteps(this.#kernels, job, result), signal, 1);
    return result;
  }

  async #itemBasis(items: CpuMatrix, signal: AbortSignal | undefined): Promise<Eigenbasis> {
    const gram = await this.gram(items, signal);
    try {
      return await runInSlices(eigenbasisSteps(ownMatrix(gram).values, items.columns), signal, 1);
    } finally {
      gram.release();
    }
  }

  /** Ends the engine. */
  dispose(): void {
    // TODO
  }
}

/** Runs synchronous work of an asynchronous interface: what it throws becomes a rejection. */
function attempt<Result>(work: () => Result): Promise<Result> {
  return new Promise((resolve) => resolve(work()));
}
