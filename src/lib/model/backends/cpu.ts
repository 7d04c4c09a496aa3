import { AppError } from '../../errors.ts';
import { validateCsr, type CsrMatrix } from '../matrix/csr.ts';
import type { Backend, DeviceMatrix, DeviceSparse, RankRequest, RowSystem, TopK } from './backend.ts';
import { Crew } from './cpu/crew.ts';
import { eigenbasisSteps, straightenSteps, type Eigenbasis } from './cpu/eigenbasis.ts';
import { gramSteps } from './cpu/gram.ts';
import { sweepSteps } from './cpu/invert.ts';
import { kernelModule } from './cpu/kernel-module.ts';
import { startKernels, type Kernels } from './cpu/kernels.ts';
import { observedLossSteps } from './cpu/loss.ts';
import { CpuMatrix, CpuSparse, ownMatrix, ownSparse } from './cpu/matrix.ts';
import { rankUsers } from './cpu/rank.ts';
import { sparseGramSteps } from './cpu/sparse-gram.ts';
import { MAX_BYTES } from './cpu/memory.ts';
import { paddedWidth } from './cpu/shapes.ts';
import { solveRows } from './cpu/solve.ts';
import { defaultThreads } from './cpu/spawn.ts';
import { needsBasis } from './cpu/top-k.ts';
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
import { runInSlices } from './slices.ts';

/** Multiply-adds, some 5 ms, below which sending work away costs more than it saves. */
const WORTH_SHARING = 50_000_000;

export interface CpuOptions {
  /** At least 1, which computes on the calling thread alone. Default: all processors but one, at most 8. */
  readonly threads?: number;
  /** The least work, in multiply-adds, that a call shares with other threads. For tests. */
  readonly shareFrom?: number;
}

/**
 * The engine in WebAssembly SIMD: 32-bit floats, in short slices on the calling thread and, where there is enough to
 * do, on helpers (workers; threads in Node). Matrices live in the memory of the kernels. A row is solved in its dual
 * where it has fewer entries than factors (docs/adr/0008); rows that 32 bits do not resolve are solved again in 64.
 */
export class CpuBackend implements Backend {
  readonly kind = 'cpu';
  readonly name: string;
  readonly lost = new Promise<AppError>(() => undefined);
  readonly #kernels: Kernels;
  readonly #crew: Crew;
  #disposed = false;

  private constructor(kernels: Kernels, crew: Crew, threads: number) {
    this.#kernels = kernels;
    this.#crew = crew;
    this.name = nameOf(threads);
  }

  /**
   * Rejects where WebAssembly SIMD is missing or a header policy forbids WebAssembly; `PlainBackend` computes there.
   * Throws `input-invalid` for an impossible number of threads. Helpers start with the first call that needs them;
   * `dispose` ends them, and must be called where `threads` is above 1.
   */
  static async open(options: CpuOptions = {}): Promise<CpuBackend> {
    const threads = options.threads ?? (await defaultThreads());
    if (!Number.isInteger(threads) || threads < 1) {
      throw new AppError('input-invalid', 'threads must be a whole number of at least 1.', {
        values: { threads },
      });
    }
    const module = await kernelModule();
    const crew = new Crew(threads - 1, options.shareFrom ?? WORTH_SHARING, module);
    return new CpuBackend(await startKernels(module), crew, threads);
  }

  get deviceBytes(): number {
    return this.#disposed ? 0 : this.#kernels.memory.bytes;
  }

  upload(rows: number, columns: number, values: Float32Array): DeviceMatrix {
    checkUpload(rows, columns, values);
    const matrix = this.#newMatrix(rows, columns);
    matrix.values.set(values);
    return matrix;
  }

  uploadSparse(matrix: CsrMatrix): DeviceSparse {
    validateCsr(matrix);
    this.#checkOpen();
    return new CpuSparse(matrix, this.#kernels.memory, (released) => this.#crew.drop(released));
  }

  async read(matrix: DeviceMatrix): Promise<Float32Array<ArrayBuffer>> {
    const values = (await this.#straight(matrix)).values.slice();
    checkFinite(values);
    return values;
  }

  async gram(factors: DeviceMatrix, signal?: AbortSignal): Promise<DeviceMatrix> {
    const { rows, columns } = factors;
    checkFactors(columns);
    const own = ownMatrix(factors);
    const { turned, knownGram } = own;
    this.#checkOpen();
    if (turned === null) {
      const values = await runInSlices(gramSteps(this.#kernels, own.address, rows, columns), signal, 1);
      const gram = this.#newMatrix(columns, columns);
      gram.values.set(values);
      return gram;
    }
    const steps = gramSteps(this.#kernels, turned.address, rows, columns, paddedWidth(columns));
    const values = knownGram?.values ?? (await runInSlices(steps, signal, 1));
    return new CpuMatrix(columns, columns, this.#kernels.memory, { values, basis: turned.basis });
  }

  async sparseGram(
    byRow: DeviceSparse,
    byColumn: DeviceSparse,
    ridge: number,
    signal?: AbortSignal,
  ): Promise<DeviceMatrix> {
    checkTransposed(byRow, byColumn);
    const { columns } = byRow;
    const [rows, transposed] = [ownSparse(byRow), ownSparse(byColumn)];
    const gram = this.#newSquare(columns);
    try {
      await runInSlices(sparseGramSteps(this.#kernels, rows, transposed, ridge, gram.address), signal);
      return gram;
    } catch (error) {
      gram.release();
      throw error;
    }
  }

  async invert(matrix: DeviceMatrix, signal?: AbortSignal): Promise<void> {
    checkSquare(matrix);
    const own = await this.#straight(matrix, signal);
    await runInSlices(sweepSteps(this.#kernels, own.address, matrix.rows), signal, 1);
  }

  async solveRows(system: RowSystem, signal?: AbortSignal): Promise<number | null> {
    checkRowSystem(system);
    const own = {
      observed: ownSparse(system.observed),
      fixed: ownMatrix(system.fixed),
      gram: ownMatrix(system.gram),
      unobservedWeight: system.unobservedWeight,
      ridge: ownMatrix(system.ridge),
      solved: ownMatrix(system.solved),
      cgSteps: system.cgSteps ?? 0,
    };
    return solveRows(this.#kernels, this.#crew, own, signal);
  }

  async observedLoss(
    observed: DeviceSparse,
    left: DeviceMatrix,
    right: DeviceMatrix,
    signal?: AbortSignal,
  ): Promise<number> {
    checkObserved(observed, left, right);
    const [x, y] = [await this.#straight(left, signal), await this.#straight(right, signal)];
    const steps = observedLossSteps(this.#kernels, ownSparse(observed), x, y);
    return runInSlices(steps, signal, 1);
  }

  weightedNorm(matrix: DeviceMatrix, weights: DeviceMatrix): Promise<number> {
    return attempt(() => {
      checkWeights(matrix, weights);
      const own = ownMatrix(matrix);
      // an orthogonal basis keeps norms; behind the columns stands 0
      const { turned, rows, columns } = own;
      const address = turned === null ? own.address : turned.address;
      const floats = turned === null ? columns : paddedWidth(columns);
      return this.#kernels.weightedNorm(address, ownMatrix(weights).address, 0, rows, floats);
    });
  }

  async topK(request: RankRequest, signal?: AbortSignal): Promise<TopK> {
    checkRankRequest(request);
    const users = await this.#straight(request.users, signal);
    const itemFactors = await this.#straight(request.itemFactors, signal);
    const seen = request.seen === null ? null : ownSparse(request.seen);
    const basis = needsBasis(users.rows, users.columns) ? await this.#itemBasis(itemFactors, signal) : null;
    const own = { users, itemFactors, seen, k: request.k, basis };
    return rankUsers(this.#kernels, this.#crew, own, signal);
  }

  /** Ends the helpers and frees all memory: matrices may not be used any more. */
  dispose(): void {
    this.#disposed = true;
    this.#crew.dispose();
  }

  async #itemBasis(itemFactors: CpuMatrix, signal: AbortSignal | undefined): Promise<Eigenbasis> {
    const gram = await this.gram(itemFactors, signal);
    try {
      return await runInSlices(eigenbasisSteps(ownMatrix(gram)), signal, 1);
    } finally {
      gram.release();
    }
  }

  /** A matrix of this backend, not in an eigenbasis. */
  async #straight(matrix: DeviceMatrix, signal?: AbortSignal): Promise<CpuMatrix> {
    const own = ownMatrix(matrix);
    await runInSlices(straightenSteps(this.#kernels, own), signal, 1);
    return own;
  }

  /** A dense items × items matrix. Throws `gpu-out-of-memory` saying how many would fit. */
  #newSquare(items: number): CpuMatrix {
    try {
      return this.#newMatrix(items, items);
    } catch (cause) {
      const error = AppError.from(cause);
      if (error.code !== 'gpu-out-of-memory') throw error;
      const limit = Math.floor(Math.sqrt((MAX_BYTES - this.deviceBytes) / Float32Array.BYTES_PER_ELEMENT));
      throw new AppError(
        'gpu-out-of-memory',
        `A matrix of ${items} × ${items} items does not fit the memory.`,
        {
          values: { items, limit, bytes: items * items * Float32Array.BYTES_PER_ELEMENT },
          remedy: `Leave out rare items until at most ${limit} are left, fewer where memory is short, or use another model.`,
          cause,
        },
      );
    }
  }

  #newMatrix(rows: number, columns: number): CpuMatrix {
    this.#checkOpen();
    return new CpuMatrix(rows, columns, this.#kernels.memory);
  }

  #checkOpen(): void {
    if (this.#disposed) throw new AppError('internal', 'The CPU engine was used after its end.');
  }
}

/** What the engine calls itself. */
function nameOf(threads: number): string {
  return `CPU engine (WebAssembly SIMD, ${threads} ${threads === 1 ? 'thread' : 'threads'})`;
}

/** Runs synchronous work of an asynchronous interface: what it throws becomes a rejection. */
function attempt<Result>(work: () => Result): Promise<Result> {
  return new Promise((resolve) => resolve(work()));
}
