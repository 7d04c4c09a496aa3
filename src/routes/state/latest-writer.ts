/**
 * Writes values one after another; while a write runs, only the newest waiting value is kept. For checkpoints:
 * an older one is worthless once a newer one is there, and two writes at once could finish in the wrong order.
 */
export class LatestWriter<Value> {
  readonly #write: (value: Value) => Promise<void>;
  readonly #onError: (error: unknown) => void;
  #waiting: { readonly value: Value } | null = null;
  #running: Promise<void> | null = null;

  /** `onError` hears of each write that failed; later writes go on. */
  constructor(write: (value: Value) => Promise<void>, onError: (error: unknown) => void) {
    this.#write = write;
    this.#onError = onError;
  }

  push(value: Value): void {
    this.#waiting = { value };
    this.#running ??= this.#drain();
  }

  /** Resolves when nothing is being written. Values that still wait are dropped with `discard`. */
  async settle(options: { readonly discard: boolean }): Promise<void> {
    if (options.discard) this.#waiting = null;
    await this.#running;
  }

  async #drain(): Promise<void> {
    try {
      for (let next = this.#take(); next !== null; next = this.#take()) {
        try {
          await this.#write(next.value);
        } catch (error) {
          this.#onError(error);
        }
      }
    } finally {
      this.#running = null;
    }
  }

  #take(): { readonly value: Value } | null {
    const next = this.#waiting;
    this.#waiting = null;
    return next;
  }
}
