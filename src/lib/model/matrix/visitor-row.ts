import { AppError } from '../../errors.ts';
import type { ItemIndex } from '../../types.ts';
import { PairStrength } from './pair-strength.ts';
import type { StrengthInput } from './strength.ts';

/** What the visitor's own events say, one entry an item (`matrix/strength`). */
export interface VisitorRow {
  /** Item positions, ascending, no duplicates. */
  readonly item: Int32Array<ArrayBuffer>;
  /** Signed strengths, never 0: negative means dislike. */
  readonly strength: Float32Array<ArrayBuffer>;
}

/** A visitor's event as the aggregation needs it. */
export interface ItemEvent extends StrengthInput {
  readonly id: string;
  readonly item: ItemIndex;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}

/** Everything the visitor's events say about one item. */
export interface ItemProfile<Event extends ItemEvent> {
  readonly item: ItemIndex;
  /** Sum of the shares' strengths; 0 where they cancel out. */
  readonly strength: number;
  /**
   * One entry an event, oldest first. An event beyond MAX_EVENTS_PER_KIND of its kind has strength 0. An event's
   * part of the item's contribution is `strength / item strength`: parts sum to 1.
   */
  readonly shares: readonly { readonly event: Event; readonly strength: number }[];
}

/**
 * Groups events by item, items ascending. Does not depend on the order of `events`: older events count first
 * (`at`, then `id`). Throws `input-invalid` for an item position that is no whole number of at least 0, and for
 * a negative or non-finite `seconds`.
 */
export function visitorProfile<Event extends ItemEvent>(
  events: readonly Event[],
): readonly ItemProfile<Event>[] {
  const byItem = new Map<ItemIndex, Event[]>();
  for (const event of events.toSorted(byAge)) {
    const ofItem = byItem.get(event.item);
    if (ofItem === undefined) byItem.set(event.item, [event]);
    else ofItem.push(event);
  }
  return [...byItem]
    .toSorted(([first], [second]) => first - second)
    .map(([item, ofItem]) => profileOf(item, ofItem));
}

/** The visitor's row of the user–item matrix: one entry an item whose strength is not 0. Throws as visitorProfile. */
export function visitorRow(events: readonly ItemEvent[]): VisitorRow {
  const said = visitorProfile(events).filter(({ strength }) => Math.fround(strength) !== 0);
  return {
    item: Int32Array.from(said, ({ item }) => item),
    strength: Float32Array.from(said, ({ strength }) => strength),
  };
}

function byAge(first: ItemEvent, second: ItemEvent): number {
  if (first.at !== second.at) return first.at - second.at;
  return first.id < second.id ? -1 : Number(first.id > second.id);
}

function profileOf<Event extends ItemEvent>(item: ItemIndex, events: readonly Event[]): ItemProfile<Event> {
  if (!Number.isInteger(item) || item < 0) {
    throw new AppError('input-invalid', 'An event names an item position that cannot be.', {
      values: { item },
    });
  }
  const pair = new PairStrength();
  const shares = events.map((event) => {
    if (!Number.isFinite(event.seconds) || event.seconds < 0) {
      throw new AppError('input-invalid', 'An event has a duration that cannot be.', {
        values: { event: event.id, seconds: event.seconds },
      });
    }
    return { event, strength: pair.add(event) };
  });
  return { item, strength: pair.total, shares };
}
