import { EVENT_KINDS, type EventKind } from '../../types.ts';
import { FLAGS, KIND_CODES, LAST_COUNTS, NEVER_DUPLICATE, type EventTable } from '../events/event-table.ts';
import { MAX_EXAMPLES } from '../limits.ts';
import type { UserOrder } from './order.ts';

/** What a step left out. */
export interface Dropped {
  readonly events: number;
  readonly examples: readonly string[];
}

/** Looking at more products than this in a minute is no person's work. */
export const MAX_VIEWS_PER_MINUTE = 120;
/** Somebody who looks at this many products and never does anything else reads the shop for a machine. */
export const MAX_BARE_VIEWS = 10_000;

const LOOKS: ReadonlySet<EventKind> = new Set<EventKind>(['view', 'click', 'dwell']);

/** True for an event that no step has left out; `mask` holds the flags of the steps so far. */
function isKept(events: EventTable, row: number, mask: number): boolean {
  return (events.flags.get(row) & mask) === 0;
}

function drop(events: EventTable, row: number): void {
  events.flags.set(row, events.flags.get(row) | FLAGS.dropped);
}

/** Events on products that the catalogue does not have. */
export function dropUnknownProducts(
  events: EventTable,
  mask: number,
  isKnown: (item: number) => boolean,
): Dropped {
  const counts = new Map<number, number>();
  let dropped = 0;
  for (let row = 0; row < events.length; row++) {
    if (!isKept(events, row, mask)) continue;
    const item = events.item.get(row);
    if (isKnown(item)) continue;
    drop(events, row);
    dropped += 1;
    counts.set(item, (counts.get(item) ?? 0) + 1);
  }
  return { events: dropped, examples: topCounts(counts, (item) => events.items.text(item)) };
}

/**
 * Looks (view, click, dwell) that no person made: those in any minute that holds more than `MAX_VIEWS_PER_MINUTE`, and all
 * of a user who has more than `MAX_BARE_VIEWS` and nothing else. Ratings and orders are never bursts: people rate from
 * lists, and one order has many lines at the same moment.
 */
export function dropBots(events: EventTable, { row, start }: UserOrder, mask: number): Dropped {
  const counts = new Map<number, number>();
  let dropped = 0;
  for (let user = 0; user + 1 < start.length; user++) {
    const looks: number[] = [];
    let others = 0;
    for (let at = start[user] ?? 0; at < (start[user + 1] ?? 0); at++) {
      const event = row[at] ?? 0;
      if (!isKept(events, event, mask)) continue;
      const kind = EVENT_KINDS[events.kind.get(event)];
      if (kind !== undefined && LOOKS.has(kind)) looks.push(event);
      else others += 1;
    }
    const isMachine = others === 0 && looks.length > MAX_BARE_VIEWS;
    const gone = isMachine ? looks : bursts(events, looks);
    for (const event of gone) drop(events, event);
    dropped += gone.length;
    if (gone.length > 0) counts.set(user, gone.length);
  }
  return { events: dropped, examples: topCounts(counts, (user) => events.users.text(user)) };
}

/** Of looks in the order of time, those in minutes that hold too many. */
function bursts(events: EventTable, looks: readonly number[]): number[] {
  const gone: number[] = [];
  let first = 0;
  let taken = 0;
  for (let at = 0; at < looks.length; at++) {
    const now = events.seconds.get(looks[at] ?? 0);
    if (now === 0) continue;
    while (now - events.seconds.get(looks[first] ?? 0) >= 60) first += 1;
    if (at - first + 1 <= MAX_VIEWS_PER_MINUTE) continue;
    for (let inside = Math.max(first, taken); inside <= at; inside++) gone.push(looks[inside] ?? 0);
    taken = at + 1;
  }
  return gone;
}

/**
 * Repeated events: of ratings (with or without words), likes and hides of a pair all but the last; of orders and looks
 * those that are the same to the second, of orders in order and quantity too.
 */
export function dropDuplicates(events: EventTable, { row, start }: UserOrder, mask: number): Dropped {
  const counts = new Map<number, number>();
  const last = new Map<number, Uint32Array>();
  let dropped = 0;
  const isRepeated = (kind: number, item: number, user: number): boolean => {
    // a review is a rating with words
    const group = kind === KIND_CODES.review ? KIND_CODES.rate : kind;
    const seen = last.get(group) ?? new Uint32Array(events.items.size);
    last.set(group, seen);
    if (seen[item] === user + 1) return true;
    seen[item] = user + 1;
    return false;
  };
  for (let user = 0; user + 1 < start.length; user++) {
    let moment = -1;
    let atMoment = new Set<string>();
    for (let at = (start[user + 1] ?? 0) - 1; at >= (start[user] ?? 0); at--) {
      const event = row[at] ?? 0;
      if (!isKept(events, event, mask)) continue;
      const mark = events.mark.get(event);
      if (mark === NEVER_DUPLICATE) continue;
      const item = events.item.get(event);
      const kind = events.kind.get(event);
      let repeated = false;
      if (mark === LAST_COUNTS) repeated = isRepeated(kind, item, user);
      else {
        const seconds = events.seconds.get(event);
        if (seconds !== moment) [moment, atMoment] = [seconds, new Set()];
        const key = `${item} ${kind} ${mark}`;
        repeated = atMoment.has(key);
        atMoment.add(key);
      }
      if (!repeated) continue;
      drop(events, event);
      dropped += 1;
      counts.set(item, (counts.get(item) ?? 0) + 1);
    }
  }
  return { events: dropped, examples: topCounts(counts, (item) => events.items.text(item)) };
}

/** The k-core: events of users and items that have fewer than `least`, again and again until none is left. */
export function dropRare(events: EventTable, mask: number, least: number): Dropped {
  let dropped = 0;
  let rounds = 0;
  for (let before = -1; before !== dropped; rounds++) {
    before = dropped;
    const perUser = new Uint32Array(events.users.size);
    const perItem = new Uint32Array(events.items.size);
    for (let row = 0; row < events.length; row++) {
      if (!isKept(events, row, mask)) continue;
      const [user, item] = [events.user.get(row), events.item.get(row)];
      perUser[user] = (perUser[user] ?? 0) + 1;
      perItem[item] = (perItem[item] ?? 0) + 1;
    }
    for (let row = 0; row < events.length; row++) {
      if (!isKept(events, row, mask)) continue;
      const [user, item] = [perUser[events.user.get(row)] ?? 0, perItem[events.item.get(row)] ?? 0];
      if (user >= least && item >= least) continue;
      drop(events, row);
      dropped += 1;
    }
  }
  return { events: dropped, examples: dropped === 0 ? [] : [`${least}-core, ${rounds - 1} rounds`] };
}

/** Names with the highest counts, as `NAME: COUNT`. */
function topCounts(counts: ReadonlyMap<number, number>, name: (number: number) => string): string[] {
  return [...counts]
    .sort(([a, inA], [b, inB]) => inB - inA || a - b)
    .slice(0, MAX_EXAMPLES)
    .map(([number, count]) => `${name(number)}: ${count}`);
}
