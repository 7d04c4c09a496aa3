import type { PackContent } from '../../lib/pack/write.ts';
import { EVENT_KINDS, type InteractionColumns } from '../../lib/types.ts';
import { shuffledRows } from '../../lib/import/index.ts';
import { itemStatistics } from '../../lib/model/index.ts';

/** What the gate lets through. */
export interface GateOptions {
  /** Shoppers with fewer events are left out. */
  readonly minEvents: number;
  /** Events on items that fewer shoppers touched are left out; the items stay in the catalogue, without statistics. */
  readonly kAnonymity: number;
  /** Days are rounded down to multiples of so many. */
  readonly coarsenDays: number;
  /** Whether what shoppers wrote comes along. */
  readonly allowReviews: boolean;
  /** Of the order that shoppers are put in. Whoever knows it and all shoppers can undo the shuffle. */
  readonly seed: number;
}

/** What the gate removed, and in what order of reasons. */
export interface GateReport {
  readonly shoppers: { readonly before: number; readonly after: number };
  readonly events: { readonly before: number; readonly after: number };
  /** Items whose events were left out because too few shoppers touched them. */
  readonly rareItems: number;
  readonly reviewsRemoved: number;
  readonly coarsenDays: number;
}

const RATE = EVENT_KINDS.indexOf('rate');
const REVIEW = EVENT_KINDS.indexOf('review');

/**
 * Takes from a community what tells of single people: rare items and shoppers with few events (again and again, until
 * neither is left, since either makes the other), the order of the source, exact days, and free text. Statistics of the
 * items are counted anew from what remains. What it leaves is pseudonymous, not anonymous: `singlingOut` says how far.
 */
export function privacyGate(
  content: PackContent,
  options: GateOptions,
): { readonly content: PackContent; readonly report: GateReport } {
  const { interactions } = content;
  const reviews = options.allowReviews ? content.reviews : [];
  const reviewsRemoved = content.reviews.length - reviews.length;
  if (interactions === null) {
    const nothing = { before: 0, after: 0 };
    return {
      content: { ...content, reviews },
      report: {
        shoppers: nothing,
        events: nothing,
        rareItems: 0,
        reviewsRemoved,
        coarsenDays: options.coarsenDays,
      },
    };
  }
  const kept = commonRows(interactions, options);
  const columns = shuffled(interactions, kept.rows, options);
  const statistics = itemStatistics(columns);
  return {
    content: {
      ...content,
      reviews,
      interactions: columns,
      items: content.items.map((item, index) => ({
        ...item,
        ...(statistics[index] ?? { popularity: 0, ratingCounts: [0, 0, 0, 0, 0] }),
      })),
    },
    report: {
      shoppers: { before: usersIn(interactions), after: columns.users },
      events: { before: interactions.length, after: columns.length },
      rareItems: kept.rareItems,
      reviewsRemoved,
      coarsenDays: options.coarsenDays,
    },
  };
}

/** Rows whose shopper has enough events and whose item enough shoppers, among themselves. */
function commonRows(
  { users, items, length, user, item }: InteractionColumns,
  { minEvents, kAnonymity }: GateOptions,
): { readonly rows: readonly number[]; readonly rareItems: number } {
  let rows = Array.from({ length }, (_, row) => row);
  const touchedAtFirst = new Set(item);
  for (;;) {
    const events = new Int32Array(users);
    const shoppers = new Int32Array(items);
    const pairs = new Set<number>();
    for (const row of rows) {
      const [who, what] = [user[row] ?? 0, item[row] ?? 0];
      events[who] = (events[who] ?? 0) + 1;
      const pair = who * items + what;
      if (pairs.has(pair)) continue;
      pairs.add(pair);
      shoppers[what] = (shoppers[what] ?? 0) + 1;
    }
    const common = rows.filter(
      (row) => (events[user[row] ?? 0] ?? 0) >= minEvents && (shoppers[item[row] ?? 0] ?? 0) >= kAnonymity,
    );
    if (common.length === rows.length) {
      const left = new Set(rows.map((row) => item[row]));
      return { rows, rareItems: touchedAtFirst.size - left.size };
    }
    rows = common;
  }
}

/** The rows under new numbers of shoppers in random order, days rounded down; sorted by shopper, then day. */
function shuffled(
  from: InteractionColumns,
  rows: readonly number[],
  { coarsenDays, allowReviews, seed }: GateOptions,
): InteractionColumns {
  const byUser = new Map<number, number[]>();
  for (const row of rows) {
    const own = byUser.get(from.user[row] ?? 0) ?? [];
    own.push(row);
    byUser.set(from.user[row] ?? 0, own);
  }
  const order = shuffledRows([...byUser.keys()], seed);
  const sorted = order.flatMap((user) => byUser.get(user) ?? []);
  const number = new Map(order.map((user, position) => [user, position]));
  return {
    users: order.length,
    items: from.items,
    length: sorted.length,
    user: Int32Array.from(sorted, (row) => number.get(from.user[row] ?? 0) ?? 0),
    item: Int32Array.from(sorted, (row) => from.item[row] ?? 0),
    // without its words a review is a rating
    kind: Uint8Array.from(sorted, (row) => {
      const kind = from.kind[row] ?? 0;
      return kind === REVIEW && !allowReviews ? RATE : kind;
    }),
    stars: Uint8Array.from(sorted, (row) => from.stars[row] ?? 0),
    day: Int32Array.from(sorted, (row) => Math.floor((from.day[row] ?? 0) / coarsenDays) * coarsenDays),
  };
}

function usersIn({ user }: InteractionColumns): number {
  return new Set(user).size;
}
