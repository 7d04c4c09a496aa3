import { EVENT_KINDS, type EventKind } from '../../types.ts';
import { GrowingColumn } from './growing.ts';
import { Ids } from './ids.ts';

/** Why an event is left out, as found while reading; one bit each. The steps of cleaning add the others. */
export const FLAGS = {
  missingUser: 1,
  missingItem: 2,
  cancelled: 4,
  returned: 8,
  impossible: 16,
  testOrder: 32,
  nonProduct: 64,
  /** Left out by a later step. */
  dropped: 128,
} as const;
export type Flag = keyof typeof FLAGS;

/** The mark of events of which a pair has one: the last. */
export const LAST_COUNTS = 0;
/** The mark of events that are the same at the same second. */
export const SAME_MOMENT = 1;
/** The mark of an event that repeats without being a duplicate: nothing tells it from a second one. */
export const NEVER_DUPLICATE = 2 ** 32 - 1;

export interface NewEvent {
  /** Numbers of `users` and `items`; those of the empty text where the row has none. */
  readonly user: number;
  readonly item: number;
  readonly kind: EventKind;
  /** A rating on the data's own scale; of orders the price, NaN where there is none. */
  readonly value: number;
  /** Seconds since 1970; 0 where the row has none. */
  readonly seconds: number;
  readonly flags: number;
  /** What tells two events of one pair and moment apart (order, quantity), or one of the marks above. */
  readonly mark: number;
}

/**
 * Events in the order in which they were read: user, item, value and time of four bytes, kind and flags of one, so 18 bytes
 * an event, and four more for the mark where there are orders or views. Ids are counted apart.
 */
export class EventTable {
  readonly users = new Ids();
  readonly items = new Ids();
  readonly user = new GrowingColumn((length) => new Uint32Array(length));
  readonly item = new GrowingColumn((length) => new Uint32Array(length));
  readonly value = new GrowingColumn((length) => new Float32Array(length));
  readonly seconds = new GrowingColumn((length) => new Uint32Array(length));
  readonly mark = new GrowingColumn((length) => new Uint32Array(length));
  readonly kind = new GrowingColumn((length) => new Uint8Array(length));
  readonly flags = new GrowingColumn((length) => new Uint8Array(length));

  get length(): number {
    return this.user.length;
  }

  add(event: NewEvent): void {
    this.user.push(event.user);
    this.item.push(event.item);
    this.value.push(event.value);
    this.seconds.push(event.seconds);
    this.#addMark(event.mark);
    this.kind.push(KIND_CODES[event.kind]);
    this.flags.push(event.flags);
  }

  /** A table of ratings has no marks: the column begins with the first one. */
  #addMark(mark: number): void {
    if (mark === 0 && this.mark.length === 0) return;
    while (this.mark.length < this.length - 1) this.mark.push(0);
    this.mark.push(mark);
  }

  /** Forgets the events after the first `length`: a file that must be read again. */
  truncate(length: number): void {
    for (const column of [this.user, this.item, this.value, this.seconds, this.kind, this.flags]) {
      column.truncate(length);
    }
    this.mark.truncate(Math.min(length, this.mark.length));
  }
}

/** Codes of kinds in packed columns: their positions in EVENT_KINDS. */
export const KIND_CODES = Object.fromEntries(EVENT_KINDS.map((kind, code) => [kind, code])) as Readonly<
  Record<EventKind, number>
>;
