import type { PairedComparison, TrainerClient } from '../../lib/model/index.ts';
import type { Experiment } from '../../lib/types.ts';

/** Comparisons of experiments two by two, each computed once, in a worker that ends after it. */
export class PairedComparisons {
  readonly #startTrainer: () => Pick<TrainerClient, 'compare' | 'dispose'>;
  readonly #known = new Map<string, Promise<PairedComparison | null>>();
  /** One after the other: a long table must not start a worker a line. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(startTrainer: () => Pick<TrainerClient, 'compare' | 'dispose'>) {
    this.#startTrainer = startTrainer;
  }

  /** How the first does against the second, user by user; null where they were not tested on the same users. */
  of(first: Experiment, second: Experiment): Promise<PairedComparison | null> {
    const key = `${first.id} ${second.id}`;
    const known = this.#known.get(key) ?? this.#queue(first, second);
    this.#known.set(key, known);
    return known;
  }

  #queue(first: Experiment, second: Experiment): Promise<PairedComparison | null> {
    const next = this.#last.then(() => this.#compare(first, second));
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #compare(first: Experiment, second: Experiment): Promise<PairedComparison | null> {
    const [a, b] = [first.paired, second.paired];
    if (a.metric !== b.metric || a.values.length !== b.values.length) return null;
    const trainer = this.#startTrainer();
    try {
      return await trainer.compare(a.values, b.values, first.split.seed);
    } finally {
      trainer.dispose();
    }
  }
}
