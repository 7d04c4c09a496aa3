import { type ProfileEvent, visitorProfile } from '../../lib/model/index.ts';
import type { EventKind, Item, ItemId, VisitorEvent } from '../../lib/types.ts';

/** One event of the visitor and what it counts for in the model. */
export interface CountedEvent {
  readonly event: VisitorEvent;
  /** Signed strength; 0 beyond the limit of its kind, and for a product that is not in the shop. */
  readonly strength: number;
}

/** Everything that is known about the visitor and one product. */
export interface HistoryGroup {
  readonly itemId: ItemId;
  /** Null for a product that the shop no longer has. */
  readonly item: Item | null;
  /** Newest first. */
  readonly events: readonly CountedEvent[];
  /** Sum of the events' strengths. */
  readonly strength: number;
  /** Time of the newest event, milliseconds since the Unix epoch. */
  readonly latest: number;
}

/** Groups the visitor's events by product, the product touched last first. `profile` has those on known items. */
export function historyGroups(
  events: readonly VisitorEvent[],
  profile: readonly ProfileEvent[],
  find: (id: ItemId) => Item | null,
): readonly HistoryGroup[] {
  const strengths = new Map(
    visitorProfile(profile).flatMap(({ shares }) =>
      shares.map(({ event, strength }) => [event.id, strength] as const),
    ),
  );
  return [...groupBy(events, (event) => event.itemId)]
    .map(([itemId, ofItem]) => {
      const counted = ofItem
        .map((event) => ({ event, strength: strengths.get(event.id) ?? 0 }))
        .toSorted((left, right) => right.event.at - left.event.at);
      return {
        itemId,
        item: find(itemId),
        events: counted,
        strength: counted.reduce((sum, { strength }) => sum + strength, 0),
        latest: counted[0]?.event.at ?? 0,
      };
    })
    .toSorted((left, right) => right.latest - left.latest);
}

/** The groups with only the events of one kind; groups without any are left out. Null keeps everything. */
export function ofKind(groups: readonly HistoryGroup[], kind: EventKind | null): readonly HistoryGroup[] {
  if (kind === null) return groups;
  return groups
    .map((group) => ({ ...group, events: group.events.filter(({ event }) => event.kind === kind) }))
    .filter((group) => group.events.length > 0);
}

/** How the visitor stands towards categories, by the summed strengths of their products. */
export interface Taste {
  /** Category keys with more yes than no, strongest first. */
  readonly likes: readonly string[];
  /** Category keys with more no than yes, strongest first. */
  readonly dislikes: readonly string[];
  /** Products that speak loudest either way, strongest first; none of strength 0. */
  readonly strongest: readonly HistoryGroup[];
}

/** A category says something once it carries this much: less than one like, more than a few looks. */
const SAYS_SOMETHING = 1;

/** The visitor's taste in few words. At most `categories` each way and `products` products. */
export function tasteOf(
  groups: readonly HistoryGroup[],
  { categories, products }: { readonly categories: number; readonly products: number },
): Taste {
  const sums = new Map<string, number>();
  for (const { item, strength } of groups) {
    if (item !== null) sums.set(item.category, (sums.get(item.category) ?? 0) + strength);
  }
  const byStrength = [...sums].toSorted(([, left], [, right]) => right - left);
  return {
    likes: byStrength
      .filter(([, sum]) => sum >= SAYS_SOMETHING)
      .slice(0, categories)
      .map(([key]) => key),
    dislikes: byStrength
      .filter(([, sum]) => sum <= -SAYS_SOMETHING)
      .toReversed()
      .slice(0, categories)
      .map(([key]) => key),
    strongest: groups
      .filter(({ item, strength }) => item !== null && strength !== 0)
      .toSorted((left, right) => Math.abs(right.strength) - Math.abs(left.strength))
      .slice(0, products),
  };
}

/** How many of some products fall into each category, largest first. */
export function categoryShares(
  items: readonly Item[],
): readonly { readonly category: string; readonly count: number }[] {
  return [...groupBy(items, (item) => item.category)]
    .map(([category, members]) => ({ category, count: members.length }))
    .toSorted((left, right) => right.count - left.count);
}

/** Map.groupBy, which browsers of before 2024 lack. */
function groupBy<Value, Key>(values: readonly Value[], keyOf: (value: Value) => Key): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}
