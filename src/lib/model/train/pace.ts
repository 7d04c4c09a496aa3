/**
 * A checkpoint after the first iteration, then at most this often: a stop or a crash then loses about two seconds, and
 * writing takes little of them.
 */
const CHECKPOINT_INTERVAL_MS = 2_000;
/** Evaluation may take at most a quarter of the time of training: it waits three times its own length. */
const EVALUATION_REST = 3;

/** Decides by the clock which iterations are evaluated and kept, and estimates what is left. */
export class Pace {
  readonly #now: () => number;
  readonly #start: number;
  readonly #earlierSeconds: number;
  #checkpointAt = -Infinity;
  #evaluatedAt = -Infinity;
  #evaluationMs = 0;
  #iterations = 0;

  /** `earlierSeconds`: what the run took before it was resumed. `now`: milliseconds, never going back. */
  constructor(earlierSeconds: number, now: () => number = () => performance.now()) {
    this.#now = now;
    this.#start = now();
    this.#earlierSeconds = earlierSeconds;
  }

  /** Seconds of the whole run, those before a resume included. */
  get seconds(): number {
    return this.#earlierSeconds + (this.#now() - this.#start) / 1_000;
  }

  get evaluationDue(): boolean {
    return this.#now() - this.#evaluatedAt >= EVALUATION_REST * this.#evaluationMs;
  }

  get checkpointDue(): boolean {
    return this.#now() - this.#checkpointAt >= CHECKPOINT_INTERVAL_MS;
  }

  /** Runs an evaluation and remembers how long it took. */
  async evaluate<Result>(work: () => Promise<Result> | Result): Promise<Result> {
    const begun = this.#now();
    const result = await work();
    this.#evaluatedAt = this.#now();
    this.#evaluationMs = this.#evaluatedAt - begun;
    return result;
  }

  /** To be called when a checkpoint has been handed out. */
  checkpointed(): void {
    this.#checkpointAt = this.#now();
  }

  /** To be called after an iteration; resolves its seconds left from the mean so far, evaluation included. */
  iterated(iterationsLeft: number): { readonly secondsLeft: number } {
    this.#iterations++;
    const mean = (this.#now() - this.#start) / 1_000 / this.#iterations;
    return { secondsLeft: mean * iterationsLeft };
  }
}
