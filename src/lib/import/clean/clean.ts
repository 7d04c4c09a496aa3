import { FLAGS, KIND_CODES, type EventTable, type Flag } from '../events/event-table.ts';
import type { EventSink } from '../events/sink.ts';
import type { CleaningStep, CleaningStepName, DataCounts, RatingScale } from '../types.ts';
import { orderByUser, type UserOrder } from './order.ts';
import { scaleOf } from './scale.ts';
import { dropBots, dropDuplicates, dropRare, dropUnknownProducts, type Dropped } from './steps.ts';

/** Steps whose events were flagged while reading, in their order. */
const FLAGGED: readonly (readonly [CleaningStepName, Flag])[] = [
  ['missing-user', 'missingUser'],
  ['missing-item', 'missingItem'],
  ['cancelled', 'cancelled'],
  ['returned', 'returned'],
  ['impossible', 'impossible'],
  ['test-orders', 'testOrder'],
  ['non-products', 'nonProduct'],
];
/** Every flag leaves an event out once all steps are done. */
export const ALL_FLAGS = 255;

const ORDER_STEPS: ReadonlySet<CleaningStepName> = new Set<CleaningStepName>([
  'cancelled',
  'returned',
  'impossible',
  'test-orders',
  'non-products',
]);

export interface CleanOptions {
  /** Null where there is no catalogue; then every product that has an event counts. */
  readonly isKnown: ((item: number) => boolean) | null;
  readonly scale: RatingScale | null;
  readonly minEvents: number;
}

export interface Cleaned {
  readonly read: DataCounts;
  readonly steps: readonly CleaningStep[];
  readonly counts: DataCounts;
  /** Of the ratings; null where there are none. */
  readonly scale: RatingScale | null;
  readonly order: UserOrder;
}

/** Runs the steps of cleaning over what was read; an event that is left out keeps a flag. */
export function clean(sink: EventSink, options: CleanOptions): Cleaned {
  const { events } = sink;
  const order = orderByUser(events);
  const read = countKept(events, order, 0);
  const steps: CleaningStep[] = [];
  let mask = 0;
  let after = read;
  const note = (step: CleaningStepName, { events: count, examples }: Dropped, changes = false): void => {
    if (count > 0 && !changes) after = countKept(events, order, mask);
    steps.push({ step, events: count, examples, after });
  };
  const [flags, kinds] = [histogram(events.flags), histogram(events.kind)];
  const has = (...wanted: readonly (keyof typeof KIND_CODES)[]): boolean =>
    wanted.some((kind) => (kinds[KIND_CODES[kind]] ?? 0) > 0);
  const hasOrders = has('order', 'basket');
  for (const [step, flag] of FLAGGED) {
    const count = countFlagged(flags, mask, FLAGS[flag]);
    mask |= FLAGS[flag];
    const applies = ORDER_STEPS.has(step) ? hasOrders : events.length > 0;
    if (count > 0 || applies) note(step, { events: count, examples: sink.examples(flag) });
  }
  mask = ALL_FLAGS;
  if (options.isKnown !== null) note('not-in-catalogue', dropUnknownProducts(events, mask, options.isKnown));
  if (has('view', 'click', 'dwell')) {
    note('bots', dropBots(events, order, mask));
  }
  note('duplicates', dropDuplicates(events, order, mask));
  events.mark.clear();
  if (options.minEvents > 1) note('min-events', dropRare(events, mask, options.minEvents));
  const scale = options.scale ?? (sink.ratingRange === null ? null : scaleOf(sink.ratingRange));
  if (scale !== null && (scale.min !== 1 || scale.max !== 5)) {
    const rated = countRated(events, mask) + sink.anonymousItem.length;
    note('scale', { events: rated, examples: [`${scale.min}–${scale.max} → 1–5`] }, true);
  }
  note('time-order', { events: countUnordered(events, mask), examples: [] }, true);
  return { read, steps, counts: after, scale, order };
}

/** Sizes of what is left: distinct pairs by a stamp of the last user on each item, as events lie by user. */
function countKept(events: EventTable, { row, start }: UserOrder, mask: number): DataCounts {
  const stamp = new Uint32Array(events.items.size);
  // rows that name nobody, or nothing, are no user and no item
  const [nobody, nothing] = [events.users.find(''), events.items.find('')];
  const counts = { events: 0, users: 0, items: 0, pairs: 0 };
  for (let user = 0; user + 1 < start.length; user++) {
    const before = counts.events;
    for (let at = start[user] ?? 0; at < (start[user + 1] ?? 0); at++) {
      const event = row[at] ?? 0;
      if ((events.flags.get(event) & mask) !== 0) continue;
      const item = events.item.get(event);
      counts.events += 1;
      if (item === nothing) continue;
      if (stamp[item] === 0) counts.items += 1;
      if (stamp[item] !== user + 1 && user !== nobody) counts.pairs += 1;
      stamp[item] = user + 1;
    }
    if (counts.events > before && user !== nobody) counts.users += 1;
  }
  return counts;
}

/** How many events have each combination of flags, and each kind. */
function histogram(column: EventTable['flags']): Uint32Array {
  const counts = new Uint32Array(256);
  for (let row = 0; row < column.length; row++) {
    const value = column.get(row);
    counts[value] = (counts[value] ?? 0) + 1;
  }
  return counts;
}

/** Events with `flag` and none of `mask`. */
function countFlagged(flags: Uint32Array, mask: number, flag: number): number {
  return flags.reduce(
    (sum, count, value) => ((value & mask) === 0 && (value & flag) !== 0 ? sum + count : sum),
    0,
  );
}

function countRated(events: EventTable, mask: number): number {
  let count = 0;
  for (let row = 0; row < events.length; row++) {
    const kind = events.kind.get(row);
    const isRated = kind === KIND_CODES.rate || kind === KIND_CODES.review;
    if (isRated && (events.flags.get(row) & mask) === 0) count += 1;
  }
  return count;
}

/** Events that stood before an earlier one of their user. */
function countUnordered(events: EventTable, mask: number): number {
  const latest = new Uint32Array(events.users.size);
  let count = 0;
  for (let row = 0; row < events.length; row++) {
    if ((events.flags.get(row) & mask) !== 0) continue;
    const [user, seconds] = [events.user.get(row), events.seconds.get(row)];
    if (seconds < (latest[user] ?? 0)) count += 1;
    else latest[user] = seconds;
  }
  return count;
}
