import { AppError } from '../../errors.ts';
import type { Backend, DeviceMatrix, DeviceSparse } from '../backends/backend.ts';
import { confidence } from '../matrix/confidence.ts';
import { transpose, type CsrMatrix } from '../matrix/csr.ts';
import { normalMatrix } from '../matrix/random.ts';
import type { IalsHyperparameters } from './hyperparameters.ts';
import { allPairsNorm, ridges } from './objective.ts';

/** Factors of both sides, row-major. */
export interface Factors {
  /** users × factors. */
  readonly userFactors: Float32Array<ArrayBuffer>;
  /** items × factors. */
  readonly itemFactors: Float32Array<ArrayBuffer>;
}

/** One side of the factorization on the device. */
interface Side {
  readonly factors: DeviceMatrix;
  /** This side's rows × the other side's. */
  readonly observed: DeviceSparse;
  readonly ridge: DeviceMatrix;
  /** Gram matrix of `factors` as they are now; null where they changed since. */
  gram: DeviceMatrix | null;
}

/**
 * A factorization in progress by alternating least squares: each half-iteration solves one side, or improves it by
 * `cgSteps` steps of conjugate gradients, so the loss never rises. After a call that rejected (cancel, lost device) the factors are undefined: go on from a
 * checkpoint with `resume`.
 */
export class IalsFit {
  readonly #backend: Backend;
  readonly #hyperparameters: IalsHyperparameters;
  readonly #users: Side;
  readonly #items: Side;

  private constructor(
    backend: Backend,
    strengths: CsrMatrix,
    hyperparameters: IalsHyperparameters,
    start: Factors,
  ) {
    const weights = confidence(strengths, hyperparameters.alpha);
    this.#backend = backend;
    this.#hyperparameters = hyperparameters;
    this.#users = this.#side(weights, start.userFactors);
    this.#items = this.#side(transpose(weights), start.itemFactors);
  }

  /** Begins from seeded normal item factors of deviation initialScale / √factors. Users are solved first. */
  static start(
    backend: Backend,
    strengths: CsrMatrix,
    hyperparameters: IalsHyperparameters,
    seed: number,
  ): IalsFit {
    const { factors, initialScale } = hyperparameters;
    return new IalsFit(backend, strengths, hyperparameters, {
      userFactors: new Float32Array(strengths.rows * factors),
      itemFactors: normalMatrix(strengths.columns, factors, initialScale / Math.sqrt(factors), seed),
    });
  }

  /** Goes on from factors read earlier, on this or another backend. Throws `input-invalid` for a wrong shape. */
  static resume(
    backend: Backend,
    strengths: CsrMatrix,
    hyperparameters: IalsHyperparameters,
    factors: Factors,
  ): IalsFit {
    return new IalsFit(backend, strengths, hyperparameters, factors);
  }

  /**
   * Users from items, then items from users. Resolves to the objective per observed interaction; rejects with
   * `training-diverged` where that is not finite.
   */
  async iterate(signal?: AbortSignal): Promise<{ readonly loss: number }> {
    const { cgSteps } = this.#hyperparameters;
    await this.#solve(this.#users, this.#items, cgSteps, signal);
    const objective = await this.#solve(this.#items, this.#users, cgSteps, signal);
    const loss = (await this.#loss(objective, signal)) / Math.max(1, this.#users.observed.entries);
    if (Number.isFinite(loss)) return { loss };
    throw new AppError('training-diverged', 'The loss is no finite number.', {
      values: { loss: String(loss) },
      remedy: 'Raise the regularization.',
    });
  }

  /** Awaited, checked copies. Rejects with `training-diverged` where a factor is not finite. */
  async factors(): Promise<Factors> {
    const userFactors = await this.#backend.read(this.#users.factors);
    const itemFactors = await this.#backend.read(this.#items.factors);
    return { userFactors, itemFactors };
  }

  /** The item factors as they are now, on the device. Still the fit's: not to be released. */
  get itemFactors(): DeviceMatrix {
    return this.#items.factors;
  }

  /**
   * Solves users who are not in the matrix against the item factors as they are now; the caller releases the
   * result. `strengths` has the same columns as the fit's.
   */
  async foldIn(strengths: CsrMatrix, signal?: AbortSignal): Promise<DeviceMatrix> {
    const { alpha, factors } = this.#hyperparameters;
    const side = this.#side(confidence(strengths, alpha), new Float32Array(strengths.rows * factors));
    try {
      await this.#solve(side, this.#items, 0, signal);
      return side.factors;
    } catch (error) {
      side.factors.release();
      throw error;
    } finally {
      side.observed.release();
      side.ridge.release();
    }
  }

  /** Frees what the fit holds on the device. */
  dispose(): void {
    for (const { factors, observed, ridge, gram } of [this.#users, this.#items]) {
      for (const held of [factors, observed, ridge, gram]) held?.release();
    }
  }

  #side(observed: CsrMatrix, factors: Float32Array<ArrayBuffer>): Side {
    if (factors.length !== observed.rows * this.#hyperparameters.factors) {
      throw new AppError('input-invalid', 'Factors of another shape than the matrix.', {
        values: { rows: observed.rows, factors: this.#hyperparameters.factors, length: factors.length },
      });
    }
    return {
      factors: this.#backend.upload(observed.rows, this.#hyperparameters.factors, factors),
      observed: this.#backend.uploadSparse(observed),
      ridge: this.#backend.upload(observed.rows, 1, ridges(observed, this.#hyperparameters)),
      gram: null,
    };
  }

  /** Resolves as Backend.solveRows. */
  async #solve(
    side: Side,
    fixed: Side,
    cgSteps: number,
    signal: AbortSignal | undefined,
  ): Promise<number | null> {
    const gram = await this.#gramOf(fixed, signal);
    side.gram?.release();
    side.gram = null;
    return this.#backend.solveRows(
      {
        observed: side.observed,
        fixed: fixed.factors,
        gram,
        unobservedWeight: this.#hyperparameters.unobservedWeight,
        ridge: side.ridge,
        solved: side.factors,
        cgSteps,
      },
      signal,
    );
  }

  async #gramOf(side: Side, signal: AbortSignal | undefined): Promise<DeviceMatrix> {
    side.gram ??= await this.#backend.gram(side.factors, signal);
    return side.gram;
  }

  /** The objective; `solved` is what the items' half-iteration reached, all of it but the users' norm. */
  async #loss(solved: number | null, signal: AbortSignal | undefined): Promise<number> {
    const { unobservedWeight } = this.#hyperparameters;
    const [users, items] = [this.#users, this.#items];
    const backend = this.#backend;
    const userNorm = await backend.weightedNorm(users.factors, users.ridge);
    if (solved !== null) return solved + userNorm;
    const observed = await backend.observedLoss(users.observed, users.factors, items.factors, signal);
    const userGram = await backend.read(await this.#gramOf(users, signal));
    const itemGram = await backend.read(await this.#gramOf(items, signal));
    const itemNorm = await backend.weightedNorm(items.factors, items.ridge);
    return observed + unobservedWeight * allPairsNorm(userGram, itemGram) + userNorm + itemNorm;
  }
}
