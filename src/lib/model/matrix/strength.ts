import type { EventKind } from '../../types.ts';

/** What the strength table needs of an event; both visitor and community events have it. */
export interface StrengthInput {
  readonly kind: EventKind;
  /** 1–5 for `rate` and `review`, else 0. */
  readonly stars: number;
  /** Seconds of `dwell`, else 0. */
  readonly seconds: number;
}

/** Strength of one event by kind, for kinds without a scale of their own. The visitor sees this table. */
export const EVENT_STRENGTH = {
  view: 0.2,
  click: 0.4,
  like: 3,
  basket: 2,
  order: 5,
  hide: -5,
} as const satisfies Partial<Record<EventKind, number>>;

/** Strength of a rating, or of a review with stars, by stars 1–5. */
export const STARS_STRENGTH = [-4, -2, 1, 4, 5] as const;

/** Looking at a product for at least this long counts as interest. */
export const DWELL_MIN_SECONDS = 10;
/** Strength of a dwell of `DWELL_MIN_SECONDS`; grows with its logarithm up to `DWELL_MAX_STRENGTH`. */
export const DWELL_STRENGTH = 0.5;
export const DWELL_MAX_STRENGTH = 1.5;

/** At most this many events of one kind on one item count; the rest adds nothing. */
export const MAX_EVENTS_PER_KIND = 5;

/** Signed strength of one event: negative means dislike, 0 says nothing. */
export function eventStrength({ kind, stars, seconds }: StrengthInput): number {
  switch (kind) {
    case 'rate':
    case 'review':
      return STARS_STRENGTH[stars - 1] ?? 0;
    case 'dwell':
      return seconds < DWELL_MIN_SECONDS
        ? 0
        : Math.min(DWELL_MAX_STRENGTH, DWELL_STRENGTH * (1 + Math.log2(seconds / DWELL_MIN_SECONDS)));
    case 'view':
    case 'click':
    case 'like':
    case 'basket':
    case 'order':
    case 'hide':
      return EVENT_STRENGTH[kind];
    default:
      return kind satisfies never;
  }
}
