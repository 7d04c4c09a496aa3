import { EVENT_KINDS, type EventKind, type InteractionColumns } from '../types.ts';

/** One event of a community shopper, as a source tells it. */
export interface CommunityEvent {
  readonly user: number;
  readonly item: number;
  readonly kind: EventKind;
  /** 1–5 for `rate` and `review`, else 0. */
  readonly stars: number;
  /** Whole days since 1970-01-01 UTC. */
  readonly day: number;
}

/** Collects a community's events in any order and gives them as columns in the order that packs keep. */
export class InteractionBuilder {
  readonly #events: CommunityEvent[] = [];

  get length(): number {
    return this.#events.length;
  }

  add(event: CommunityEvent): void {
    this.#events.push(event);
  }

  /** Columns sorted by user, then day; events of one user and day keep the order in which they were added. */
  build(users: number, items: number): InteractionColumns {
    const sorted = this.#events.toSorted((a, b) => a.user - b.user || a.day - b.day);
    return {
      users,
      items,
      length: sorted.length,
      user: Int32Array.from(sorted, (event) => event.user),
      item: Int32Array.from(sorted, (event) => event.item),
      kind: Uint8Array.from(sorted, (event) => EVENT_KINDS.indexOf(event.kind)),
      stars: Uint8Array.from(sorted, (event) => event.stars),
      day: Int32Array.from(sorted, (event) => event.day),
    };
  }
}
