import { AppError } from '../../../errors.ts';
import { Helpers } from './helpers.ts';
import type { CpuSparse } from './matrix.ts';

/**
 * The helpers of an engine, started when there is first enough to share. Where they cannot be started the engine
 * computes alone; where one dies at work that call rejects, and the engine computes alone from then on.
 */
export class Crew {
  readonly #count: number;
  readonly #shareFrom: number;
  readonly #module: WebAssembly.Module;
  #helpers: Promise<Helpers | null> | null;

  /** `shareFrom` is the least work, in multiply-adds, that is shared. */
  constructor(count: number, shareFrom: number, module: WebAssembly.Module) {
    this.#count = count;
    this.#shareFrom = shareFrom;
    this.#module = module;
    this.#helpers = count === 0 ? Promise.resolve(null) : null;
  }

  /** Helpers for a call of this work; null where it is done alone. */
  for(work: number): Promise<Helpers | null> {
    if (work < this.#shareFrom) return Promise.resolve(null);
    this.#helpers ??= Helpers.start(this.#count, this.#module).catch(() => null);
    return this.#helpers;
  }

  /**
   * Runs the caller's part and the helpers' at once; `signal` stops them all, and so does the first that fails, whose
   * error it is. Resolves or rejects once nothing runs any more.
   */
  async together<Own, Theirs>(
    own: (signal: AbortSignal) => Promise<Own>,
    theirs: (signal: AbortSignal) => Promise<Theirs>,
    signal: AbortSignal | undefined,
  ): Promise<[Own, Theirs]> {
    const stop = new AbortController();
    const either = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
    const failures: AppError[] = [];
    const watched = async <Result>(part: Promise<Result>): Promise<Result> => {
      try {
        return await part;
      } catch (error) {
        failures.push(AppError.from(error));
        stop.abort();
        throw error;
      }
    };
    // the helpers first: what they are sent is on its way before this thread is busy
    const [helped, done] = await Promise.allSettled([watched(theirs(either)), watched(own(either))]);
    if (helped.status === 'fulfilled' && done.status === 'fulfilled') return [done.value, helped.value];
    const first = failures[0];
    if (first?.code === 'worker-died') this.dispose();
    throw first ?? new AppError('internal', 'A part of a call failed.');
  }

  /** The helpers forget a matrix. */
  drop(matrix: CpuSparse): void {
    void this.#helpers?.then((helpers) => helpers?.drop(matrix));
  }

  /** Ends the helpers. */
  dispose(): void {
    void this.#helpers?.then((helpers) => helpers?.terminate());
    this.#helpers = Promise.resolve(null);
  }
}
