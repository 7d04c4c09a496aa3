import type { EventKind } from '../../types.ts';
import { eventStrength, MAX_EVENTS_PER_KIND, type StrengthInput } from './strength.ts';

/** Adds up what one user's events say about one item, at most MAX_EVENTS_PER_KIND of a kind. */
export class PairStrength {
  readonly #counted = new Map<EventKind, number>();
  #total = 0;

  /** Signed strength of the events added so far. */
  get total(): number {
    return this.#total;
  }

  /** Counts one event and returns what it added: 0 beyond the limit of its kind. */
  add(event: StrengthInput): number {
    const counted = this.#counted.get(event.kind) ?? 0;
    if (counted >= MAX_EVENTS_PER_KIND) return 0;
    this.#counted.set(event.kind, counted + 1);
    const strength = eventStrength(event);
    this.#total += strength;
    return strength;
  }

  /** Begins a new pair. */
  reset(): void {
    this.#counted.clear();
    this.#total = 0;
  }
}
