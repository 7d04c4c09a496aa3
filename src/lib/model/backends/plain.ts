import type { AppError } from '../../errors.ts';
import { validateCsr, type CsrMatrix } from '../matrix/csr.ts';
import type { Backend, DeviceMatrix, DeviceSparse, RankRequest, RowSystem, TopK } from './backend.ts';
import { gramSteps } from './plain/gram.ts';
import { invertSteps } from './plain/invert.ts';
import { observedLossSteps, weightedNorm } from './plain/loss.ts';
import { ByteMeter, PlainMatrix, PlainSparse, csrOf, valuesOf } from './plain/matrix.ts';
import { rowSolveSteps } from './plain/row-solve.ts';
import { sparseGramSteps } from './plain/sparse-gram.ts';
import { topKSteps } from './plain/top-k.ts';
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

/** The engine in plain TypeScript: 32-bit storage, 64-bit sums, on the thread that calls it, in short slices. */
export class PlainBackend implements Backend {
  readonly kind = 'cpu';
  readonly name = 'CPU engine (JavaScript)';
  readonly lost = new Promise<AppError>(() => undefined);
  readonly #meter = new ByteMeter();

  get deviceBytes(): number {
    return this.#meter.bytes;
  }

  upload(rows: number, columns: number, values: Float32Array): DeviceMatrix {
    checkUpload(rows, columns, values);
    return new PlainMatrix(rows, columns, new Float32Array(values), this.#meter);
  }

  uploadSparse(matrix: CsrMatrix): DeviceSparse {
    validateCsr(matrix);
    return new PlainSparse(matrix, this.#meter);
  }

  read(matrix: DeviceMatrix): Promise<Float32Array<ArrayBuffer>> {
    return attempt(() => {
      const values = valuesOf(matrix).slice();
      checkFinite(values);
      return values;
    });
  }

  async gram(factors: DeviceMatrix, signal?: AbortSignal): Promise<DeviceMatrix> {
    const { rows, columns } = factors;
    checkFactors(columns);
    const gram = new Float32Array(columns * columns);
    await runInSlices(gramSteps(valuesOf(factors), rows, columns, gram), signal);
    return new PlainMatrix(columns, columns, gram, this.#meter);
  }

  async sparseGram(
    byRow: DeviceSparse,
    byColumn: DeviceSparse,
    ridge: number,
    signal?: AbortSignal,
  ): Promise<DeviceMatrix> {
    checkTransposed(byRow, byColumn);
    const { columns } = byRow;
    const gram = new Float32Array(columns * columns);
    const steps = sparseGramSteps(csrOf(byRow), csrOf(byColumn), ridge, (row, values) =>
      gram.set(values, row * columns),
    );
    await runInSlices(steps, signal);
    return new PlainMatrix(columns, columns, gram, this.#meter);
  }

  async invert(matrix: DeviceMatrix, signal?: AbortSignal): Promise<void> {
    checkSquare(matrix);
    const values = valuesOf(matrix);
    values.set(await runInSlices(invertSteps(values, matrix.rows), signal));
  }

  async solveRows(system: RowSystem, signal?: AbortSignal): Promise<number | null> {
    checkRowSystem(system);
    const plain = {
      observed: csrOf(system.observed),
      fixed: valuesOf(system.fixed),
      gram: valuesOf(system.gram),
      unobservedWeight: system.unobservedWeight,
      ridge: valuesOf(system.ridge),
      solved: valuesOf(system.solved),
      k: system.fixed.columns,
    };
    await runInSlices(rowSolveSteps(plain), signal);
    return null;
  }

  async observedLoss(
    observed: DeviceSparse,
    left: DeviceMatrix,
    right: DeviceMatrix,
    signal?: AbortSignal,
  ): Promise<number> {
    checkObserved(observed, left, right);
    const total = { value: 0 };
    const steps = observedLossSteps(csrOf(observed), valuesOf(left), valuesOf(right), left.columns, total);
    await runInSlices(steps, signal);
    return total.value;
  }

  weightedNorm(matrix: DeviceMatrix, weights: DeviceMatrix): Promise<number> {
    return attempt(() => {
      checkWeights(matrix, weights);
      return weightedNorm(valuesOf(matrix), valuesOf(weights), matrix.columns);
    });
  }

  async topK(request: RankRequest, signal?: AbortSignal): Promise<TopK> {
    checkRankRequest(request);
    const { users, itemFactors, k } = request;
    const result: TopK = {
      k,
      items: new Int32Array(users.rows * k).fill(-1),
      scores: new Float32Array(users.rows * k),
    };
    const seen = request.seen === null ? null : csrOf(request.seen);
    const steps = topKSteps(valuesOf(users), valuesOf(itemFactors), users.columns, seen, result);
    await runInSlices(steps, signal);
    return result;
  }

  dispose(): void {
    // memory goes with its matrices
  }
}

/** Runs synchronous work of an asynchronous interface: what it throws becomes a rejection. */
function attempt<Result>(work: () => Result): Promise<Result> {
  return new Promise((resolve) => resolve(work()));
}
